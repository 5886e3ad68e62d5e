/** No composition rules: length, and what attackers try first, are what matters (NIST SP 800-63B, 5.1.1). */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 200;

/** What of somebody's own a password must not be made of. */
export interface Own {
  email: string;
  name: string;
  /** Names that everyone who attacks this installation knows. */
  words: readonly string[];
}

/** So much has to be left of a password without what is the person's own. */
const LEFT_OVER = 8;
/** Shorter parts of a name are parts of many words. */
const SHORTEST_WORD = 4;
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
].flatMap((run) => [run.repeat(2), Array.from(run.repeat(2)).reverse().join('')]);

/** Why a password is refused, as a line for the person who chose it; null when it is good. */
export async function passwordFault(password: string, own: Own): Promise<string | null> {
  const { length } = Array.from(password);
  if (length < SHORTEST_PASSWORD)
    return `is too short; take at least ${SHORTEST_PASSWORD} characters, such as a few words`;
  if (length > LONGEST_PASSWORD) return `is too long; take at most ${LONGEST_PASSWORD} characters`;
  const folded = fold(password);
  if (withoutOwn(folded, own).length < LEFT_OVER)
    return 'is made of your own name or address, or of the name of this product; take other words';
  if (await isCommon(folded))
    return 'is one that many people have, or nearly so; attackers try those first';
  return null;
}

/** Whether it is in the list, is one of the list several times or with digits around it, or runs along the keyboard. */
async function isCommon(folded: string): Promise<boolean> {
  const common = await commonPasswords();
  const unit = repeated(folded);
  if (unit.length < SHORTEST_WORD || common.has(unit)) return true;
  if (RUNS.some((run) => run.includes(unit))) return true;
  const core = unit.replace(/^[ -@[-`{-~]+|[ -@[-`{-~]+$/g, '');
  return core.length < SHORTEST_WORD || common.has(core) || common.has(repeated(core));
}

/** The part that a text is the repetition of; the text itself when it is none. */
function repeated(text: string): string {
  // A text is a repetition when it is found in itself doubled, before its second half.
  const period = (text + text).indexOf(text, 1);
  return text.slice(0, period < 0 ? text.length : period);
}

function withoutOwn(folded: string, { email, name, words }: Own): string {
  const [mailbox = '', host = ''] = fold(email).split('@');
  const own = [
    fold(email),
    mailbox,
    ...mailbox.split(/[^\p{L}\p{N}]+/u),
    ...host.split('.'),
    ...[name, ...words].flatMap((text) => [
      fold(text).replace(/\s/g, ''),
      ...fold(text).split(/\s+/),
    ]),
  ].filter((word) => word.length >= SHORTEST_WORD);
  return own
    .sort((a, b) => b.length - a.length)
    .reduce((rest, word) => rest.replaceAll(word, ''), folded);
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

let list: Promise<ReadonlySet<string>> | undefined;

/** Some 50 000 passwords out of what was stolen elsewhere, loaded when the first one is chosen. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  list ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  );
  return list;
}
