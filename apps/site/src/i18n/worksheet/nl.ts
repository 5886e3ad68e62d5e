import type { FailureCause } from '@upheld/domain/monitor/outcome.ts';
import type { AvailabilityVerdict, Bucket } from '@upheld/domain/sla/statement-types.ts';
import type { Treatment } from '@upheld/domain/sla/worksheet.ts';
import type { WorksheetGap } from '@upheld/services/read/worksheet-view.ts';

const bucket = {
  excluded: 'Uitgesloten',
  maintenance: 'Onderhoud',
  down: 'Storing',
  degraded: 'Werkte beperkt',
  unmeasured: 'Niet gemeten',
  up: 'Werkte',
} satisfies Record<Bucket, string>;

const treatment = {
  'as-up': 'telt als beschikbaar',
  'as-down': 'telt als niet beschikbaar',
  'left-out': 'telt niet mee',
} satisfies Record<Treatment, string>;

const gap = {
  'not-running': 'de meting stond uit',
  inconclusive: 'de controles gaven geen uitsluitsel',
  paused: 'de controle was gepauzeerd',
  overloaded: 'de meting was overbelast',
  'not-yet': 'er werd nog niet gemeten',
  silent: 'de meting gaf geen teken van leven',
} satisfies Record<WorksheetGap, string>;

const check = {
  dns: 'naam niet gevonden',
  refused: 'verbinding geweigerd',
  unreachable: 'niet bereikbaar',
  timeout: 'geen antwoord op tijd',
  tls: 'fout in de beveiligde verbinding',
  protocol: 'onleesbaar antwoord',
  status: 'foutmelding',
  assertion: 'het antwoord klopte niet',
  redirect: 'verkeerd doorgestuurd',
  slow: 'traag antwoord',
} satisfies Record<FailureCause | 'slow', string>;

const sentence: Record<AvailabilityVerdict, (figure: string, norm: string) => string> = {
  met: (figure, norm) => `De norm is gehaald: ${figure} beschikbaar, afgesproken is ${norm}.`,
  missed: (figure, norm) =>
    `De norm is niet gehaald: ${figure} beschikbaar, afgesproken is ${norm}.`,
  'not-proven': (figure, norm) =>
    `Niet aangetoond: van de gemeten tijd was ${figure} beschikbaar, maar wat niet is gemeten kan beslissen of ${norm} is gehaald.`,
  'no-norm': (figure) => `${figure} beschikbaar. Er is geen norm afgesproken.`,
  'no-data': () => 'Er telt nog geen tijd mee, dus er is geen cijfer.',
};

/** The texts of a worksheet in Dutch. Their shape is that of every other language. */
export const nl = {
  title: (name: string) => `Beschikbaarheid van ${name}`,
  under: 'Berekend volgens',
  version: (source: string, version: string) => `${source}, versie: ${version}`,
  agreements: 'Overeenkomsten',
  periods: 'Periode',
  lastYear: 'Laatste twaalf maanden',
  contractYear: (day: string) => `Contractjaar vanaf ${day}`,
  otherPeriod: 'Andere periode',
  first: 'Van',
  last: 'Tot en met',
  show: 'Toon',
  span: (from: string, to: string) => `${from} tot ${to}`,
  asOf: (time: string) => `Stand van ${time}.`,
  measuredSince: (time: string) => `Er wordt gemeten sinds ${time}.`,
  badPeriodTitle: 'Deze periode kan niet',
  badPeriod: 'Kies een eerste en een laatste dag. De eerste mag niet in de toekomst liggen.',
  toDefault: 'Naar de laatste twaalf maanden',
  /** Before the address of the figures that lead; of what the agreement does not cover, or of its own. */
  leading: (of: string | null) =>
    of === null
      ? 'De cijfers hieronder zijn ter informatie. Leidend zijn de cijfers van'
      : `Leidend voor ${of} zijn de cijfers van`,
  noAvailability: 'Deze overeenkomst zegt niets over beschikbaarheid, dus er is geen cijfer.',
  sentence,
  short: {
    met: 'norm gehaald',
    missed: 'norm niet gehaald',
    'not-proven': 'niet aangetoond',
    'no-norm': 'geen norm',
    'no-data': 'geen cijfer',
  } satisfies Record<AvailabilityVerdict, string>,
  coverage: (percent: string) => `${percent} van de tijd is gemeten.`,
  between: (low: string, high: string) =>
    `Was de niet gemeten tijd storing geweest, dan was het cijfer ${low}; had alles gewerkt, dan ${high}.`,
  allowedLeft: 'Toegestane storing',
  calculation: 'De berekening',
  steps: {
    total: 'Tijd in de periode tot nu toe',
    off: (name: string) => `af: ${name}, ${treatment['left-out']}`,
    counted: 'Tijd die meetelt',
    lost: (name: string) => `af: ${name}, ${treatment['as-down']}`,
    worked: 'Tijd dat het beschikbaar was',
  },
  formula: (worked: string, counted: string) => `Beschikbaarheid = ${worked} ÷ ${counted}`,
  cut: 'Het percentage is afgekapt, nooit naar boven afgerond. Elke seconde valt in precies één soort tijd.',
  inSeconds: (seconds: string) => `${seconds} s`,
  buckets: 'Elke periode die geen gewone tijd is',
  noRows: 'Er is niets geweest: alle tijd was gewone tijd.',
  more: (shown: string, all: string) =>
    `Dit zijn de laatste ${shown} van ${all}. Ze staan allemaal in de tabel die u kunt downloaden.`,
  from: 'Van',
  to: 'Tot',
  duration: 'Duur',
  ofWhole: (whole: string) => `van ${whole}`,
  rule: 'Regel',
  evidence: 'Bewijs',
  clause: (clause: string) => `artikel ${clause}`,
  noClause: 'het contract heeft hier geen artikel over',
  bucket,
  treatment,
  gap,
  check,
  cause: (cause: string) => `Oorzaak: ${cause}.`,
  found: (time: string) => `Eerste mislukte controle: ${time}`,
  mended: (time: string) => `Eerste goede controle: ${time}`,
  goingOn: 'Duurt nog',
  byPeople: 'Vastgesteld door een medewerker.',
  maintenances: 'Onderhoud, en hoe het is beoordeeld',
  window: 'Venster',
  announced: 'Aangekondigd',
  lastValid: 'Op tijd tot',
  anyTime: 'geen termijn',
  verdict: 'Oordeel',
  taken: (time: string) => `${time} telt als onderhoud`,
  outsidePeriod: 'buiten deze periode; telt alleen mee voor het aantal van de maand',
  closed: {
    sentence: (closed: string, revision: number, revised: string | null) =>
      revised === null
        ? `Deze periode is afgesloten op ${closed}: dit cijfer ligt vast.`
        : `Deze periode is afgesloten op ${closed}; dit is revisie ${revision}, van ${revised}.`,
    otherThanShown: (closed: string) =>
      `Deze periode is afgesloten op ${closed}; wat hieronder staat, is niet het cijfer dat is vastgelegd.`,
    see: 'Bekijk wat er is vastgelegd',
    title: 'Afgesloten periode',
    intro:
      'Het cijfer van deze periode ligt vast. Wat later wordt vastgelegd verandert het niet; daarvoor is een nieuwe revisie met een reden nodig, en elke eerdere revisie blijft te downloaden.',
    changedSince: 'Sindsdien is iets vastgelegd dat niet in dit cijfer zit.',
    revision: (revision: number) => `Revisie ${revision}`,
    reason: 'Reden',
    document: (revision: number) => `Document van revisie ${revision} (JSON)`,
    verify:
      'In het document staan de feiten, de overeenkomst en de uitspraak. De eerste opdracht geeft de SHA-256 van het bestand; de tweede maakt de uitspraak opnieuw uit wat erin staat, zonder netwerk, en vergelijkt haar.',
    file: 'document.json',
  },
  readings: 'Hoe het contract is gelezen',
  readingsIntro:
    'Op deze punten kan het contract op meer dan een manier worden gelezen. Een andere lezing staat erbij als die een oordeel verandert.',
  used: 'Gebruikt',
  otherwise: (option: string) => `Anders gelezen (${option})`,
  download: 'Zelf narekenen',
  downloadText: (agreement: string) =>
    `Zet de feiten en de overeenkomst in één map, als facts.json en ${agreement}. Haal daarna de broncode van Upheld op; git, npm en Node vanaf versie 20 zijn genoeg om haar te gebruiken. Geef in de hoofdmap van de broncode deze twee opdrachten:`,
  source: 'De broncode van Upheld',
  sourceFrom: (contact: string | null) =>
    contact === null
      ? 'Vraag ons om de broncode van Upheld.'
      : `Vraag ons om de broncode van Upheld: ${contact}.`,
  /** Stands for the folder with the facts in it. */
  pathTo: '/pad/naar',
  sameBytes:
    'De eerste installeert eenmalig wat nodig is. De tweede geeft zonder netwerk dezelfde uitspraak als hierboven, tot op het laatste teken.',
  files: {
    facts: 'Feiten (JSON)',
    agreement: 'Overeenkomst (YAML)',
    statement: 'Uitspraak (JSON)',
    worksheet: 'Dit werkblad (JSON)',
    csv: 'Alle periodes als tabel (CSV)',
  },
};

export type WorksheetTexts = typeof nl;
