import type { Refusal, Refused } from './types.ts';

export function refused(reason: Refusal): Refused {
  return { ok: false, reason };
}

export function isRefused(answer: object): answer is Refused {
  return 'ok' in answer && answer.ok === false;
}
