import { z } from 'zod';
import { recordAudit } from '../audit/record.ts';
import type { Actor, Context } from '../context.ts';
import { parseInput } from '../input.ts';
import { SETTINGS_SUBJECT, type CheckedDraft, type SettingsFile } from './file.ts';

const LONGEST_DRAFT = 256 * 1024;

const draft = z.strictObject({
  text: z
    .string('is missing; paste the whole file')
    .min(1, 'is empty; paste the whole file')
    .max(LONGEST_DRAFT, 'is too long; check it on the machine with upheld settings check'),
});

/**
 * Says what is wrong with a text that may become upheld.yaml. The text is kept nowhere; that somebody
 * had one checked is recorded, as it is a way to feel for what is set.
 */
export async function checkSettings(
  ctx: Context,
  file: SettingsFile,
  actor: Actor,
  input: { text: string },
): Promise<CheckedDraft> {
  const { text } = parseInput(draft, input);
  const checked = await file.check(text);
  await ctx.db.transact((h) =>
    recordAudit(h, ctx, actor, {
      action: 'settings.check',
      subject: SETTINGS_SUBJECT,
      after: { faults: checked.faults.length, warnings: checked.warnings.length },
    }),
  );
  return checked;
}
