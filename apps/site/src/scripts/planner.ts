/*
 * The planner answers as the form changes. Everything it shows can also be had with its buttons: this only
 * asks for the same parts of the page by itself, a moment after the last change.
 */

const WAIT_MS = 300;

const form = document.querySelector<HTMLFormElement>('form[data-plan]');
if (form) follow(form, asker(form, form.dataset['plan'] ?? ''));

/** Asks for the parts of the page that depend on the form as it is now; a newer question ends an older one. */
function asker(planner: HTMLFormElement, address: string): () => void {
  const regions = [...planner.querySelectorAll<HTMLElement>('[data-region]')];
  let asking = new AbortController();
  const ask = async (): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    for (const region of regions) region.setAttribute('aria-busy', 'true');
    try {
      const body = new FormData(planner);
      body.delete('do');
      const answer = await fetch(address, { method: 'POST', body, signal });
      if (!answer.ok) return;
      const html = await answer.text();
      if (!signal.aborted) put(planner, regions, html);
    } catch (error) {
      // Without an answer the Check button is still there; a newer question is no failure.
      if (!signal.aborted) console.warn('the plan could not be checked', error);
    } finally {
      if (!signal.aborted) for (const region of regions) region.removeAttribute('aria-busy');
    }
  };
  return () => void ask();
}

function follow(planner: HTMLFormElement, ask: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const field = (name: string): HTMLInputElement | null => {
    const found = planner.elements.namedItem(name);
    return found instanceof HTMLInputElement ? found : null;
  };
  const set = (name: string, value: string | undefined): void => {
    const found = field(name);
    if (found && value !== undefined) found.value = value;
  };

  planner.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && ['confirm', 'month.go'].includes(target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });

  planner.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (!button) return;
    const { from, to, monthGo, month = monthGo && field('month.go')?.value } = button.dataset;
    if (month !== undefined) {
      set('month.shown', month);
      set('month.for', field('from')?.value);
    } else if (from !== undefined) {
      set('from', from);
      set('to', to);
    } else return;
    event.preventDefault();
    ask();
  });
}

function put(planner: HTMLElement, regions: readonly HTMLElement[], html: string): void {
  const answer = new DOMParser().parseFromString(html, 'text/html');
  for (const region of regions) {
    const fresh = answer.querySelector(`[data-region="${region.dataset['region'] ?? ''}"]`);
    if (fresh) replace(region, fresh);
  }
  // The outcome for who does not see it.
  const said = planner.querySelector('[data-plan-said]');
  const summary = planner.querySelector('[data-summary]')?.textContent.trim() ?? '';
  if (said && said.textContent !== summary) said.textContent = summary;
}

/** Keeps what was opened open, and the focus where it was. */
function replace(region: HTMLElement, fresh: Element): void {
  const open = [...region.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = region.contains(document.activeElement) ? document.activeElement?.id : undefined;
  region.replaceChildren(...fresh.childNodes);
  for (const details of region.querySelectorAll('details'))
    details.open = details.id !== '' && open.includes(details.id);
  if (focused) document.getElementById(focused)?.focus();
}
