import type { Fault } from '@upheld/domain/errors.ts';
import { ROLES } from '@upheld/domain/access/permissions.ts';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { invalidInput } from '../input.ts';
import { passwordFault } from './password-rule.ts';

/** The product itself acts under these; a person with one would lie in the record. */
const RESERVED = ['detector', 'cli', 'upheld', 'visitor'];

export const nameInput = z
  .string('is missing; write the name that colleagues know')
  .trim()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'’_@()-]{0,79}$/u,
    "is not right; write at most 80 letters, digits, spaces and . , ' _ @ ( ) -",
  )
  .refine((name) => !RESERVED.includes(name.toLowerCase()), 'is a name of the product itself');

export const emailInput = z
  .string('is missing; write an e-mail address')
  .trim()
  .toLowerCase()
  .max(254, 'is too long for an e-mail address')
  .pipe(z.email('is no e-mail address; write one such as anna@example.com'));

export const roleInput = z.enum(ROLES, `is no role; write one of ${ROLES.join(', ')}`);

/**
 * What somebody chose for their account, with every fault at once: of the fields, and of the password.
 * Throws DomainError('invalid-input').
 */
export async function chosen<S extends z.ZodType>(
  ctx: Pick<Context, 'config'>,
  schema: S,
  input: unknown,
  password: { path: string; text: string; email: string; name: string },
): Promise<z.output<S>> {
  const parsed = schema.safeParse(input);
  const faults: Fault[] = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const { email, name, text } = password;
  const words = ['Upheld', ctx.config().organisation.name];
  const fault = await passwordFault(text, { email, name, words });
  if (fault !== null) faults.push({ path: password.path, message: fault });
  if (!parsed.success || faults.length > 0) throw invalidInput(faults);
  return parsed.data;
}
