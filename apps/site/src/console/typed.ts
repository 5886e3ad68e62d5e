import type { FormState, Posted } from './forms.ts';

/** A form with what was typed in it, for an answer that shows it again though nothing was wrong: a preview. */
export function typed(verb: string, form: Posted): FormState {
  return {
    verb,
    refused: false,
    message: null,
    faults: [],
    value: (name, initial = '') => (form.has(name) ? form.text(name) : initial),
    values: (name) => form.texts(name),
    checked: (name, value) => form.texts(name).includes(value),
    error: () => null,
  };
}
