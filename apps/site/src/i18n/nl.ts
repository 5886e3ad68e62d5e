import type { Cause, IncidentStatus } from '@upheld/domain/incident/incident.ts';
import type { MaintenanceKind, MaintenanceStatus } from '@upheld/domain/maintenance/maintenance.ts';
import type {
  AvailabilityView,
  ComponentView,
  OverallState,
} from '@upheld/services/read/page-view.ts';

const overall = {
  operational: 'Alles werkt',
  maintenance: 'Er is onderhoud bezig',
  degraded: 'Niet alles werkt zoals het hoort',
  partial_outage: 'Er is een gedeeltelijke storing',
  major_outage: 'Er is een grote storing',
  unknown: 'De status is nu niet bekend',
} satisfies Record<OverallState, string>;

const component = {
  operational: 'Werkt',
  under_maintenance: 'In onderhoud',
  degraded_performance: 'Werkt beperkt',
  partial_outage: 'Gedeeltelijke storing',
  major_outage: 'Storing',
  unknown: 'Niet bekend',
} satisfies Record<ComponentView['state'], string>;

const incidentStatus = {
  investigating: 'In onderzoek',
  identified: 'Oorzaak gevonden',
  monitoring: 'Verholpen, we houden het in de gaten',
  resolved: 'Opgelost',
} satisfies Record<IncidentStatus, string>;

const maintenanceStatus = {
  scheduled: 'Aangekondigd',
  in_progress: 'Bezig',
  verifying: 'Klaar, we controleren het resultaat',
  completed: 'Afgerond',
  cancelled: 'Gaat niet door',
} satisfies Record<MaintenanceStatus, string>;

const maintenanceKind = {
  planned: 'Gepland onderhoud',
  emergency: 'Spoedonderhoud',
  'customer-requested': 'Onderhoud op verzoek',
} satisfies Record<MaintenanceKind, string>;

const cause = {
  internal: 'bij onszelf',
  'force-majeure': 'overmacht',
  internet: 'het internet buiten ons netwerk',
  datacentre: 'het datacentrum',
  'third-party-software': 'software van een andere leverancier',
  'customer-request': 'op verzoek van de klant',
  'customer-act': 'een handeling van de klant',
  'customer-software': 'software van de klant',
  'customer-infrastructure': 'apparatuur of netwerk van de klant',
  suspension: 'opschorting van de dienst',
} satisfies Record<Cause, string>;

const verdict = {
  met: 'Norm gehaald',
  missed: 'Norm niet gehaald',
  'not-proven': 'Niet aangetoond',
  'no-norm': 'Geen norm afgesproken',
  'no-data': 'Nog niet gemeten',
} satisfies Record<AvailabilityView['verdict'], string>;

const part = {
  all: 'Beschikbaarheid',
  office: 'Beschikbaarheid binnen kantooruren',
  'outside-office': 'Beschikbaarheid buiten kantooruren',
};

/** Every text of the site in Dutch. Its shape is that of every other language. */
export const nl = {
  locale: 'nl-NL',
  languageName: 'Nederlands',
  skip: 'Naar de inhoud',
  home: 'Naar de statuspagina',
  overall,
  component,
  incidentStatus,
  maintenanceStatus,
  maintenanceKind,
  cause,
  verdict,
  part,
  page: {
    dataAsOf: (time: string) => `Gemeten tot ${time}`,
    notMeasured: 'Er is nog niets gemeten.',
    firstRun:
      'Deze pagina bewaakt nu alleen zichzelf: zet uw eigen producten in upheld.yaml en voer daarna npx upheld reload uit.',
    firstRunMore: 'Elke instelling wordt uitgelegd in het bestand zelf en in README.md.',
    incidents: 'Wat er nu speelt',
    maintenances: 'Onderhoud',
    history: 'Laatste 15 dagen',
    historyEmpty: 'Geen storingen en geen onderhoud.',
    historyOf: (month: string) => `Alles van ${month}`,
    aged: 'We kunnen onze eigen gegevens nu niet lezen. Dit is de stand van',
    agedMore: 'De producten zelf kunnen gewoon werken.',
    nav: 'Deze site',
    old: 'Deze pagina staat al even open.',
    reload: 'Ververs de pagina',
    zone: (zone: string) => `Alle tijden zijn die van ${zone}.`,
    json: 'Status als JSON',
    madeWith: 'Gemaakt met Upheld',
    contact: 'Contact',
    website: 'Website',
  },
  bar: {
    label: (name: string) => `${name}: de laatste 90 dagen`,
    ago: '90 dagen geleden',
    today: 'vandaag',
    summary: 'Laatste 90 dagen',
    noOutage: 'geen storing',
    noOutageSeen: 'geen storing gezien, maar niet alles is gemeten',
    outage: (time: string) => `storing, ${time}`,
    degraded: (time: string) => `beperkt of traag, ${time}`,
    maintenance: (time: string) => `onderhoud, ${time}`,
    unmeasured: 'niet gemeten',
    unmeasuredFor: (time: string) => `niet gemeten, ${time}`,
    range: (from: string, to: string) => `${from} tot en met ${to}`,
    days: (count: number) => (count === 1 ? '1 dag' : `${count} dagen`),
    sumOutage: (days: string, time: string) => `storing op ${days}, samen ${time}`,
    sumDegraded: (days: string) => `beperkt of traag op ${days}`,
    sumMaintenance: (days: string) => `onderhoud op ${days}`,
    sumUnmeasured: (days: string) => `${days} niet gemeten`,
    legend: 'Wat de hoogte en het patroon van de balk betekenen',
    legendUp: 'geen storing',
    legendPartly: 'deels niet gemeten',
    legendDegraded: 'beperkt of traag',
    legendDown: 'storing',
    legendMaintenance: 'onderhoud',
    legendUnmeasured: 'niet gemeten',
    notable: (days: string) => `Bijzonderheden op ${days}`,
  },
  availability: {
    how: 'Hoe dit cijfer is opgebouwd',
    period: 'over twaalf maanden',
    ofMeasured: 'van de gemeten tijd',
    norm: (percent: string) => `norm ${percent}`,
    coverage: (percent: string) => `${percent} van de tijd gemeten`,
    lessThan: (percent: string) => `minder dan ${percent}`,
    since: (date: string) => `gemeten sinds ${date}`,
    between: (low: string, high: string) =>
      `Met de niet gemeten tijd erbij ligt het tussen ${low} en ${high}.`,
    left: (left: string, of: string) => `Nog ${left} storing toegestaan van ${of}`,
    over: (over: string, of: string) => `${over} meer storing dan de ${of} die is toegestaan`,
  },
  incident: {
    began: 'Begonnen',
    noticed: 'Opgemerkt',
    resolved: 'Opgelost',
    lasted: 'Duurde',
    goingOn: 'Duurt nu',
    affects: 'Betreft',
    cause: 'Oorzaak',
    timeline: 'Verloop',
    noUpdates: 'Er is nog geen bericht geplaatst.',
  },
  maintenance: {
    window: 'Wanneer',
    announcedAt: 'Aangekondigd',
    announcements: 'Aankondigingen',
    cancelledAt: 'Afgezegd',
    affects: 'Betreft',
    duration: 'Duur',
  },
  history: {
    title: (month: string) => `Storingen en onderhoud in ${month}`,
    empty: 'In deze maand was er geen storing en geen onderhoud.',
    earlier: 'Eerder',
    later: 'Later',
    nav: 'Maanden',
  },
  subscribe: {
    title: 'Bericht krijgen',
    intro: 'Krijg bericht bij een storing en als er onderhoud wordt aangekondigd.',
    how: 'Hoe wilt u bericht krijgen?',
    email: 'Per e-mail',
    sms: 'Per sms',
    emailAddress: 'E-mailadres',
    mobileNumber: 'Mobiel nummer',
    mobileHint: 'Bijvoorbeeld 06 12345678',
    what: 'Waarover?',
    everything: 'Over alles, ook wat er later bij komt',
    everythingHere: 'Over alles op deze pagina',
    some: 'Alleen over wat ik kies',
    submit: 'Aanmelden',
    privacy: 'We gebruiken uw gegevens alleen hiervoor. U meldt zich af met één klik.',
    unavailable: 'Aanmelden voor berichten kan hier niet.',

    sentTitle: 'Kijk in uw mailbox',
    sent: 'We hebben u een e-mail gestuurd. Klik op de link daarin om uw aanmelding te bevestigen.',
    sentLater:
      'Geen e-mail gekregen? Kijk bij ongewenste e-mail, of meld u over een paar minuten opnieuw aan.',
    codeTitle: 'Vul de code uit de sms in',
    codeSent:
      'Als dit nummer berichten kan ontvangen, krijgt u zo een sms met een code van zes cijfers.',
    code: 'Code van zes cijfers',
    confirm: 'Bevestigen',
    confirmTitle: 'Aanmelding bevestigen',
    confirmText: (address: string) => `Berichten naar ${address} aanzetten?`,
    confirmedTitle: 'U bent aangemeld',
    confirmed: 'U krijgt bericht bij een storing en bij onderhoud.',
    again: 'Opnieuw aanmelden',
  },
  reminders: {
    legend: 'Herinneren aan onderhoud',
    usual: 'Zoals gewoonlijk: per e-mail een dag van tevoren, per sms een uur van tevoren',
    own: 'Op momenten die ik kies',
    moments: {
      '24h': 'Een dag van tevoren',
      '1h': 'Een uur van tevoren',
      start: 'Als het begint',
      end: 'Als het voorbij is',
    },
  },
  subscription: {
    title: 'Uw aanmelding',
    for: (address: string) => `Berichten naar ${address}`,
    save: 'Keuze bewaren',
    saved: 'Uw keuze is bewaard.',
    stop: 'Afmelden',
    stopText: (address: string) => `Geen berichten meer naar ${address}?`,
    stopTitle: 'Afmelden voor berichten',
    stoppedTitle: 'U bent afgemeld',
    stopped: 'U krijgt van ons geen berichten meer. We hebben uw adres gewist.',
    unconfirmed: 'Deze aanmelding is nog niet bevestigd.',
    unknownTitle: 'Deze link werkt niet meer',
    unknown: 'De aanmelding bestaat niet meer, of de link is verlopen.',
  },
  reasons: {
    'invalid-address': 'Dit is geen volledig adres of nummer. Kijk het na.',
    'country-not-served': 'Naar nummers uit dit land sturen we geen sms.',
    'not-mobile': 'Dit is geen mobiel nummer.',
    'channel-off': 'Zo kunnen we nu geen berichten sturen.',
    'unknown-component': 'Een van de gekozen onderdelen bestaat niet meer. Kies opnieuw.',
    'choose-one': 'Kies ten minste één onderdeel.',
    'wrong-code': 'Deze code klopt niet. Kijk hem na.',
    expired: 'Dit is verlopen. Meld u opnieuw aan.',
    'unknown-token': 'Deze link werkt niet meer. Meld u opnieuw aan.',
    'too-many-requests': 'Dat is te vaak achter elkaar. Probeer het over een kwartier opnieuw.',
    other: 'Dit is niet gelukt. Probeer het later opnieuw.',
  },
  errorPrefix: 'Fout: ',
  errors: {
    notFoundTitle: 'Deze pagina bestaat niet',
    notFound: 'Misschien is de link niet volledig, of is wat u zoekt verwijderd.',
    brokenTitle: 'Deze pagina kan nu niet worden getoond',
    broken: 'Dat ligt aan ons, niet aan u. Probeer het over een minuut opnieuw.',
    brokenMeaning: 'Dit zegt niets over de producten zelf: die kunnen gewoon werken.',
  },
  units: { day: 'd', hour: 'u', minute: 'min', second: 's' },
};

export type Dictionary = typeof nl;
