import { accountOf, type Account } from '@upheld/domain/sla/account.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import type { Facts, FactsSeverity } from '@upheld/domain/sla/facts.ts';
import { BUCKETS, type Bucket } from '@upheld/domain/sla/statement-types.ts';
import type { Cause } from '@upheld/domain/incident/incident.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { intersect, lengthOf } from '@upheld/domain/time/interval.ts';
import { inArray } from '@upheld/db/query.ts';
import type { Context } from '../context.ts';
import { readCovered, type FactsQuery } from '../read/read-statement.ts';
import type { Recorded } from '../read/recorded-types.ts';

/** An outage and what it does to the figure of a period, as recorded and as corrected. */
export interface OutageEffect {
  id: string;
  incident: { id: string; title: Localised };
  startedAt: Instant;
  /** Null while it goes on: then it cannot be corrected yet. */
  endedAt: Instant | null;
  /** Whether checks found it, and not people. */
  detected: boolean;
  recorded: Effect;
  /** Null for a false alarm. */
  corrected: Effect | null;
}

/** Where the seconds of an outage lie that the statement looks at. */
export interface Effect {
  severity: FactsSeverity;
  cause: Cause;
  /** Whole seconds by bucket; a bucket without any is left out. */
  seconds: Partial<Record<Bucket, number>>;
}

/**
 * The outages of a component in a period with what each does to the figure under one agreement, latest
 * first. Throws DomainError: 'not-found', 'invalid-input'.
 */
export async function outageEffects(
  ctx: Context,
  query: Omit<FactsQuery, 'as' | 'suppose' | 'live'>,
): Promise<OutageEffect[]> {
  const { facts, otherFacts, recorded, covered } = await readCovered(ctx, {
    ...query,
    // Of a closed period too: what is not in its figure yet is what somebody may want to correct.
    live: true,
  });
  const known = recorded.asRecorded ?? recorded;
  const first = effectsIn(otherFacts ?? facts, covered.agreement);
  const corrected = effectsIn(facts, covered.agreement);
  const titles = await titlesOf(ctx, known);
  return known.outages
    .flatMap((row): OutageEffect[] => {
      const effect = first.get(row.id);
      if (!effect) return [];
      return [
        {
          id: row.id,
          incident: {
            id: row.incidentId,
            title: titles.get(row.incidentId) ?? { nl: '', en: '' },
          },
          startedAt: row.startedAt,
          endedAt: row.endedAt,
          detected: row.monitorId !== null,
          recorded: effect,
          corrected: corrected.get(row.id) ?? null,
        },
      ];
    })
    .reverse();
}

/** By the outage as it was recorded: one whose cause changed midway is several in the facts. */
function effectsIn(facts: Facts, agreement: Agreement): Map<string, Effect> {
  const account = accountOf(facts, agreement);
  const effects = new Map<string, Effect>();
  for (const outage of facts.outages ?? []) {
    const id = outage.id.split('/')[0] ?? outage.id;
    const before = effects.get(id);
    const seconds = secondsBy(account, outage.id);
    effects.set(id, {
      severity: before?.severity ?? outage.severity,
      cause: before?.cause ?? outage.cause ?? 'internal',
      seconds: before ? sum(before.seconds, seconds) : seconds,
    });
  }
  return effects;
}

function secondsBy({ ledger, buckets }: Account, id: string): Effect['seconds'] {
  const spells = ledger.outages.find((outage) => outage.id === id)?.spells ?? [];
  return Object.fromEntries(
    BUCKETS.flatMap((bucket) => {
      const seconds = lengthOf(intersect(spells, buckets[bucket])) / 1000;
      return seconds > 0 ? [[bucket, seconds]] : [];
    }),
  );
}

function sum(a: Effect['seconds'], b: Effect['seconds']): Effect['seconds'] {
  return Object.fromEntries(
    BUCKETS.flatMap((bucket) => {
      const seconds = (a[bucket] ?? 0) + (b[bucket] ?? 0);
      return seconds > 0 ? [[bucket, seconds]] : [];
    }),
  );
}

async function titlesOf(ctx: Context, { outages }: Recorded): Promise<Map<string, Localised>> {
  const ids = [...new Set(outages.map(({ incidentId }) => incidentId))];
  if (ids.length === 0) return new Map();
  const { q, t } = ctx.db.read;
  const rows = await q
    .select({ id: t.incidents.id, nl: t.incidents.titleNl, en: t.incidents.titleEn })
    .from(t.incidents)
    .where(inArray(t.incidents.id, ids));
  return new Map(rows.map(({ id, nl, en }) => [id, { nl, en }]));
}
