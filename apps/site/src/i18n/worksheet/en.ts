import type { WorksheetTexts } from './nl.ts';

/** The texts of a worksheet in English. */
export const en: WorksheetTexts = {
  title: (name) => `Availability of ${name}`,
  under: 'Computed by',
  version: (source, version) => `${source}, version: ${version}`,
  agreements: 'Agreements',
  periods: 'Period',
  lastYear: 'Last twelve months',
  contractYear: (day: string) => `Contract year from ${day}`,
  otherPeriod: 'Another period',
  first: 'From',
  last: 'Up to and including',
  show: 'Show',
  span: (from, to) => `${from} to ${to}`,
  asOf: (time) => `As of ${time}.`,
  measuredSince: (time) => `Measured since ${time}.`,
  badPeriodTitle: 'This period cannot be shown',
  badPeriod: 'Choose a first and a last day. The first one must not be in the future.',
  toDefault: 'To the last twelve months',
  leading: (of) =>
    of === null
      ? 'The figures below are for information. What leads are the figures of'
      : `What leads for ${of} are the figures of`,
  noAvailability: 'This agreement says nothing of availability, so there is no figure.',
  sentence: {
    met: (figure, norm) => `The norm was met: ${figure} available, ${norm} was agreed.`,
    missed: (figure, norm) => `The norm was missed: ${figure} available, ${norm} was agreed.`,
    'not-proven': (figure, norm) =>
      `Not proven: of the time that was measured ${figure} was available, but what was not measured can decide whether ${norm} was reached.`,
    'no-norm': (figure) => `${figure} available. No norm was agreed.`,
    'no-data': () => 'No time counts yet, so there is no figure.',
  },
  short: {
    met: 'norm met',
    missed: 'norm missed',
    'not-proven': 'not proven',
    'no-norm': 'no norm',
    'no-data': 'no figure',
  },
  coverage: (percent) => `${percent} of the time was measured.`,
  between: (low, high) =>
    `Had the time that was not measured been an outage, the figure would be ${low}; had everything worked, ${high}.`,
  allowedLeft: 'Allowed outage',
  calculation: 'The calculation',
  steps: {
    total: 'Time in the period so far',
    off: (name) => `less: ${name}, not counted`,
    counted: 'Time that counts',
    lost: (name) => `less: ${name}, counts as not available`,
    worked: 'Time that it was available',
  },
  formula: (worked, counted) => `Availability = ${worked} ÷ ${counted}`,
  cut: 'The percentage is cut, never rounded up. Every second is in exactly one kind of time.',
  inSeconds: (seconds) => `${seconds} s`,
  buckets: 'Every stretch that was not ordinary time',
  noRows: 'There was nothing: all of the time was ordinary time.',
  more: (shown, all) =>
    `These are the last ${shown} of ${all}. All of them are in the table that you can download.`,
  from: 'From',
  to: 'To',
  duration: 'Duration',
  ofWhole: (whole) => `of ${whole}`,
  rule: 'Rule',
  evidence: 'Evidence',
  clause: (clause) => `clause ${clause}`,
  noClause: 'the contract has no clause on this',
  bucket: {
    excluded: 'Excluded',
    maintenance: 'Maintenance',
    down: 'Outage',
    degraded: 'Worked with limits',
    unmeasured: 'Not measured',
    up: 'Worked',
  },
  treatment: {
    'as-up': 'counts as available',
    'as-down': 'counts as not available',
    'left-out': 'is not counted',
  },
  gap: {
    'not-running': 'measuring was switched off',
    inconclusive: 'the checks were inconclusive',
    paused: 'the check was paused',
    overloaded: 'measuring was overloaded',
    'not-yet': 'measuring had not begun',
    silent: 'measuring gave no sign of life',
  },
  check: {
    dns: 'name not found',
    refused: 'connection refused',
    unreachable: 'unreachable',
    timeout: 'no answer in time',
    tls: 'fault in the secure connection',
    protocol: 'unreadable answer',
    status: 'error answer',
    assertion: 'the answer was not right',
    redirect: 'redirected wrongly',
    slow: 'slow answer',
  },
  cause: (cause) => `Cause: ${cause}.`,
  found: (time) => `First failing check: ${time}`,
  mended: (time) => `First good check: ${time}`,
  goingOn: 'Still going on',
  byPeople: 'Established by an engineer.',
  maintenances: 'Maintenance, and how it was judged',
  window: 'Window',
  announced: 'Announced',
  lastValid: 'In time until',
  anyTime: 'no term',
  verdict: 'Verdict',
  taken: (time) => `${time} is taken as maintenance`,
  outsidePeriod: 'outside this period; counts only towards the number of its month',
  closed: {
    sentence: (closed, revision, revised) =>
      revised === null
        ? `This period was closed on ${closed}: this figure is final.`
        : `This period was closed on ${closed}; this is revision ${revision}, of ${revised}.`,
    otherThanShown: (closed) =>
      `This period was closed on ${closed}; what stands below is not the figure that was closed.`,
    see: 'See what was closed',
    title: 'Closed period',
    intro:
      'The figure of this period is final. What is recorded later does not change it; that takes a new revision with a reason, and every earlier revision can still be downloaded.',
    changedSince: 'Since then something was recorded that is not in this figure.',
    revision: (revision) => `Revision ${revision}`,
    reason: 'Reason',
    document: (revision) => `Document of revision ${revision} (JSON)`,
    verify:
      'The document holds the facts, the agreement and the statement. The first command gives the SHA-256 of the file; the second one makes the statement again from what is in it, without a network, and compares.',
    file: 'document.json',
  },
  readings: 'How the contract was read',
  readingsIntro:
    'On these points the contract can be read in more than one way. Another reading stands beside it where it changes a verdict.',
  used: 'Used',
  otherwise: (option) => `Read otherwise (${option})`,
  download: 'Compute it yourself',
  downloadText: (agreement) =>
    `Put the facts and the agreement into one folder, as facts.json and ${agreement}. Then get the source of Upheld; git, npm and Node from version 20 on are enough to use it. In the top folder of the source, give these two commands:`,
  source: 'The source of Upheld',
  sourceFrom: (contact) =>
    contact === null
      ? 'Ask us for the source of Upheld.'
      : `Ask us for the source of Upheld: ${contact}.`,
  pathTo: '/path/to',
  sameBytes:
    'The first one installs what is needed, once. The second one gives, without a network, the same statement as above, to the last character.',
  files: {
    facts: 'Facts (JSON)',
    agreement: 'Agreement (YAML)',
    statement: 'Statement (JSON)',
    worksheet: 'This worksheet (JSON)',
    csv: 'All stretches as a table (CSV)',
  },
};
