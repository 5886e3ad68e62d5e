create function upheld_append_only() returns trigger language plpgsql as $$ begin raise exception '% is append-only', tg_table_name; end $$;
--> statement-breakpoint
create trigger transitions_append_only before update or delete on transitions for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger incident_updates_append_only before update or delete on incident_updates for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger incident_changes_append_only before update or delete on incident_changes for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger announcements_append_only before update or delete on announcements for each row execute function upheld_append_only();
