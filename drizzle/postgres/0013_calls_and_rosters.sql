CREATE TABLE "calls" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"channel" text NOT NULL,
	"number" integer NOT NULL,
	"made_at" bigint NOT NULL,
	"is_last" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "roster_overrides" (
	"id" text PRIMARY KEY NOT NULL,
	"roster_id" text NOT NULL,
	"person_id" text NOT NULL,
	"starts_at" bigint NOT NULL,
	"ends_at" bigint NOT NULL,
	"made_at" bigint NOT NULL,
	"made_by" text NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_id_outbox_id_fk" FOREIGN KEY ("id") REFERENCES "public"."outbox"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "calls_number" ON "calls" USING btree ("person_id","channel","number");--> statement-breakpoint
CREATE INDEX "roster_overrides_end" ON "roster_overrides" USING btree ("ends_at");