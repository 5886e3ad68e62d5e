import { loadAgreementBook } from '@upheld/config/agreements.ts';
import type { Facts } from '@upheld/domain/sla/facts.ts';
import { statement } from '@upheld/domain/sla/statement.ts';
import { formatInstant, parseInstant } from '@upheld/domain/time/zoned.ts';

/*
 * What a statement over twelve months costs, beside its floor: reading the same intervals from their
 * texts and sorting them, which nothing that knows what overlaps can do without.
 */

const FROM = Date.UTC(2026, 0, 1);
const YEAR_SECONDS = 365 * 86_400;
const GOAL_MS = 50;
const REPEATS = 7;

/** A small generator of its own, so that every run measures the same facts. */
function random(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

function factsOf(outages: number, maintenances: number, tickets: number): Facts {
  const next = random(outages);
  const at = (second: number): string => formatInstant(FROM + second * 1000);
  const levels = ['a', 'b', 'c'];
  const longest = Math.max(60, Math.floor(YEAR_SECONDS / outages));
  return {
    agreement: 'spotonmedics',
    component: 'fysioone',
    period: { kind: 'calendar-year', year: 2026 },
    outages: Array.from({ length: outages }, (_, index) => {
      const from = next(YEAR_SECONDS);
      const cause = next(5) === 0 ? 'force-majeure' : 'internal';
      const severity = levels[next(3)] ?? 'a';
      return { id: `O${index}`, from: at(from), to: at(from + 1 + next(longest)), severity, cause };
    }),
    maintenances: Array.from({ length: maintenances }, (_, index) => {
      const from = next(YEAR_SECONDS);
      const announced = { at: at(from - next(96 * 3600)), from: at(from), to: at(from + 7200) };
      return { id: `M${index}`, kind: 'planned' as const, announcements: [announced] };
    }),
    tickets: Array.from({ length: tickets }, (_, index) => {
      const from = next(YEAR_SECONDS);
      return {
        id: `T${index}`,
        kind: index % 5 === 0 ? ('question' as const) : ('incident' as const),
        severity: levels[next(3)] ?? 'a',
        events: [
          { at: at(from), event: 'received' as const },
          { at: at(from + next(86_400)), event: 'responded' as const },
          { at: at(from + next(864_000)), event: 'resolved' as const },
        ],
        pauses: [
          { from: at(from + 600), to: at(from + 4200), reason: 'key-user-unreachable' as const },
        ],
      };
    }),
  };
}

function floorOf(facts: Facts): number {
  const spans = (facts.outages ?? []).map(({ from, to }) => ({
    from: parseInstant(from),
    to: parseInstant(to ?? from),
  }));
  return spans.sort((a, b) => a.from - b.from).length;
}

/** The best of some runs, in milliseconds: what else the machine does only ever adds to it. */
function measure(work: () => unknown, repeats: number): number {
  const times = Array.from({ length: repeats }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

const agreement = loadAgreementBook().get('spotonmedics');
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const first = factsOf(10_000, 500, 1000);
const cold = measure(() => statement(first, agreement), 1);
for (let run = 0; run < 20; run += 1) statement(first, agreement);

print('A statement over twelve months, beside reading and sorting its outages');
print('   outages  maintenances  tickets  statement ms  floor ms  ratio  µs an outage');
let goal = 0;
for (const [outages, maintenances, tickets] of [
  [0, 0, 0],
  [1000, 50, 100],
  [10_000, 500, 1000],
  [100_000, 500, 1000],
  [1_000_000, 500, 1000],
] as const) {
  const facts = factsOf(outages, maintenances, tickets);
  const repeats = outages > 100_000 ? 3 : REPEATS;
  const took = measure(() => statement(facts, agreement), repeats);
  const floor = measure(() => floorOf(facts), repeats);
  if (outages === 10_000) goal = took;
  const ratio = outages === 0 ? '-' : (took / floor).toFixed(2);
  const each = outages === 0 ? '-' : ((took * 1000) / outages).toFixed(2);
  print(
    [
      String(outages).padStart(10),
      String(maintenances).padStart(13),
      String(tickets).padStart(8),
      took.toFixed(2).padStart(13),
      floor.toFixed(2).padStart(9),
      ratio.padStart(6),
      each.padStart(13),
    ].join(' '),
  );
}
print(`first statement, nothing warm: ${cold.toFixed(1)} ms`);
print(
  `10,000 outages, 500 maintenances, 1,000 tickets: ${goal.toFixed(1)} ms, goal ${GOAL_MS} ms: ${goal < GOAL_MS ? 'reached' : 'not reached'}`,
);
