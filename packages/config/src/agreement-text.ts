import type { Agreement } from '@upheld/domain/sla/agreement.ts';
import { isSeq, parseDocument, stringify } from 'yaml';

const texts = new WeakMap<Agreement, string>();

/** Remembers the text that an agreement was read from. */
export function keepText(agreement: Agreement, text: string): void {
  texts.set(agreement, text);
}

/**
 * The file of an agreement for everyone to read: as it is, unless it says what was agreed with single
 * customers. That is between them and the supplier, and no public figure is made from it.
 */
export function publicTextOf(agreement: Agreement): string {
  const { customers, ...open } = agreement.source;
  if (customers === undefined) return texts.get(agreement) ?? stringify(open);
  return `# What was agreed with single customers is left out.\n${stringify(open, { aliasDuplicateObjects: false })}`;
}

/** Gives `combined` the text of `base` with a version at a place in its list; comments stay. */
export function insertVersion(
  base: Agreement,
  combined: Agreement,
  { version, index }: { version: Readonly<Record<string, unknown>>; index: number },
): void {
  const text = texts.get(base);
  if (text === undefined) return;
  const document = parseDocument(text);
  const list = document.get('versions', true);
  if (isSeq(list)) list.items.splice(index, 0, document.createNode(version));
  else document.set('versions', document.createNode(combined.source['versions']));
  texts.set(combined, document.toString({ lineWidth: 0 }));
}
