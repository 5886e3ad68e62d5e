import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { keyed } from '../secret.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM of a text, bound to whose it is: a value that is moved to another row does not open. */
export function seal(secret: string, owner: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyed(secret, 'seal', ''), nonce);
  cipher.setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url');
}

/** The text again; null for what is another owner's, or was changed. */
export function unsealed(secret: string, owner: string, sealed: string): string | null {
  try {
    return unseal(secret, owner, sealed);
  } catch {
    return null;
  }
}

/** The text again. Throws when it was changed, or is another owner's. */
export function unseal(secret: string, owner: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyed(secret, 'seal', ''),
    bytes.subarray(0, NONCE_BYTES),
  );
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}
