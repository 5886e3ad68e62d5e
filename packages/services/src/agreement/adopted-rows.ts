import type { AdoptedVersion } from '@upheld/config/adopted.ts';
import type { Handle } from '@upheld/db/database.ts';
import { asc, eq } from '@upheld/db/query.ts';
import type { Tables } from '@upheld/db/tables.ts';

export type AdoptedRow = Tables['agreementVersions']['$inferSelect'];

/** What a version that holds has in `holds`; one that was withdrawn has nothing. */
export const HOLDS = 'yes';

export interface HoldingVersion extends AdoptedVersion {
  /** As the public knows the agreement. */
  agreement: string;
}

/** The versions that hold, of every agreement, by their first day. */
export async function holdingVersions({ q, t }: Handle): Promise<HoldingVersion[]> {
  const { id, agreement, validFrom, source, holds } = t.agreementVersions;
  return q
    .select({ id, agreement, validFrom, source })
    .from(t.agreementVersions)
    .where(eq(holds, HOLDS))
    .orderBy(asc(validFrom), asc(id));
}

/** Every version that was ever adopted for an agreement, withdrawn ones among them, by their first day. */
export async function versionsOf({ q, t }: Handle, agreement: string): Promise<AdoptedRow[]> {
  const v = t.agreementVersions;
  return q.select().from(v).where(eq(v.agreement, agreement)).orderBy(asc(v.validFrom), asc(v.id));
}

/** The version of all that was ever adopted for an agreement: it grows with each adoption and withdrawal. */
export function versionOfAll(rows: readonly AdoptedRow[]): number {
  return rows.reduce((sum, { version }) => sum + version, 1);
}
