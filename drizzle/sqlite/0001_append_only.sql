create trigger transitions_no_update before update on transitions begin select raise(abort, 'transitions is append-only'); end;
--> statement-breakpoint
create trigger transitions_no_delete before delete on transitions begin select raise(abort, 'transitions is append-only'); end;
--> statement-breakpoint
create trigger incident_updates_no_update before update on incident_updates begin select raise(abort, 'incident_updates is append-only'); end;
--> statement-breakpoint
create trigger incident_updates_no_delete before delete on incident_updates begin select raise(abort, 'incident_updates is append-only'); end;
--> statement-breakpoint
create trigger incident_changes_no_update before update on incident_changes begin select raise(abort, 'incident_changes is append-only'); end;
--> statement-breakpoint
create trigger incident_changes_no_delete before delete on incident_changes begin select raise(abort, 'incident_changes is append-only'); end;
--> statement-breakpoint
create trigger announcements_no_update before update on announcements begin select raise(abort, 'announcements is append-only'); end;
--> statement-breakpoint
create trigger announcements_no_delete before delete on announcements begin select raise(abort, 'announcements is append-only'); end;
