import type { Handle } from '@upheld/db/database.ts';

/** A subscription as it is recorded. */
export type SubscriberRow = Handle['t']['subscribers']['$inferSelect'];
