import { countdownText } from './countdown-text.ts';

/*
 * What a browser with scripts gets on top of the console; every page is whole without it. Countdowns
 * run, a refused form has the focus on what was wrong, and a form is sent once.
 */

const HOUR_MS = 60 * 60_000;
const shownAt = performance.now();

function run(element: HTMLElement): void {
  const to = Number(element.dataset['countdown']);
  // From the server's clock on, as the browser's may be wrong.
  const now = Number(element.dataset['now']) + (performance.now() - shownAt);
  const left = to - now;
  element.textContent = countdownText(left);
  const frame = element.closest('.countdown');
  frame?.classList.toggle('late', left < 0);
  frame?.classList.toggle('soon', left >= 0 && left < HOUR_MS);
}

const countdowns = [...document.querySelectorAll<HTMLElement>('[data-countdown]')];
if (countdowns.length > 0) setInterval(() => countdowns.forEach(run), 1000);

document.querySelector<HTMLElement>('[data-focus]')?.focus();

for (const form of document.querySelectorAll('form'))
  form.addEventListener('submit', (event) => {
    // What is shown in a frame of the page does nothing, and the form is still to be sent.
    if (event.submitter?.hasAttribute('formtarget')) return;
    // A second press of the button while the first is under way would do the thing twice.
    if (form.dataset['sent'] === 'yes') event.preventDefault();
    else form.dataset['sent'] = 'yes';
  });
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form')) delete form.dataset['sent'];
});

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  const source = document.getElementById(button.dataset['copy'] ?? '');
  button.hidden = source === null;
  button.addEventListener('click', () => {
    void navigator.clipboard.writeText(source?.textContent.trim() ?? '').then(() => {
      button.textContent = 'Copied';
    });
  });
}
