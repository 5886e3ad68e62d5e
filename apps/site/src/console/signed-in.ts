import { permissionsOf } from '@upheld/domain/access/permissions.ts';
import type { SignedIn } from '@upheld/services/account/desk.ts';
import type { Actor } from '@upheld/services/context.ts';

export type { SignedIn } from '@upheld/services/account/desk.ts';

/** In whose name a page of the console does something. */
export function actorOf(person: SignedIn, address: string): Actor {
  return {
    name: person.name,
    id: person.id,
    via: 'console',
    address,
    permissions: permissionsOf(person.role),
    provenAt: person.provenAt,
  };
}

/** Who acts where nobody has signed in yet: may nothing, and is known by the address alone. */
export function visitorAt(address: string): Actor {
  return { name: 'visitor', via: 'console', address, permissions: [] };
}
