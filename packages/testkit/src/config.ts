import { configSchema, type Config } from '@upheld/config/schema.ts';
import type { z } from 'zod';

type RawConfig = z.input<typeof configSchema>;

/** A valid configuration: FysioOne under the SpotOnMedics agreement, with both channels. */
export function testConfig(overrides: Partial<RawConfig> = {}): Config {
  return configSchema.parse({
    organisation: { name: 'Zorgsoftware', contact: 'support@zorgsoftware.example' },
    server: { url: 'http://status.example.test' },
    pages: [{ id: 'main', title: 'Zorgsoftware status' }],
    groups: [
      {
        id: 'products',
        name: { nl: 'Producten', en: 'Products' },
        components: [
          {
            id: 'fysioone',
            name: 'FysioOne',
            agreements: [{ agreement: 'spotonmedics', component: 'fysioone' }],
            monitors: [{ id: 'fysioone-web', kind: 'http', url: 'http://fysioone.example.test/' }],
          },
        ],
      },
    ],
    channels: {
      email: {
        from: 'Status <status@example.test>',
        smtp: { host: '127.0.0.1', port: 2525, tls: 'none' },
      },
      sms: {
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 'test-token',
        from: 'Upheld',
        baseUrl: 'http://127.0.0.1:2526',
      },
    },
    ...overrides,
  });
}
