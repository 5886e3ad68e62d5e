import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What a test makes go wrong. */
export interface Ceremony {
  origin: string;
  /** The challenge to sign; by default the one that was asked for. */
  challenge?: string;
  rpId?: string;
  /** Whether the user unlocked it; true unless told. */
  verified?: boolean;
  /** The value of the counter; by default one more than before. */
  counter?: number;
}

/** An authenticator in software (WebAuthn Level 2) with one key of P-256, as a browser would answer for it. */
export function softAuthenticator() {
  const id = randomBytes(16);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let counter = 0;
  return {
    id: id.toString('base64url'),
    /** Answers navigator.credentials.create(). */
    create(options: Readonly<Record<string, unknown>>, ceremony: Ceremony) {
      const rp = options['rp'] as { id: string };
      const data = authData({ ...ceremony, rpId: ceremony.rpId ?? rp.id, counter: 0 }, 0x40);
      const attested = Buffer.concat([Buffer.alloc(16), u16(id.length), id, coseKey(publicKey)]);
      const attestationObject = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(Buffer.concat([data, attested]))],
      ]);
      return credential(id, {
        clientDataJSON: clientData('webauthn.create', options, ceremony),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      });
    },
    /** Answers navigator.credentials.get(). */
    get(options: Readonly<Record<string, unknown>>, ceremony: Ceremony) {
      counter = ceremony.counter ?? counter + 1;
      const rpId = ceremony.rpId ?? (options['rpId'] as string);
      const data = authData({ ...ceremony, rpId, counter }, 0);
      const clientDataJSON = clientData('webauthn.get', options, ceremony);
      const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
      return credential(id, {
        clientDataJSON,
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, hash]), privateKey).toString('base64url'),
      });
    },
  };
}

function credential(id: Buffer, response: object) {
  const text = id.toString('base64url');
  return { id: text, rawId: text, type: 'public-key', response, clientExtensionResults: {} };
}

function clientData(
  type: string,
  options: Readonly<Record<string, unknown>>,
  { origin, challenge }: Ceremony,
): string {
  const asked = challenge ?? options['challenge'];
  return Buffer.from(JSON.stringify({ type, challenge: asked, origin })).toString('base64url');
}

function authData(
  { rpId, verified = true, counter }: Ceremony & { rpId: string; counter: number },
  flags: number,
): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const present = 0x01 | (verified ? 0x04 : 0) | flags;
  return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.of(present), count]);
}

function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return cborMap([
    [Buffer.of(0x01), Buffer.of(0x02)], // kty: EC2
    [Buffer.of(0x03), Buffer.of(0x26)], // alg: ES256
    [Buffer.of(0x20), Buffer.of(0x01)], // crv: P-256
    [Buffer.of(0x21), cborBytes(Buffer.from(x, 'base64url'))],
    [Buffer.of(0x22), cborBytes(Buffer.from(y, 'base64url'))],
  ]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function cborHead(major: number, length: number): Buffer {
  if (length < 24) return Buffer.of((major << 5) | length);
  if (length < 256) return Buffer.of((major << 5) | 24, length);
  return Buffer.concat([Buffer.of((major << 5) | 25), u16(length)]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, text.length), Buffer.from(text)]);
}

function cborMap(entries: readonly [Buffer, Buffer][]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
