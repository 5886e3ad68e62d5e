const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long it is until a moment `ms` away, or since one: 'in 2 h 13 min', 'late by 45 s'. */
export function countdownText(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  if (seconds === 0) return 'now';
  const text = lengthText(seconds);
  return ms < 0 ? `late by ${text}` : `in ${text}`;
}

function lengthText(seconds: number): string {
  const units: readonly [size: number, name: string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  const parts: string[] = [];
  for (const [size, name] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    // Seconds beside minutes only near the moment: a figure that runs all the time draws the eye.
    if (count > 0 && !(name === 's' && seconds >= 10 * MINUTE)) parts.push(`${count}\u00a0${name}`);
  }
  return parts.join(' ');
}
