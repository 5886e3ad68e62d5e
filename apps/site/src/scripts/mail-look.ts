/*
 * A mail that is shown in a frame is of the form as it was then. When the form changes, a line says so;
 * opening the frame for the first time shows the mail at once.
 */

for (const look of document.querySelectorAll<HTMLDetailsElement>('[data-mail-look]')) {
  const buttons = [...look.querySelectorAll<HTMLButtonElement>('button[formtarget]')];
  const stale = look.querySelector('[data-mail-stale]');
  const form = buttons[0]?.form;
  let isShown = false;
  for (const button of buttons)
    button.addEventListener('click', () => {
      isShown = true;
      for (const one of buttons) one.setAttribute('aria-pressed', String(one === button));
      if (stale) stale.textContent = '';
    });
  look.addEventListener('toggle', () => {
    if (look.open && !isShown) buttons[0]?.click();
  });
  form?.addEventListener('input', () => {
    if (isShown && stale) stale.textContent = 'The form has changed since: show it again.';
  });
}
