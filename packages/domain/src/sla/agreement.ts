export interface SeverityLevel {
  id: string;
  countsAsDown: boolean;
}

export interface AgreementComponent {
  id: string;
  name: string;
}

/** A contract as data. */
export interface Agreement {
  id: string;
  name: string;
  components: readonly AgreementComponent[];
  /** Whether it covers any component, whatever its name. */
  anyComponent: boolean;
  /** Worst first. */
  severityLevels: readonly SeverityLevel[];
}

/** The level that the detector gives: its first down level, or the first that is not down. */
export function detectorSeverity(agreement: Agreement, state: 'down' | 'degraded'): string {
  const levels = agreement.severityLevels;
  const level = levels.find((candidate) => candidate.countsAsDown === (state === 'down'));
  return (level ?? levels.at(-1))?.id ?? state;
}
