/** What the public pages say of what was put right afterwards. */
export const nl = {
  figure: (recorded: string) =>
    `Dit cijfer is achteraf gecorrigeerd; eerst was ${recorded} vastgelegd.`,
  figureFromNone: 'Dit cijfer is achteraf gecorrigeerd; eerst was er geen cijfer.',
  figureSame: 'De tijden achter dit cijfer zijn achteraf gecorrigeerd.',
  see: 'Bekijk wat er is gecorrigeerd',
  title: 'Achteraf gecorrigeerd',
  intro:
    'Wat eerst was vastgelegd, blijft bewaard. Hier staan beide cijfers naast elkaar, met wat er is gecorrigeerd en waarom.',
  corrected: 'Na correctie',
  recorded: 'Zoals eerst vastgelegd',
  none: 'geen cijfer',
  noEffect: 'In deze periode verandert geen correctie een cijfer.',
  shownRecorded: 'Dit zijn de cijfers zoals ze eerst zijn vastgelegd, zonder correcties.',
  shownCorrected: 'Op deze pagina staan de cijfers na correctie.',
  toRecorded: 'Bekijk de cijfers zoals eerst vastgelegd',
  toCorrected: 'Bekijk de cijfers na correctie',
  factsCorrected: 'Feiten na correctie (JSON)',
  factsRecorded: 'Feiten zoals eerst vastgelegd (JSON)',
  outage: (from: string, to: string) => `Storing van ${from} tot ${to}`,
  kind: {
    'false-alarm': 'Vals alarm: er was geen storing.',
    cause: (cause: string) => `Een andere oorzaak: ${cause}.`,
    severity: (level: string) => `Een andere ernst: ${level}.`,
    maintenance: 'Het was onderhoud',
  },
  by: (time: string) => `Gecorrigeerd door de contractbeheerder op ${time}.`,
  reason: 'Reden',
  standing: {
    holds: 'Geldt nu.',
    replaced: 'Vervangen door een latere correctie.',
    withdrawn: (time: string) => `Ingetrokken op ${time}.`,
  },
  incident: {
    'false-alarm': 'Achteraf gecorrigeerd: een storing van dit incident was vals alarm.',
    cause: 'Achteraf gecorrigeerd: een storing van dit incident had een andere oorzaak.',
    severity: 'Achteraf gecorrigeerd: een storing van dit incident was van een andere ernst.',
    maintenance: 'Achteraf gecorrigeerd: een storing van dit incident was onderhoud.',
  },
};

export type CorrectionTexts = typeof nl;
