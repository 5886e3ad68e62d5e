import { chromium, type Browser } from 'playwright-core';
import { ensureChromium } from '../../scripts/chromium.ts';

/** A real Chromium without a window, which the test command has made sure of. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
