import type { Agreement } from './agreement.ts';

/** The agreements that are known here, by the reference that a configuration or facts file uses. */
export interface AgreementBook {
  /** Throws DomainError('not-found') with the nearest known id. */
  get(reference: string): Agreement;
  /** Ids of the shipped agreements, sorted. */
  ids(): readonly string[];
}
