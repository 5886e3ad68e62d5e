import type { core } from 'zod';
import { faultsOfDocument, type PathFault } from './agreement-check.ts';
import { agreementSchema, type AgreementDocument } from './agreement-schema.ts';

export interface SeverityLevel {
  readonly id: string;
  readonly countsAsDown: boolean;
}

export interface AgreementComponent {
  readonly id: string;
  readonly name: string;
}

/** A point on which the contract can be read in more than one way; the first option is the default. */
export interface Reading {
  readonly id: string;
  readonly options: readonly string[];
}

/** A contract as data. What a rule of it is under chosen readings: rules.ts. */
export interface Agreement {
  readonly id: string;
  readonly name: string;
  readonly components: readonly AgreementComponent[];
  /** Whether it covers any component, whatever its name. */
  readonly anyComponent: boolean;
  /** Worst first. */
  readonly severityLevels: readonly SeverityLevel[];
  readonly readings: readonly Reading[];
  /** The file as it was read, which readings replace pieces of. */
  readonly source: Readonly<Record<string, unknown>>;
  /** The file with every default filled in. */
  readonly document: AgreementDocument;
}

export type ReadAgreement =
  | { ok: true; agreement: Agreement }
  /** `issues` are faults of form as zod gives them, `faults` those of meaning; one of them is empty. */
  | { ok: false; issues: readonly core.$ZodIssue[]; faults: readonly PathFault[] };

/** Makes an agreement of a parsed file, or gives all that is wrong with it. */
export function readAgreement(source: unknown): ReadAgreement {
  const parsed = agreementSchema.safeParse(source, { reportInput: true });
  if (!parsed.success) return { ok: false, issues: parsed.error.issues, faults: [] };
  const document = parsed.data;
  const whole = source as Record<string, unknown>;
  const faults = faultsOfDocument(document, whole);
  if (faults.length > 0) return { ok: false, issues: [], faults };
  const { components } = document;
  return {
    ok: true,
    agreement: {
      id: document.id,
      name: document.name,
      components: components === 'any' ? [] : components,
      anyComponent: components === 'any',
      severityLevels: document.severity,
      readings: Object.entries(document.readings).map(([id, reading]) => ({
        id,
        options: Object.keys(reading.options),
      })),
      source: whole,
      document,
    },
  };
}

/** Whether the agreement covers a component. */
export function covers(agreement: Agreement, component: string): boolean {
  return agreement.anyComponent || agreement.components.some(({ id }) => id === component);
}

/** The level for what the detector finds: the first that counts as down, or the first that does not. */
export function detectorSeverity(agreement: Agreement, state: 'down' | 'degraded'): string {
  const levels = agreement.severityLevels;
  const level = levels.find((candidate) => candidate.countsAsDown === (state === 'down'));
  return (level ?? levels.at(-1))?.id ?? state;
}
