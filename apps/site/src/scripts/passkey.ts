import {
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/*
 * The part of a passkey that only a browser can do. The server put the options into the form; what the
 * browser answers goes back in it. Nothing else is asked over the network.
 */

async function answer(form: HTMLFormElement): Promise<unknown> {
  const options: unknown = JSON.parse(form.dataset['passkeyOptions'] ?? '{}');
  return form.dataset['passkey'] === 'make'
    ? startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON })
    : startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
}

async function run(form: HTMLFormElement): Promise<void> {
  const said = form.querySelector<HTMLElement>('[data-passkey-said]');
  const response = form.querySelector<HTMLInputElement>('input[name="response"]');
  if (!response) return;
  if (said) said.textContent = 'Your browser asks for the passkey now.';
  try {
    response.value = JSON.stringify(await answer(form));
    form.submit();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (said)
      said.textContent =
        name === 'InvalidStateError'
          ? 'This device has a passkey for you already.'
          : 'The passkey was not used. Try again, or go another way.';
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    void run(form);
  });
  void run(form);
}
