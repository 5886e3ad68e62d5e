/** The way from the root of the configuration to a value. */
export type Path = readonly (string | number)[];

export interface PathFault {
  path: Path;
  message: string;
}

/** A path as people write it: groups[0].components[2].id. */
export function pathText(path: Path): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? '(the whole file)' : text;
}
