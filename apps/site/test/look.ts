import { startSite } from './fixture.ts';
import { SITUATIONS } from './views.ts';
import { startBrowser } from '../../../test/support/browser.ts';
const out = '/tmp/shots'; import { mkdirSync } from 'node:fs'; mkdirSync(out,{recursive:true});
const site = await startSite(); const browser = await startBrowser();
const only = process.argv.slice(2);
try {
  for (const [name, view] of Object.entries(SITUATIONS)) {
    if (only.length && !only.includes(name)) continue;
    site.view = view as any; site.revision++;
    for (const [width, scheme, lang] of [[1280,'light','nl'],[375,'light','nl'],[1280,'dark','en'],[375,'dark','en']] as const) {
      const ctx = await browser.newContext({viewport:{width,height:900}, colorScheme: scheme, locale: lang, deviceScaleFactor: width === 375 ? 2 : 1});
      const page = await ctx.newPage(); await page.goto(site.url+'/');
      await page.screenshot({path:`${out}/${name}-${width}-${scheme}-${lang}.png`, fullPage:true});
      await ctx.close();
    }
  }
} finally { await browser.close(); await site.stop(); }
