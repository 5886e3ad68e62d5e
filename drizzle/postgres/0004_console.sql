CREATE TABLE "alerts" (
	"id" text PRIMARY KEY NOT NULL,
	"dedupe_key" text NOT NULL,
	"subject_id" text NOT NULL,
	"title_nl" text NOT NULL,
	"title_en" text NOT NULL,
	"raised_at" bigint NOT NULL,
	"step" integer NOT NULL,
	"next_step_at" bigint,
	"acknowledged_at" bigint,
	"acknowledged_by" text,
	"closed_at" bigint,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"seq" integer PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"actor" text NOT NULL,
	"via" text NOT NULL,
	"address" text,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "corrections" (
	"id" text PRIMARY KEY NOT NULL,
	"outage_id" text NOT NULL,
	"kind" text NOT NULL,
	"cause" text,
	"agreement" text,
	"severity" text,
	"maintenance_id" text,
	"reason" text NOT NULL,
	"evidence" text NOT NULL,
	"withdraws" text,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "duties_done" (
	"key" text PRIMARY KEY NOT NULL,
	"done_at" bigint NOT NULL,
	"evidence" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"token_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer,
	"body" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "idempotency_token_id_key_pk" PRIMARY KEY("token_id","key")
);
--> statement-breakpoint
CREATE TABLE "maintenance_series" (
	"id" text PRIMARY KEY NOT NULL,
	"component_ids" jsonb NOT NULL,
	"title_nl" text NOT NULL,
	"title_en" text NOT NULL,
	"text_nl" text NOT NULL,
	"text_en" text NOT NULL,
	"rrule" text NOT NULL,
	"zone" text NOT NULL,
	"local_start" text NOT NULL,
	"duration_seconds" integer NOT NULL,
	"announce_seconds" integer NOT NULL,
	"created_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"ended_at" bigint,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "postmortems" (
	"id" text PRIMARY KEY NOT NULL,
	"incident_id" text NOT NULL,
	"body_nl" text NOT NULL,
	"body_en" text NOT NULL,
	"published" boolean NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"title_nl" text NOT NULL,
	"title_en" text NOT NULL,
	"body_nl" text NOT NULL,
	"body_en" text NOT NULL,
	"status" text,
	"updated_at" bigint NOT NULL,
	"updated_by" text NOT NULL,
	"removed_at" bigint,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_events" (
	"id" text PRIMARY KEY NOT NULL,
	"ticket_id" text NOT NULL,
	"kind" text NOT NULL,
	"at" bigint NOT NULL,
	"type" text,
	"severity" text,
	"text" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" text PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"component_id" text NOT NULL,
	"type" text NOT NULL,
	"severity" text,
	"title" text NOT NULL,
	"reporter" text NOT NULL,
	"reporter_address" text,
	"language" text NOT NULL,
	"source" text NOT NULL,
	"incident_id" text,
	"reported_at" bigint NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL,
	"responded_at" bigint,
	"recovered_at" bigint,
	"closed_at" bigint,
	"paused_at" bigint,
	"message_id" text,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "scopes" jsonb;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "expires_at" bigint;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "incident_changes" ADD COLUMN "evidence" text;--> statement-breakpoint
ALTER TABLE "incident_changes" ADD COLUMN "nature" text;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "acknowledged_at" bigint;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "acknowledged_by" text;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "merged_into_id" text;--> statement-breakpoint
ALTER TABLE "maintenances" ADD COLUMN "series_id" text;--> statement-breakpoint
ALTER TABLE "maintenances" ADD COLUMN "occurrence_at" bigint;--> statement-breakpoint
ALTER TABLE "subscribers" ADD COLUMN "reminders" jsonb;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "postmortems" ADD CONSTRAINT "postmortems_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_events" ADD CONSTRAINT "ticket_events_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_dedupe" ON "alerts" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "alerts_next" ON "alerts" USING btree ("next_step_at");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","seq");--> statement-breakpoint
CREATE INDEX "corrections_outage" ON "corrections" USING btree ("outage_id","recorded_at");--> statement-breakpoint
CREATE INDEX "idempotency_age" ON "idempotency" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "postmortems_incident" ON "postmortems" USING btree ("incident_id","recorded_at");--> statement-breakpoint
CREATE INDEX "ticket_events_ticket" ON "ticket_events" USING btree ("ticket_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_number" ON "tickets" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_message" ON "tickets" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "tickets_component" ON "tickets" USING btree ("component_id","reported_at");--> statement-breakpoint
CREATE UNIQUE INDEX "maintenances_occurrence" ON "maintenances" USING btree ("series_id","occurrence_at");