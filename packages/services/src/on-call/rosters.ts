import { rosterOf } from '@upheld/config/rosters.ts';
import type { Config } from '@upheld/config/schema.ts';
import type { Handle } from '@upheld/db/database.ts';
import { asc, gt } from '@upheld/db/query.ts';
import type { Roster } from '@upheld/domain/desk/roster.ts';
import type { Instant } from '@upheld/domain/ports.ts';

/** The rosters by their ids, as they can be asked for any moment from `since` on. */
export type Rosters = ReadonlyMap<string, Roster>;

/**
 * The rosters of the configuration with those who took over since, the last of whom leads. Who is not in
 * the configuration any more is nobody that could be called: then it is whoever has the turn.
 */
export async function readRosters(
  { q, t }: Handle,
  config: Config,
  since: Instant,
): Promise<Rosters> {
  const { rosters = [], people = [] } = config.onCall ?? {};
  if (rosters.length === 0) return new Map();
  const known = new Set(people.map(({ id }) => id));
  const rows = await q
    .select()
    .from(t.rosterOverrides)
    .where(gt(t.rosterOverrides.endsAt, since))
    .orderBy(asc(t.rosterOverrides.madeAt), asc(t.rosterOverrides.id));
  return new Map(
    rosters.map((roster) => {
      const later = rows
        .filter(({ rosterId, personId }) => rosterId === roster.id && known.has(personId))
        .map(({ startsAt: from, endsAt: to, personId: person }) => ({ from, to, person }));
      return [roster.id, rosterOf(roster, config.timezone, later)];
    }),
  );
}
