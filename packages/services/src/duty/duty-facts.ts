import type { Handle } from '@upheld/db/database.ts';
import { byUrgency, dutyAt, type Duty, type Proof } from '@upheld/domain/desk/duties.ts';
import { owedForTicket, type DutyTicket } from '@upheld/domain/desk/owed.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { UnderAgreement } from '../ticket/ticket-clocks.ts';

/** What was recorded by hand of duties that were done, by their key. */
export async function doneByHand({ q, t }: Handle): Promise<Map<string, Proof>> {
  const rows = await q.select().from(t.dutiesDone);
  return new Map(rows.map(({ key, doneAt, evidence }) => [key, { at: doneAt, evidence }]));
}

/** The duties of a ticket under the agreements that it counts in, what is due first first. */
export function dutiesUnder(
  under: readonly UnderAgreement[],
  about: Omit<DutyTicket, 'facts'>,
  done: ReadonlyMap<string, Proof>,
  now: Instant,
): Duty[] {
  return under
    .flatMap(({ agreement, rules, facts }) =>
      owedForTicket(rules, agreement, { ...about, facts }, now),
    )
    .map((owed) => dutyAt(owed, done.get(owed.key), now))
    .sort(byUrgency);
}
