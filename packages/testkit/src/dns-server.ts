import { decode, encode, type Answer, type Question } from 'dns-packet';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** The texts of a name (TXT), or its addresses; what is not in it does not exist. */
export type Zone = Readonly<Record<string, { txt?: readonly string[]; a?: readonly string[] }>>;

export interface DnsServer {
  /** As `Resolver.setServers` takes it. */
  address: string;
  /** Questions seen, such as `_dmarc.example.test TXT`. */
  readonly asked: readonly string[];
  /** From now on it says nothing (`hang`), or that it cannot (`fail`); null: it answers again. */
  fail(how: 'hang' | 'fail' | null): void;
  /** What holds from now on. */
  serve(zone: Zone): void;
  close(): Promise<void>;
}

const SERVFAIL = 2;
const NXDOMAIN = 3;

/** A name server for tests, on a free port of this machine: real questions over UDP. */
export async function startDnsServer(zone: Zone = {}): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  let names = zone;
  let fault: 'hang' | 'fail' | null = null;
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (!question) return;
    asked.push(`${question.name.toLowerCase()} ${question.type}`);
    if (fault === 'hang') return;
    const known = names[question.name.toLowerCase()];
    const flags = fault === 'fail' ? SERVFAIL : known ? 0 : NXDOMAIN;
    const answers = flags === 0 && known ? answersTo(question, known) : [];
    socket.send(encode({ type: 'response', id, flags, questions, answers }), from.port);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port }: AddressInfo = socket.address();
  return {
    address: `127.0.0.1:${port}`,
    asked,
    fail(how) {
      fault = how;
    },
    serve(next) {
      names = next;
    },
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function answersTo({ name, type }: Question, { txt = [], a = [] }: Zone[string]): Answer[] {
  if (type === 'TXT')
    return txt.map((text) => ({ name, type, ttl: 60, data: text.match(/.{1,255}/gs) ?? [''] }));
  return type === 'A' ? a.map((data) => ({ name, type, ttl: 60, data })) : [];
}
