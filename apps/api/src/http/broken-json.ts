/**
 * Where a text stops being JSON, for whoever wrote it: `"}" at line 1, column 9 does not belong there`.
 * V8 does not always tell, but it tells what a text only lacks the end of from what is wrong already.
 */
export function whereBroken(text: string): string {
  if (text.trim() === '') return 'it is empty';
  if (isSound(text)) return `it ends too early, at ${place(text, text.length)}`;
  // The longest beginning that could still become JSON: of a longer one nothing can.
  let sound = 0;
  let broken = text.length;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (isSound(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  return `${JSON.stringify(text.charAt(sound))} at ${place(text, sound)} does not belong there`;
}

/** Whether a text is JSON, or the beginning of some. */
function isSound(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as SyntaxError;
    const at = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON input/.test(message) || Number(at) === text.length;
  }
}

function place(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}
