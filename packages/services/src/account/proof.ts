import { DomainError } from '@upheld/domain/errors.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import type { Actor, Context } from '../context.ts';

/** How long a second factor that was shown vouches for what makes new power. */
export const PROOF_STANDS_MS = 10 * 60_000;

/** Nothing was done: the person has to show their second factor again before it is. */
export class ProofNeeded extends DomainError {
  constructor() {
    super('unauthorised', 'confirm with your second factor that it is you');
  }
}

/** Whether a second factor was shown lately. A clock that was set back makes no proof last longer. */
export function isProven(provenAt: Instant | null | undefined, now: Instant): boolean {
  return typeof provenAt === 'number' && Math.abs(now - provenAt) < PROOF_STANDS_MS;
}

/**
 * Throws ProofNeeded where a person of the console has not shown a second factor lately: an unlocked
 * screen or a stolen cookie must not become a second way in. Tokens and the machine have none to show.
 */
export function needProof(
  { clock }: Pick<Context, 'clock'>,
  { via, provenAt }: Pick<Actor, 'via' | 'provenAt'>,
): void {
  if (via === 'console' && !isProven(provenAt, clock.now())) throw new ProofNeeded();
}
