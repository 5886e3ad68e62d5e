import { floorSecond } from '@upheld/domain/page/whole-seconds.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { periodText } from '@upheld/domain/sla/period-text.ts';
import type { Statement } from '@upheld/domain/sla/statement-types.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { idInput, parseInput } from '../input.ts';
import { rollingYear, type Covered } from '../read/facts.ts';
import { readCovered } from '../read/read-statement.ts';
import { versionOfAll, versionsOf } from './adopted-rows.ts';
import { usedAgreement } from './in-use.ts';
import { judgeVersion, sourceInput } from './judge-version.ts';
import { versionChanges, type VersionChange } from './version-changes.ts';

/** What a version would say and do. */
export interface VersionPreview {
  agreement: { reference: string; name: string; zone: string };
  /** Of what was adopted for the agreement, for `expectedVersion`. */
  version: number;
  label: string;
  validFrom: string;
  begins: Instant;
  changes: readonly VersionChange[];
  /** Of every component that is under the agreement. */
  components: readonly WhatIf[];
}

/** The last twelve months as they are, and as they would have been with the version in force all along. */
export interface WhatIf {
  component: { id: string; name: Localised };
  /** In one word. */
  period: string;
  before: Statement;
  after: Statement;
  /** How many verdicts differ: of figures, maintenance, clocks and what else a statement judges. */
  verdicts: number;
}

const previewInput = z.strictObject({ agreement: idInput, source: sourceInput });
const MINUTE_MS = 60_000;

/**
 * What adopting a version would mean; writes nothing, and refuses what `adoptVersion` refuses. Throws
 * DomainError as that does.
 */
export async function previewVersion(
  ctx: Context,
  input: { agreement: string; source: string },
): Promise<VersionPreview> {
  const { agreement, source } = parseInput(previewInput, input);
  const now = ctx.clock.now();
  const used = usedAgreement(ctx, agreement);
  const rows = await versionsOf(ctx.db.read, used.reference);
  const { version, begins, before, after } = judgeVersion(ctx, used, { source, rows, now });
  const components: WhatIf[] = [];
  for (const covered of used.covers) components.push(await whatIf(ctx, covered, after, now));
  return {
    agreement: {
      reference: used.reference,
      name: used.agreement.name,
      zone: used.agreement.document.zone,
    },
    version: versionOfAll(rows),
    label: version.label,
    validFrom: version.validFrom,
    begins,
    changes: versionChanges(before, after, version.replaces),
    components,
  };
}

async function whatIf(
  ctx: Context,
  { component, use, agreement }: Covered,
  after: Agreement,
  now: Instant,
): Promise<WhatIf> {
  const period = rollingYear(Math.floor(now / MINUTE_MS) * MINUTE_MS);
  const { facts } = await readCovered(ctx, {
    componentId: component.id,
    agreement: use.agreement,
    period,
    asOf: floorSecond(now),
  });
  const [first, then] = [statement(facts, agreement), statement(facts, after)];
  return {
    component: { id: component.id, name: component.name },
    period: periodText(period),
    before: first,
    after: then,
    verdicts: verdictsThatDiffer(first, then),
  };
}

/** Verdicts of one statement that the other has not, or has otherwise. */
function verdictsThatDiffer(before: Statement, after: Statement): number {
  const [was, is] = [verdictsOf(before), verdictsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key))
    .length;
}

function verdictsOf(made: Statement): Map<string, string> {
  return new Map([
    ...made.availability.map(({ part, verdict }) => [`availability ${part}`, verdict] as const),
    ...made.maintenances.map(({ id, verdict }) => [`maintenance ${id}`, verdict] as const),
    ...made.interruptions.map(({ month, verdict }) => [`interruptions ${month}`, verdict] as const),
    ...made.clocks.map(({ ticket, clock, verdict }) => [`${clock} ${ticket}`, verdict] as const),
    ...made.attainment.map(
      ({ group, clock, verdict }) => [`attainment ${group} ${clock}`, verdict] as const,
    ),
    ...(made.compensation ? [['compensation', String(made.compensation.due)] as const] : []),
  ]);
}
