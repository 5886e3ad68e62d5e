import type { SenderProof } from '@upheld/domain/desk/ticket.ts';
import type { AuthenticateResult } from 'mailauth';
import { BlockList, isIP } from 'node:net';
import type { LookUp, MailDns } from './mail-dns.ts';

/** What headers say of a mail, as far as proving its sender goes. */
export interface Claimed {
  /** The one address of its From. */
  from: string;
  /** `Received` in the order in which they stand: the latest first. */
  received: readonly string[];
  /** `Return-Path` without its brackets; empty where there is none. */
  returnPath: string;
  /** The whole header. */
  fromLine: string;
  /** How many signatures it has. */
  signatures: number;
  /** Whether a header that may stand once stands twice: then a signature may be about the other one. */
  ambiguous: boolean;
}

/** No honest mail has more, and each costs a reading of the whole mail. */
const MOST_SIGNATURES = 4;
/** SMTP carries lines of 1000 octets (RFC 5321 4.5.3.1.6); what is far longer costs much to canonicalise. */
const LONGEST_LINE = 10_000;

/** What is judged: of a mail made to keep us busy its From alone, so that no signature holds. */
function judgeable(mail: Buffer, { signatures, fromLine }: Claimed): Buffer {
  const isUsual = signatures <= MOST_SIGNATURES && !hasLineOver(mail, LONGEST_LINE);
  return isUsual ? mail : Buffer.from(`${fromLine}\r\n\r\n`);
}

function hasLineOver(mail: Buffer, most: number): boolean {
  for (let at = -1; ;) {
    const next = mail.indexOf(0x0a, at + 1);
    if ((next < 0 ? mail.length : next) - at > most) return true;
    if (next < 0) return false;
    at = next;
  }
}

/** Addresses of our own side, on the way from the server that took the mail to here. */
const INSIDE = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  INSIDE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  INSIDE.addSubnet(net, prefix, 'ipv6');

/** No honest mail took more, or a longer one; what is below is the sender's. */
const MOST_HOPS = 30;
const LONGEST_HOP = 2000;

/**
 * Whether a mail comes from whom it says: 'proven' where the domain of its From signed it (DKIM, aligned as
 * DMARC asks), 'refuted' where that domain asks that mail be refused which it neither signed nor sent (DMARC
 * quarantine or reject), null where nobody can tell, which includes that DNS gave no answer in time.
 */
export async function proveSender(
  mail: Buffer,
  claimed: Claimed,
  dns: MailDns,
): Promise<SenderProof | null> {
  if (claimed.from === '') return null;
  const signal = AbortSignal.timeout(dns.withinMs);
  const late = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const found = await Promise.race([late, authenticated(mail, claimed, dns.forOne(signal))]);
  return found && verdictOf(found.result, claimed, found.connected);
}

async function authenticated(mail: Buffer, claimed: Claimed, lookUp: LookUp) {
  const { authenticate } = await import('mailauth');
  const ip = await connectedFrom(claimed.received);
  const result = await authenticate(judgeable(mail, claimed), {
    resolver: lookUp,
    // Where the server left no return path, the question is whether it may send for the From at all.
    sender: claimed.returnPath === '' ? claimed.from : claimed.returnPath,
    ...(ip === null ? {} : { ip }),
    mta: 'upheld',
    rejectRsaSha1: true,
    disableArc: true,
    disableBimi: true,
  });
  return { result, connected: ip !== null };
}

/**
 * Who handed the mail to the server that took it for us: the first address from outside, from the latest
 * Received on. What a sender made up stands below that.
 */
async function connectedFrom(received: readonly string[]): Promise<string | null> {
  const { parseReceived, getClientAddress } = await import('mailauth/lib/parse-received.js');
  for (const line of received.slice(0, MOST_HOPS)) {
    const address = getClientAddress(parseReceived(line.slice(0, LONGEST_HOP)).from);
    if (address === false) continue;
    if (!INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return address;
  }
  return null;
}

function verdictOf(
  { dkim, spf, dmarc }: AuthenticateResult,
  { from, ambiguous }: Claimed,
  connected: boolean,
): SenderProof | null {
  const isAboutThem =
    dkim.fromFields === 1 && dkim.headerFrom.length === 1 && sameAddress(dkim.headerFrom[0], from);
  if (isAboutThem && !ambiguous && dkim.results.some((one) => signsAll(one))) return 'proven';
  const unanswered = [...dkim.results, spf, dmarc].some(
    (one) => one !== false && /^temp/.test(one.status.result),
  );
  if (unanswered || !connected || dmarc === false) return null;
  return dmarc.status.result === 'fail' && /^(quarantine|reject)$/.test(dmarc.policy)
    ? 'refuted'
    : null;
}

/** A signature that holds, is aligned with the From, and covers the subject and the whole text. */
function signsAll({
  status,
  signingHeaders,
}: AuthenticateResult['dkim']['results'][number]): boolean {
  const signed = signingHeaders?.keys.toLowerCase().split(':') ?? [];
  return (
    status.result === 'pass' &&
    Boolean(status.aligned) &&
    status.testing !== true &&
    !status.underSized &&
    signed.some((name) => name.trim() === 'subject')
  );
}

function sameAddress(a: string | undefined, b: string): boolean {
  return a?.trim().toLowerCase() === b.toLowerCase();
}
