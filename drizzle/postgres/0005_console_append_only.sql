create trigger audit_log_append_only before update or delete on audit_log for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger ticket_events_append_only before update or delete on ticket_events for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger postmortems_append_only before update or delete on postmortems for each row execute function upheld_append_only();
--> statement-breakpoint
create trigger corrections_append_only before update or delete on corrections for each row execute function upheld_append_only();
