create trigger audit_log_no_update before update on audit_log begin select raise(abort, 'audit_log is append-only'); end;
--> statement-breakpoint
create trigger audit_log_no_delete before delete on audit_log begin select raise(abort, 'audit_log is append-only'); end;
--> statement-breakpoint
create trigger ticket_events_no_update before update on ticket_events begin select raise(abort, 'ticket_events is append-only'); end;
--> statement-breakpoint
create trigger ticket_events_no_delete before delete on ticket_events begin select raise(abort, 'ticket_events is append-only'); end;
--> statement-breakpoint
create trigger postmortems_no_update before update on postmortems begin select raise(abort, 'postmortems is append-only'); end;
--> statement-breakpoint
create trigger postmortems_no_delete before delete on postmortems begin select raise(abort, 'postmortems is append-only'); end;
--> statement-breakpoint
create trigger corrections_no_update before update on corrections begin select raise(abort, 'corrections is append-only'); end;
--> statement-breakpoint
create trigger corrections_no_delete before delete on corrections begin select raise(abort, 'corrections is append-only'); end;
