import type { PersonOnCall } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { turnAt, type Turn } from '@upheld/domain/desk/roster.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Context } from '../context.ts';
import { readRosters } from './rosters.ts';

/** Somebody's turn, with what people call them. */
export interface TurnView {
  person: { id: string; name: string };
  from: Instant;
  until: Instant;
  /** Whether they are in the place of whoever would have it. */
  isOverride: boolean;
}

/** Who is on call by one roster. */
export interface OnCallView {
  /** The roster in the configuration. */
  id: string;
  zone: string;
  now: TurnView;
  next: TurnView;
}

/** Who is on call now by each roster, in their order in the configuration, and who is next. */
export function readOnCall(ctx: Context): Promise<OnCallView[]> {
  return onCallAt(ctx.db.read, ctx, ctx.clock.now());
}

/** The same, in a transaction. */
export async function onCallAt(
  h: Handle,
  ctx: Pick<Context, 'config'>,
  at: Instant,
): Promise<OnCallView[]> {
  const config = ctx.config();
  const rosters = await readRosters(h, config, at);
  const view = named(config.onCall?.people ?? []);
  return [...rosters].map(([id, roster]) => {
    const now = turnAt(roster, at);
    return { id, zone: roster.zone, now: view(now), next: view(turnAt(roster, now.until)) };
  });
}

const named =
  (people: readonly Pick<PersonOnCall, 'id' | 'name'>[]) =>
  ({ person: id, ...turn }: Turn): TurnView => ({
    person: { id, name: people.find((one) => one.id === id)?.name ?? id },
    ...turn,
  });
