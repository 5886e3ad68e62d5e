/*
 * What became of a test message appears by itself: the page is asked for again until nothing is under
 * way. Without scripts a link does the same.
 */

const EVERY_MS = 2000;
/** A message is worth sending for ten minutes. */
const MOST_LOOKS = 300;

async function look(left: number): Promise<void> {
  const shown = document.querySelector<HTMLElement>('[data-tests]');
  if (shown?.dataset['wait'] !== 'yes' || left === 0) return;
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector<HTMLElement>('[data-tests]');
    // Signed out meanwhile: there is nothing to show.
    if (!answer.ok || !fresh) return;
    if (fresh.innerText !== shown.innerText) shown.replaceChildren(...fresh.childNodes);
    shown.dataset['wait'] = fresh.dataset['wait'] ?? 'no';
  } catch (error) {
    console.warn('what became of the test message could not be asked for', error);
  }
  setTimeout(() => void look(left - 1), EVERY_MS);
}

setTimeout(() => void look(MOST_LOOKS), EVERY_MS);
