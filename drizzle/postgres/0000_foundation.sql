CREATE TABLE "announcements" (
	"id" text PRIMARY KEY NOT NULL,
	"maintenance_id" text NOT NULL,
	"announced_at" bigint NOT NULL,
	"window_from" bigint NOT NULL,
	"window_to" bigint NOT NULL,
	"text_nl" text NOT NULL,
	"text_en" text NOT NULL,
	"announced_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" bigint NOT NULL,
	"last_used_at" bigint,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "check_rollups" (
	"monitor_id" text NOT NULL,
	"bucket_at" bigint NOT NULL,
	"ok" integer NOT NULL,
	"degraded" integer NOT NULL,
	"failed" integer NOT NULL,
	"inconclusive" integer NOT NULL,
	"latency_sum_ms" integer NOT NULL,
	"latency_max_ms" integer NOT NULL,
	CONSTRAINT "check_rollups_bucket_at_monitor_id_pk" PRIMARY KEY("bucket_at","monitor_id")
);
--> statement-breakpoint
CREATE TABLE "components" (
	"id" text PRIMARY KEY NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"removed_at" bigint,
	"measured_since" bigint
);
--> statement-breakpoint
CREATE TABLE "gaps" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"monitor_id" text NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"reason" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident_changes" (
	"id" text PRIMARY KEY NOT NULL,
	"incident_id" text NOT NULL,
	"component_id" text NOT NULL,
	"agreement" text,
	"severity" text,
	"cause" text,
	"effective_from" bigint NOT NULL,
	"reason" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident_components" (
	"incident_id" text NOT NULL,
	"component_id" text NOT NULL,
	CONSTRAINT "incident_components_incident_id_component_id_pk" PRIMARY KEY("incident_id","component_id")
);
--> statement-breakpoint
CREATE TABLE "incident_updates" (
	"id" text PRIMARY KEY NOT NULL,
	"incident_id" text NOT NULL,
	"status" text NOT NULL,
	"body_nl" text NOT NULL,
	"body_en" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	"recorded_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" text PRIMARY KEY NOT NULL,
	"title_nl" text NOT NULL,
	"title_en" text NOT NULL,
	"status" text NOT NULL,
	"impact" text NOT NULL,
	"started_at" bigint NOT NULL,
	"noticed_at" bigint NOT NULL,
	"resolved_at" bigint,
	"created_by" text NOT NULL,
	"open_for_component" text,
	"updated_at" bigint NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "maintenance_components" (
	"maintenance_id" text NOT NULL,
	"component_id" text NOT NULL,
	CONSTRAINT "maintenance_components_maintenance_id_component_id_pk" PRIMARY KEY("maintenance_id","component_id")
);
--> statement-breakpoint
CREATE TABLE "maintenances" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title_nl" text NOT NULL,
	"title_en" text NOT NULL,
	"reason" text,
	"window_from" bigint NOT NULL,
	"window_to" bigint NOT NULL,
	"cancelled_at" bigint,
	"work_started_at" bigint,
	"work_ended_at" bigint,
	"created_at" bigint NOT NULL,
	"created_by" text NOT NULL,
	"updated_at" bigint NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "monitors" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"state" text NOT NULL,
	"pending_state" text,
	"pending_since" bigint,
	"pending_count" integer NOT NULL,
	"last_result_at" bigint,
	"last_evidence" jsonb,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" text PRIMARY KEY NOT NULL,
	"subject_id" text NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" text PRIMARY KEY NOT NULL,
	"component_id" text NOT NULL,
	"monitor_id" text,
	"incident_id" text NOT NULL,
	"state" text NOT NULL,
	"started_at" bigint NOT NULL,
	"ended_at" bigint,
	"noticed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"dedupe_key" text NOT NULL,
	"channel" text NOT NULL,
	"notification_id" text NOT NULL,
	"subscriber_id" text NOT NULL,
	"lane" text NOT NULL,
	"state" text NOT NULL,
	"available_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"leased_by" text,
	"lease_until" bigint,
	"attempts" integer NOT NULL,
	"reason" text,
	"receipt" text,
	"created_at" bigint NOT NULL,
	"settled_at" bigint,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscribers" (
	"id" text PRIMARY KEY NOT NULL,
	"channel" text NOT NULL,
	"address" text NOT NULL,
	"address_key" text NOT NULL,
	"language" text NOT NULL,
	"state" text NOT NULL,
	"component_ids" jsonb,
	"challenge_nonce" text,
	"challenge_expires_at" bigint,
	"challenge_tries" integer NOT NULL,
	"challenge_sent_at" bigint,
	"created_at" bigint NOT NULL,
	"confirmed_at" bigint,
	"unsubscribed_at" bigint,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "transitions" (
	"id" text PRIMARY KEY NOT NULL,
	"monitor_id" text NOT NULL,
	"component_id" text NOT NULL,
	"from_state" text NOT NULL,
	"to_state" text NOT NULL,
	"at" bigint NOT NULL,
	"noticed_at" bigint NOT NULL,
	"cause" text,
	"evidence" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" text PRIMARY KEY NOT NULL,
	"started_at" bigint NOT NULL,
	"beat_at" bigint NOT NULL,
	"stopped_at" bigint
);
--> statement-breakpoint
ALTER TABLE "announcements" ADD CONSTRAINT "announcements_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_changes" ADD CONSTRAINT "incident_changes_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_components" ADD CONSTRAINT "incident_components_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_components" ADD CONSTRAINT "incident_components_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_updates" ADD CONSTRAINT "incident_updates_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_components" ADD CONSTRAINT "maintenance_components_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "monitors" ADD CONSTRAINT "monitors_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outages" ADD CONSTRAINT "outages_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_subscriber_id_subscribers_id_fk" FOREIGN KEY ("subscriber_id") REFERENCES "public"."subscribers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "announcements_maintenance" ON "announcements" USING btree ("maintenance_id","announced_at");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash" ON "api_tokens" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "gaps_one_open_for_monitor" ON "gaps" USING btree ("monitor_id") WHERE "gaps"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "gaps_component" ON "gaps" USING btree ("component_id","started_at");--> statement-breakpoint
CREATE INDEX "incident_changes_incident" ON "incident_changes" USING btree ("incident_id","effective_from");--> statement-breakpoint
CREATE INDEX "incident_updates_incident" ON "incident_updates" USING btree ("incident_id","recorded_at");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_one_open_for_component" ON "incidents" USING btree ("open_for_component") WHERE "incidents"."open_for_component" is not null;--> statement-breakpoint
CREATE INDEX "incidents_started" ON "incidents" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "maintenances_window" ON "maintenances" USING btree ("window_from");--> statement-breakpoint
CREATE INDEX "notifications_subject" ON "notifications" USING btree ("subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "outages_one_open_for_monitor" ON "outages" USING btree ("monitor_id") WHERE "outages"."ended_at" is null and "outages"."monitor_id" is not null;--> statement-breakpoint
CREATE INDEX "outages_component" ON "outages" USING btree ("component_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_dedupe" ON "outbox" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("available_at") WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "outbox_lane" ON "outbox" USING btree ("lane","id") WHERE "outbox"."settled_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "subscribers_address" ON "subscribers" USING btree ("channel","address_key");--> statement-breakpoint
CREATE INDEX "subscribers_state" ON "subscribers" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "transitions_once" ON "transitions" USING btree ("monitor_id","at","to_state");--> statement-breakpoint
CREATE INDEX "transitions_component" ON "transitions" USING btree ("component_id","at");