import type { Handle } from '@upheld/db/database.ts';
import type { Tables } from '@upheld/db/tables.ts';
import { and, asc, eq, gt, inArray, isNull } from '@upheld/db/query.ts';
import { dutyAt, dutyKey, type Duty } from '@upheld/domain/desk/duties.ts';
import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { rulesUnder } from '@upheld/domain/sla/rules.ts';
import { versionAt } from '@upheld/domain/sla/version.ts';
import type { Context } from '../context.ts';
import { dutiesOf, proofOf } from '../incident/duties.ts';
import type { OwedDuty } from '../incident/owed.ts';
import { readMerges } from '../read/merges.ts';
import { doneByHand } from './duty-facts.ts';

type IncidentRow = Tables['incidents']['$inferSelect'];

/** The duties that incidents begun after `since` make under the agreements of their components. */
export async function incidentDuties(ctx: Context, since: Instant, now: Instant): Promise<Duty[]> {
  const h = ctx.db.read;
  const { incidents } = h.t;
  const rows = await h.q
    .select()
    .from(incidents)
    .where(and(gt(incidents.startedAt, since), isNull(incidents.mergedIntoId)));
  const owed = await dutiesOf(h, ctx, rows);
  const owing = rows.filter(({ id }) => (owed.get(id) ?? []).length > 0);
  const [told, done] = [await readTold(h, owing), await doneByHand(h)];
  return owing.flatMap((row) =>
    (owed.get(row.id) ?? []).map((duty) => {
      const { rules, name } = rulesOf(ctx, duty);
      const key = dutyKey(duty.agreement, name, row.id);
      const proof = proofOf(duty, told(row.id));
      const stands = {
        key,
        agreement: duty.agreement,
        clause: duty.clause,
        what: duty.does,
        subject: subjectOf(row, duty),
        since: floorSecond(duty.since),
        due: duty.dueAt === null ? null : floorSecond(duty.dueAt),
        atOnce: duty.atOnce,
        calendar: rules.calendar(rules.terms.tickets?.calendar ?? 'always'),
        proof,
      };
      return dutyAt(stands, done.get(key), floorSecond(now));
    }),
  );
}

function rulesOf(ctx: Context, duty: OwedDuty) {
  const agreement = versionAt(ctx.agreements().get(duty.agreement), duty.since);
  return { rules: rulesUnder(agreement), name: duty.id };
}

function subjectOf({ id, titleNl, titleEn }: IncidentRow, { componentIds }: OwedDuty) {
  const title = { nl: titleNl, en: titleEn };
  return { kind: 'incident' as const, id, title, componentIds: componentIds.toSorted() };
}

/** What was said of incidents and of what turned out to be part of them. */
async function readTold(
  h: Handle,
  rows: readonly IncidentRow[],
): Promise<(id: string) => Parameters<typeof proofOf>[1]> {
  const { rootOf, partsOf } = await readMerges(h);
  const ids = rows.flatMap(({ id }) => partsOf(id));
  const { incidentUpdates: u, postmortems: p } = h.t;
  const updates = Map.groupBy(
    ids.length === 0
      ? []
      : await h.q
          .select({ id: u.id, of: u.incidentId, at: u.recordedAt })
          .from(u)
          .where(inArray(u.incidentId, ids)),
    ({ of }) => rootOf(of),
  );
  const published = Map.groupBy(
    ids.length === 0
      ? []
      : await h.q
          .select({ of: p.incidentId, at: p.recordedAt })
          .from(p)
          .where(and(inArray(p.incidentId, ids), eq(p.published, true)))
          .orderBy(asc(p.recordedAt)),
    ({ of }) => rootOf(of),
  );
  return (id) => ({
    postmortem: published.get(id)?.[0] ?? null,
    updates: updates.get(id) ?? [],
  });
}
