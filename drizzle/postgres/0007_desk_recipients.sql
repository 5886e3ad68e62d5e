ALTER TABLE "outbox" ALTER COLUMN "subscriber_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "escalation" text;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "recipient" jsonb;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD COLUMN "message_id" text;--> statement-breakpoint
CREATE UNIQUE INDEX "ticket_events_message" ON "ticket_events" USING btree ("message_id");