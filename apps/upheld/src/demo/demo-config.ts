/** Where the simulated world listens. */
export interface DemoPlaces {
  publicUrl: string;
  steadyUrl: string;
  flappingUrl: string;
  slowUrl: string;
  smtpPort: number;
  smsUrl: string;
}

/** The upheld.yaml of the demo: a supplier with three products under three contracts. */
export function demoConfig(places: DemoPlaces): string {
  const config = {
    organisation: {
      name: 'Voorbeeldzorg Software',
      website: 'https://voorbeeldzorg.example',
      contact: 'support@voorbeeldzorg.example',
    },
    server: { url: places.publicUrl },
    pages: [
      {
        id: 'main',
        title: { nl: 'Status van Voorbeeldzorg', en: 'Status of Voorbeeldzorg' },
        description: {
          nl: 'Hoe het met onze producten gaat, en wat we hebben beloofd.',
          en: 'How our products are doing, and what we promised.',
        },
      },
    ],
    groups: [
      { id: 'products', name: { nl: 'Producten', en: 'Products' }, components: components(places) },
    ],
    probing: { allow: ['127.0.0.1/32'] },
    channels: {
      email: {
        from: 'Voorbeeldzorg Status <status@voorbeeldzorg.example>',
        smtp: { host: '127.0.0.1', port: places.smtpPort, tls: 'none' },
      },
      sms: {
        accountSid: `AC${'d3'.repeat(16)}`,
        authToken: 'demo-demo-demo',
        from: 'Voorbeeld',
        baseUrl: places.smsUrl,
      },
    },
  };
  return `# The configuration of \`npm run demo\`, written anew at each start.\n${JSON.stringify(config, null, 2)}\n`;
}

function components({ steadyUrl, flappingUrl, slowUrl }: DemoPlaces): readonly object[] {
  return [
    {
      id: 'dossier',
      name: 'Dossier',
      description: { nl: 'Het elektronisch patiëntendossier', en: 'The electronic patient record' },
      agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
      monitors: [monitor('dossier-web', steadyUrl, { json: { path: '$.status', equals: 'up' } })],
    },
    {
      id: 'planner',
      name: 'Planner',
      description: { nl: 'Agenda en roosters', en: 'Appointments and rosters' },
      agreements: [{ agreement: 'standard' }],
      monitors: [monitor('planner-web', flappingUrl, {})],
    },
    {
      id: 'declaraties',
      name: { nl: 'Declaraties', en: 'Claims' },
      description: { nl: 'Declareren bij verzekeraars', en: 'Claims to insurers' },
      agreements: [{ agreement: 'standard' }],
      monitors: [monitor('declaraties-web', slowUrl, { within: '1s' })],
    },
  ];
}

function monitor(id: string, url: string, expect: object): object {
  const confirm = { failures: 2, successes: 2 };
  return { id, kind: 'http', url, interval: '5s', timeout: '4s', confirm, expect };
}
