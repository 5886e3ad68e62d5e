import type { Handle } from '@upheld/db/database.ts';
import { readMerges } from '../read/merges.ts';

/** The incident and all that was merged into it: what was recorded of these was recorded of it. */
export async function partIds(h: Handle, id: string): Promise<string[]> {
  return (await readMerges(h)).partsOf(id);
}
