import { listTickets, readTicket } from '@upheld/services/ticket/ticket-view.ts';
import { testConfig } from '@upheld/testkit/config.ts';
import { eachDatabase } from '@upheld/testkit/databases.ts';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { harness, type Harness } from '../../test/harness.ts';
import { incomingMail, sendMail } from '../../test/incoming-mail.ts';

const config = testConfig({ incoming: incomingMail });

/** A mail from headers and a body, byte for byte. */
function mail(headers: readonly string[], body: string | Buffer): Buffer {
  const head = [
    'From: Jan <jan@debrug.example>',
    'Message-ID: <m1@debrug.example>',
    'MIME-Version: 1.0',
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body as Buffer)]);
}

/** Parts between boundaries. */
const multipart = (kind: string, parts: readonly string[], boundary = 'b1'): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n${kind}`;
const multipartMail = (kind: string, parts: readonly string[]): Buffer =>
  mail([`Content-Type: multipart/${kind}; boundary=b1`], multipart('', parts));

eachDatabase('what a mail says', (databases) => {
  const open = async (): Promise<Harness> => harness(await databases.open(), { config });
  const saidBy = async (message: Buffer): Promise<{ title: string; text: string }> => {
    const h = await open();
    const { json } = await sendMail(h, message);
    assert.equal(json['taken'], 'new');
    const [ticket] = await listTickets(h.ctx);
    return { title: ticket?.title ?? '', text: ticket?.events[0]?.text ?? '' };
  };

  it('is read in the characters that it is written in', async () => {
    const text = 'Patiënt één kost € 5';
    const latin = Buffer.from(text.replace('€', 'EUR'), 'latin1');
    // 0x80 is the euro of windows-1252.
    const windows = Buffer.from(Buffer.from(text.replace('€', '\u0080'), 'latin1'));
    const cases: [what: string, headers: string[], body: Buffer | string, said: string][] = [
      [
        'iso-8859-1',
        ['Content-Type: text/plain; charset=iso-8859-1'],
        latin,
        text.replace('€', 'EUR'),
      ],
      ['windows-1252', ['Content-Type: text/plain; charset="windows-1252"'], windows, text],
      ['utf-8', ['Content-Type: text/plain; charset=utf-8'], text, text],
      [
        'quoted-printable',
        ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
        'Pati=C3=ABnt =C3=A9=C3=A9n kost =\r\n=E2=82=AC 5',
        text,
      ],
      [
        'base64',
        ['Content-Type: text/plain; charset=windows-1252', 'Content-Transfer-Encoding: base64'],
        windows.toString('base64'),
        text,
      ],
      [
        'utf-16',
        ['Content-Type: text/plain; charset=utf-16le', 'Content-Transfer-Encoding: base64'],
        Buffer.from(text, 'utf16le').toString('base64'),
        text,
      ],
    ];
    for (const [what, headers, body, said] of cases)
      assert.equal((await saidBy(mail(headers, body))).text, said, what);
    // Unknown characters cost the characters, never the mail.
    const strange = mail(['Content-Type: text/plain; charset=x-martian'], 'Hulp gevraagd');
    assert.equal((await saidBy(strange)).text, 'Hulp gevraagd');
    const subject = 'Subject: =?iso-8859-1?Q?Pati=EBnt?= =?windows-1252?B?gA==?=';
    assert.equal((await saidBy(mail([subject], 'x'))).title, 'Patiënt€');
  });

  it('is its plain text, or what its HTML says where that is empty or missing', async () => {
    const plain = 'Content-Type: text/plain\r\n\r\nGewoon.';
    const html = 'Content-Type: text/html\r\n\r\n<p>Met <b>opmaak</b>.</p><ul><li>een<li>twee</ul>';
    const empty = 'Content-Type: text/plain\r\n\r\n  ';
    assert.equal((await saidBy(multipartMail('alternative', [plain, html]))).text, 'Gewoon.');
    const said = 'Met opmaak.\n\n- een\n- twee';
    for (const parts of [[empty, html], [html]])
      assert.equal((await saidBy(multipartMail('alternative', parts))).text, said);
    assert.equal((await saidBy(mail([], ''))).text, '(no text)');
  });

  it('names what is attached or stands in it, and keeps none of that', async () => {
    const photo = Buffer.alloc(34_000, 7).toString('base64');
    const message = multipartMail('mixed', [
      'Content-Type: text/plain\r\n\r\nZie de foto.',
      `Content-Type: image/png; name="scherm.png"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="scherm.png"\r\n\r\n${photo}`,
      `Content-Type: image/gif\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlh`,
      'Content-Type: text/plain; name="evil\r\n .txt"\r\nContent-Disposition: attachment; filename*=utf-8\'\'%0d%0aBcc%3a%20x\r\n\r\nlog',
    ]);
    const { text } = await saidBy(message);
    assert.match(text, /^Zie de foto\.\n\n\[Attached, not kept: scherm\.png, 34 kB\]\n/);
    assert.match(text, /\[Attached, not kept: image\/gif, 1 kB\]/);
    assert.equal(text.split('\n').length, 5, text);
    assert.doesNotMatch(text, /^Bcc/m);
  });

  it('is taken at 10 MB and in a thousand parts, without holding the process', async () => {
    const large = multipartMail('mixed', [
      'Content-Type: text/plain\r\n\r\nZie de film.',
      `Content-Type: video/mp4; name="film.mp4"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.alloc(7_500_000, 1).toString('base64')}`,
    ]);
    assert.ok(large.length > 10_000_000);
    const many = multipartMail('mixed', [
      'Content-Type: text/plain\r\n\r\nHierbij.',
      ...Array.from(
        { length: 1000 },
        (_, n) => `Content-Type: image/png; name="${n}.png"\r\n\r\nx`,
      ),
    ]);
    for (const [message, expected] of [
      [large, /^Zie de film\.\n\n\[Attached, not kept: film\.mp4, 8 MB\]$/],
      [
        many,
        /^Hierbij\.\n\n(\[Attached, not kept: \d+\.png, 1 kB\]\n){20}\[Attached, not kept: \d+ more\]$/,
      ],
    ] as const) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const { text } = await saidBy(message);
      delay.disable();
      assert.match(text, expected);
      assert.ok(delay.max < 2e9, `${delay.max / 1e6} ms`);
    }
  });

  it('is, of an answer, only what is new; a report is kept whole', async () => {
    const quoted =
      'Op ma 23 nov 2026 om 09:00 schreef Zorgsoftware <s@zs.example>:\r\n> Werkt het?';
    const forwarded = `Zie hieronder.\r\n\r\n${quoted}`;
    assert.match((await saidBy(mail([], forwarded))).text, /> Werkt het\?$/);
    const h = await open();
    await sendMail(h, mail(['Subject: Agenda'], 'Leeg.'));
    const answer = mail(['Subject: Re: [#1] Agenda'], `Ja, dank.\r\n\r\nJan\r\n\r\n${quoted}`);
    const again = Buffer.from(answer.toString().replace('<m1@', '<m2@'));
    assert.equal((await sendMail(h, again)).json['taken'], 'added');
    const { events } = await readTicket(h.ctx, '1');
    assert.equal(events.at(-1)?.text, 'Ja, dank.\n\nJan\n\n[…]');
  });
});
