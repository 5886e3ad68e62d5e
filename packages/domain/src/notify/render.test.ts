import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cutToSeptets, septets, toGsm } from './gsm.ts';
import type { AlertNotification } from './desk-messages.ts';
import type {
  IncidentNotification,
  MaintenanceNotification,
  ReminderNotification,
} from './message.ts';
import type { Reminder } from './reminders.ts';
import type { Letterhead, Reader } from './letter.ts';
import { renderMail, renderSms } from './render.ts';

const both = (text: string) => ({ nl: text, en: text });
const from: Letterhead = {
  organisation: 'Zorgsoftware',
  page: { nl: 'Zorgsoftware status', en: 'Zorgsoftware status' },
  url: 'https://status.zorgsoftware.nl',
  zone: 'Europe/Amsterdam',
};
const token = `${'t'.repeat(22)}.${'m'.repeat(16)}`;
const nl: Reader = { language: 'nl', token, code: '012345' };
const en: Reader = { ...nl, language: 'en' };

const incident = (over: Partial<IncidentNotification> = {}): IncidentNotification => ({
  kind: 'incident',
  event: 'opened',
  incidentId: 'i1',
  title: { nl: 'FysioOne is niet bereikbaar', en: 'FysioOne cannot be reached' },
  status: 'investigating',
  body: { nl: 'We zoeken het uit.\nRegel twee.\n\nAlinea.', en: 'We look into it.' },
  components: [{ id: 'fysioone', name: both('FysioOne') }],
  startedAt: Date.UTC(2026, 10, 21, 9),
  at: Date.UTC(2026, 10, 21, 9, 5),
  ...over,
});
const maintenance: MaintenanceNotification = {
  kind: 'maintenance',
  event: 'announced',
  maintenanceId: 'm1',
  title: { nl: 'Database bijwerken', en: 'Upgrade of the database' },
  body: both('x'),
  components: [{ id: 'fysioone', name: both('FysioOne') }],
  // The night in which the clocks go back.
  from: Date.UTC(2026, 9, 24, 23, 30),
  to: Date.UTC(2026, 9, 25, 2, 30),
  at: Date.UTC(2026, 9, 1, 8),
};
const reminder = (which: Reminder): ReminderNotification => ({
  kind: 'reminder',
  reminder: which,
  maintenanceId: 'm1',
  title: maintenance.title,
  body: maintenance.body,
  components: maintenance.components,
  from: maintenance.from,
  to: maintenance.to,
  until: maintenance.to,
});
const challenge = {
  kind: 'challenge' as const,
  subscriberId: 's1',
  nonce: 'n1',
  choice: { language: 'nl' as const, componentIds: null },
};

describe('a mail', () => {
  it('says what is wrong, since when in the zone of the page, and how to end it', () => {
    const mail = renderMail(incident(), from, nl);
    assert.equal(mail.subject, '[Zorgsoftware] FysioOne is niet bereikbaar');
    assert.match(mail.text, /^Storing: FysioOne is niet bereikbaar\n/);
    assert.match(mail.text, /Het gaat om: FysioOne\nSinds: zaterdag 21 november 2026 om 10:00/);
    assert.match(mail.text, /https:\/\/status\.zorgsoftware\.nl\/incidents\/i1/);
    assert.equal(mail.unsubscribeUrl, `${from.url}/unsubscribe?token=${token}`);
    for (const link of ['subscription', 'unsubscribe'])
      assert.ok(mail.text.includes(`${from.url}/${link}?token=${token}`));
    assert.match(renderMail(incident(), from, en).text, /Since: Saturday,? 21 November 2026/);
  });

  it('keeps its subject through the whole incident', () => {
    const subjects = (['opened', 'updated', 'resolved'] as const).map(
      (event) => renderMail(incident({ event, status: 'monitoring' }), from, nl).subject,
    );
    assert.equal(new Set(subjects).size, 1);
  });

  it('tells a maintenance in local time across a change of the clocks', () => {
    const { text } = renderMail(maintenance, from, nl);
    assert.match(text, /Wanneer: zo 25 okt\.?,? 01:30.03:30/);
  });

  it('reminds with what was announced, and at the end says that it is over', () => {
    const before = renderMail(reminder('24h'), from, nl);
    assert.equal(before.subject, renderMail(maintenance, from, nl).subject, 'one thread');
    assert.match(before.text, /^Herinnering aan onderhoud: Database bijwerken\n/);
    assert.match(before.text, /\n\nx\n\n/);
    assert.ok(before.text.includes(`${from.url}/calendar.ics?lang=nl`));
    assert.match(before.html, /calendar\.ics\?lang=nl/);
    const after = renderMail(reminder('end'), from, en);
    assert.match(after.text, /^Maintenance is over: Upgrade of the database\n/);
    assert.match(after.text, /Please tell us if you still notice something of it/);
  });

  it('asks to confirm without offering to unsubscribe', () => {
    const mail = renderMail(challenge, from, nl);
    assert.equal(mail.unsubscribeUrl, null);
    assert.ok(mail.text.includes(`${from.url}/subscribe/confirm?token=${token}`));
    assert.ok(!mail.text.includes('unsubscribe'));
  });

  it('invites by name, with a link that is nobody else’s and an end to it', () => {
    const mail = renderMail(
      {
        kind: 'invitation',
        invitationId: 'v1',
        invitedBy: 'Olga <b>Owner</b>\nBcc: x@y.nl',
        until: Date.UTC(2026, 10, 28, 9),
      },
      from,
      en,
    );
    assert.equal(mail.subject, '[Zorgsoftware] Invitation to make an account');
    assert.equal(mail.unsubscribeUrl, null);
    assert.ok(mail.text.includes(`${from.url}/console/invitation?token=${token}`));
    assert.match(mail.text, /To be used until: Saturday.? 28 November 2026 at 10:00/);
    assert.match(mail.html, /Olga &lt;b&gt;Owner&lt;\/b&gt; Bcc: x@y\.nl invites you/);
  });

  it('escapes every text, and fetches nothing', () => {
    const evil = `<img src=x onerror=alert(1)>"'&</td>`;
    const { html } = renderMail(
      incident({
        title: both(evil),
        body: both(evil),
        components: [{ id: 'x', name: both(evil) }],
      }),
      { ...from, organisation: evil },
      { ...nl, token: '"><script>' },
    );
    assert.ok(!html.includes('<img') && !html.includes('<script') && !html.includes('&</td'));
    assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;&lt;/td&gt;'));
    assert.doesNotMatch(html, /<[^>]*\ssrc=|url\(|<link|@import/);
  });

  it('keeps the lines and paragraphs of an engineer', () => {
    const { html } = renderMail(incident(), from, nl);
    assert.match(html, />We zoeken het uit\.<br>Regel twee\.<\/p>\n<p[^>]*>Alinea\.<\/p>/);
  });

  it('has a subject of one line, whatever is in the title', () => {
    const subjectOf = (title: string) =>
      renderMail(incident({ title: both(title) }), from, nl).subject;
    assert.equal(
      subjectOf('a\r\nBcc: evil@example.com\u0085\u0000\u2028b\u202ec'),
      '[Zorgsoftware] a Bcc: evil@example.com bc',
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        const subject = subjectOf(title);
        assert.doesNotMatch(subject, /[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        assert.ok(Array.from(subject).length <= 150);
      }),
    );
  });
});

describe('a text message', () => {
  it('fits one segment with its link, and keeps what matters', () => {
    const sms = renderSms(incident(), from, nl);
    assert.equal(
      sms,
      `FysioOne is niet bereikbaar. In onderzoek, 10:05. Afmelden: ${from.url}/unsubscribe?token=${token}`,
    );
    assert.ok(septets(sms) <= 160);
    const long = renderSms(incident({ title: both('Zéér lange naam '.repeat(20)) }), from, nl);
    assert.match(long, /\.\.\.\. In onderzoek, 10:05\. Afmelden: http/);
    assert.ok(septets(long) <= 160);
  });

  it('takes a second segment rather than say nothing', () => {
    const far = { ...from, url: `https://status.${'very-long-name.'.repeat(5)}example.com` };
    const sms = renderSms(incident(), far, nl);
    assert.match(sms, /^FysioOne is niet bereikbaar\. In onderzoek/);
    assert.ok(septets(sms) > 160 && septets(sms) <= 306);
  });

  it('says when there is maintenance', () => {
    assert.match(
      renderSms(maintenance, from, en),
      /^Maintenance announced, Sun,? 25 Oct,? 01:30 ?-? ?03:30: Upg.*Stop: https/,
    );
  });

  it('calls for several things in one message, and names as many as there is room for', () => {
    const about = (index: number) => ({
      alertId: `a${index}`,
      about: 'incident' as const,
      title: { nl: `Product ${index} is uit`, en: `Product ${index} is down` },
      components: [{ id: `p${index}`, name: both(`Product ${index}`) }],
      raisedAt: Date.UTC(2026, 10, 21, 2, 10),
      step: 0,
    });
    const call = (count: number, over: Partial<AlertNotification> = {}): AlertNotification => ({
      kind: 'alert',
      ...about(1),
      others: Array.from({ length: count - 1 }, (_, index) => about(index + 2)),
      ...over,
    });
    const link = `${from.url}/alert?token=${token}`;
    assert.equal(
      renderSms(call(12), from, en),
      `03:10 12 things need you: Product 1 is down; Product 2 is down; Product 3 is down; and 9 more. I am on it: ${link}`,
    );
    assert.equal(
      renderSms(call(1), from, nl),
      `03:10 Product 1 is uit. Ik pak het op: ${link}`,
      'one is told of as one',
    );
    const last = renderSms(call(40, { isLast: true }), from, nl);
    assert.match(last, /^03:10 40 dingen vragen u: .*Dit uur volgen geen sms-berichten meer; wat/);
    for (const length of [1, 60, 400]) {
      const title = both('€'.repeat(length));
      for (const isLast of [true, false])
        for (const count of [1, 2, 3, 100]) {
          const text = renderSms(call(count, { title, isLast }), from, nl);
          assert.ok(septets(text) <= 306, `${septets(text)}`);
          assert.ok(text.endsWith(link), 'the link is whole');
          if (count > 1) assert.match(text, new RegExp(`${count} dingen vragen u: `));
        }
    }
    const mail = renderMail(call(40), from, en);
    assert.equal(mail.subject, '[Zorgsoftware] 40 things need you: Product 1 is down, and 39 more');
    assert.match(mail.text, /03:10 Product 30 is down \(Product 30\)\n… and 10 more/);
    assert.equal(mail.unsubscribeUrl, null);
  });

  it('gives a code, whatever the name of the page', () => {
    assert.match(renderSms(challenge, from, nl), /^012345 is uw code voor berichten van Zorg/);
    const page = both('Ŝtatuspagina van '.repeat(30));
    const sms = renderSms(challenge, { ...from, page }, nl);
    assert.match(sms, /^012345 .* kwartier geldig\.$/);
    assert.ok(septets(sms) <= 160);
  });

  it('is written in the GSM alphabet, where patiënt is a patient', () => {
    assert.equal(toGsm('patiënt – “één” ï ç…\u202f½'), 'patient - "één" i c... ?');
    assert.equal(septets('€'), 2);
    const alphabet = /^[\n\r\f -_a-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*$/u;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const gsm = toGsm(text);
        assert.match(gsm, alphabet);
        assert.ok(!gsm.includes('`'));
      }),
    );
  });

  it('is cut between characters, to the septet', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 3, max: 200 }), (text, limit) => {
        assert.ok(septets(cutToSeptets(toGsm(text), limit)) <= limit);
      }),
    );
    assert.equal(cutToSeptets('abcd', 4), 'abcd');
    assert.equal(cutToSeptets('abcde', 4), 'a...');
  });
});
