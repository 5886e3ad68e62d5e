import type { Instant } from '../ports.ts';
import { startOfDate } from '../time/zoned.ts';
import { readAgreement, type Agreement } from './agreement.ts';
import { replaced } from './replace.ts';

const made = new WeakMap<Agreement, Map<string, Agreement>>();

/**
 * The agreement as it was at an instant: with what its versions that were in force by then replace, and
 * under the label of the last of them. A version holds from midnight of its first day in the zone of the
 * agreement.
 */
export function versionAt(agreement: Agreement, at: Instant): Agreement {
  const { versions, zone } = agreement.document;
  const inForce = versions.filter(
    ({ validFrom }) => (startOfDate(validFrom, zone) ?? Infinity) <= at,
  );
  const last = inForce.at(-1);
  if (!last) return agreement;
  const cache = made.get(agreement) ?? new Map<string, Agreement>();
  made.set(agreement, cache);
  const known = cache.get(last.validFrom);
  if (known) return known;
  let source: Record<string, unknown> = { ...agreement.source };
  for (const { replaces } of inForce) source = replaced(source, replaces);
  const { label, validFrom } = last;
  const version = { ...agreement.document.version, label, validFrom };
  const read = readAgreement({ ...source, version, versions: [] });
  // The file was judged with every version when it was read.
  if (!read.ok) throw new Error(`version ${label} of ${agreement.id} is unsound`);
  cache.set(last.validFrom, read.agreement);
  return read.agreement;
}
