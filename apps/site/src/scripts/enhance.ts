/*
 * What a browser with scripts gets on top; every page is whole without it. One Tab stop for each bar,
 * with the arrow keys along its days, and a word when the page has been open for long.
 */

const OLD_AFTER_MS = 5 * 60_000;

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_at, count) => count - 1,
};

for (const bar of document.querySelectorAll<HTMLElement>('[data-bar]')) {
  const runs = [...bar.children].filter((child) => child instanceof HTMLElement);
  for (const run of runs) run.tabIndex = run === runs.at(-1) ? 0 : -1;
  bar.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const at = runs.findIndex((run) => run === document.activeElement);
    if (!step || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = runs[Math.min(runs.length - 1, Math.max(0, step(at, runs.length)))];
    for (const run of runs) run.tabIndex = run === next ? 0 : -1;
    next?.focus();
  });
}

setTimeout(() => {
  document.querySelector('[data-old-banner]')?.removeAttribute('hidden');
}, OLD_AFTER_MS);
