/*
 * The planner answers as the form changes. Everything it shows can also be had with its Check button: this
 * only asks the same page part by itself, a moment after the last change.
 */

const WAIT_MS = 300;

const form = document.querySelector<HTMLFormElement>('form[data-plan]');
const region = document.getElementById('plan');
if (form && region) follow(form, region, form.dataset['plan'] ?? '');

function follow(planner: HTMLFormElement, shown: HTMLElement, address: string): void {
  /** Says the outcome to who does not see it. */
  const said = planner.querySelector('[data-plan-said]');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  const ask = async (): Promise<void> => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    shown.setAttribute('aria-busy', 'true');
    try {
      const body = new FormData(planner);
      body.delete('do');
      const answer = await fetch(address, { method: 'POST', body, signal });
      if (!answer.ok) return;
      const html = await answer.text();
      if (!signal.aborted) put(html);
    } catch (error) {
      // Without an answer the Check button is still there; a newer question is no failure.
      if (!signal.aborted) console.warn('the plan could not be checked', error);
    } finally {
      if (!signal.aborted) shown.removeAttribute('aria-busy');
    }
  };

  /** Keeps what was opened open, and the focus where it was. */
  const put = (html: string): void => {
    const open = [...shown.querySelectorAll('details')].map((details) => details.open);
    const focused = shown.contains(document.activeElement) ? document.activeElement?.id : undefined;
    shown.innerHTML = html;
    shown.querySelectorAll('details').forEach((details, index) => {
      details.open = open[index] ?? false;
    });
    const summary = shown.querySelector('[data-summary]')?.textContent.trim() ?? '';
    if (said && said.textContent !== summary) said.textContent = summary;
    if (focused) document.getElementById(focused)?.focus();
  };

  planner.addEventListener('input', (event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === 'confirm') return;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), WAIT_MS);
  });

  planner.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-next]') : null;
    if (!button) return;
    event.preventDefault();
    for (const name of ['from', 'to']) {
      const field = planner.elements.namedItem(name);
      const value = shown.querySelector<HTMLInputElement>(`[name="next.${name}"]`)?.value;
      if (field instanceof HTMLInputElement && value !== undefined) field.value = value;
    }
    const begin = planner.elements.namedItem('from');
    if (begin instanceof HTMLElement) begin.focus();
    void ask();
  });
}
