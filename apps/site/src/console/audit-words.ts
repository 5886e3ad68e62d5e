/** One thing that a change touched: how it was and how it became, as text. */
export interface Difference {
  name: string;
  before: string | null;
  after: string | null;
}

/** What differs between a record before and after a change, by the paths of its values. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [was, is] = [flat(before), flat(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((name) => ({ name, before: was.get(name) ?? null, after: is.get(name) ?? null }))
    .filter((one) => one.before !== one.after);
}

function flat(value: unknown, path = '', into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (typeof value === 'object' && !Array.isArray(value))
    for (const [name, inner] of Object.entries(value))
      flat(inner, path === '' ? name : `${path}.${name}`, into);
  else into.set(path === '' ? 'value' : path, textOf(value));
  return into;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An action such as 'incident.post-update' in words: 'Incident: post update'. */
export function actionText(action: string): string {
  const [thing = '', verb = ''] = action.split('.', 2);
  const words = verb.replaceAll('-', ' ');
  const name = thing.charAt(0).toUpperCase() + thing.slice(1);
  return words === '' ? name : `${name}: ${words}`;
}
