export const SUBJECTS = [
  'configuration',
  'process',
  'database',
  'clock',
  'e-mail',
  'sms',
  'dns',
  'audit',
  'periods',
  'agreements',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** One line of the doctor: what was looked at, how it is, and what would mend it. */
export interface Finding {
  about: Subject;
  /** A hint is worth reading and no reason to fail. */
  state: 'fine' | 'hint' | 'wrong';
  message: string;
  remedy?: string;
}

export const fine = (about: Subject, message: string): Finding => ({
  about,
  state: 'fine',
  message,
});

export const hint = (about: Subject, message: string, remedy: string): Finding => ({
  about,
  state: 'hint',
  message,
  remedy,
});

/** What to do where what stands in the database is not what the product wrote. */
export const tampered = (then: string): string =>
  `somebody wrote to the database without the product: ${then}`;

export const wrong = (about: Subject, message: string, remedy: string): Finding => ({
  about,
  state: 'wrong',
  message,
  remedy,
});
