import { permissionsOf, type Role } from '@upheld/domain/access/permissions.ts';
import type { Actor } from '@upheld/services/context.ts';

/** Whoever has signed in to the console, with a second factor. */
export interface SignedIn {
  id: string;
  name: string;
  email: string;
  role: Role;
  sessionId: string;
}

/** In whose name a page of the console does something. */
export function actorOf(person: SignedIn, address: string): Actor {
  return {
    name: person.name,
    id: person.id,
    via: 'console',
    address,
    permissions: permissionsOf(person.role),
  };
}
