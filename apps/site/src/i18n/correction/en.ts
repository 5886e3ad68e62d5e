import type { CorrectionTexts } from './nl.ts';

/** What the public pages say of what was put right afterwards, in English. */
export const en: CorrectionTexts = {
  figure: (recorded) => `This figure was corrected afterwards; ${recorded} was recorded first.`,
  figureFromNone: 'This figure was corrected afterwards; at first there was none.',
  figureSame: 'The times behind this figure were corrected afterwards.',
  see: 'See what was corrected',
  title: 'Corrected afterwards',
  intro:
    'What was recorded first is kept. Both figures stand here side by side, with what was corrected and why.',
  corrected: 'As corrected',
  recorded: 'As first recorded',
  none: 'no figure',
  noEffect: 'In this period no correction changes a figure.',
  shownRecorded: 'These are the figures as they were first recorded, without corrections.',
  shownCorrected: 'The figures on this page are the corrected ones.',
  toRecorded: 'Show the figures as first recorded',
  toCorrected: 'Show the corrected figures',
  factsCorrected: 'Facts as corrected (JSON)',
  factsRecorded: 'Facts as first recorded (JSON)',
  outage: (from, to) => `Outage from ${from} to ${to}`,
  kind: {
    'false-alarm': 'False alarm: there was no outage.',
    cause: (cause) => `Another cause: ${cause}.`,
    severity: (level) => `Another severity: ${level}.`,
    maintenance: 'It was maintenance',
  },
  by: (time) => `Corrected by the contract manager on ${time}.`,
  reason: 'Reason',
  standing: {
    holds: 'Holds now.',
    replaced: 'Replaced by a later correction.',
    withdrawn: (time) => `Withdrawn on ${time}.`,
  },
  incident: {
    'false-alarm': 'Corrected afterwards: an outage of this incident was a false alarm.',
    cause: 'Corrected afterwards: an outage of this incident had another cause.',
    severity: 'Corrected afterwards: an outage of this incident had another severity.',
    maintenance: 'Corrected afterwards: an outage of this incident was maintenance.',
  },
};
