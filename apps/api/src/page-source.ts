import type { Instant } from '@upheld/domain/ports.ts';
import { readPage } from '@upheld/services/read/page.ts';
import type { IncidentView, MaintenanceView, PageView } from '@upheld/services/read/page-view.ts';
import { revisionReader } from '@upheld/services/revision.ts';
import { visiblePart } from '@upheld/services/read/visible-part.ts';
import type { ProductContext } from './http/env.ts';

/** Gives the page with an id, or the first one; null when there is none. */
export type PageSource = (pageId?: string) => Promise<PageView | null>;

/** As long as no fact changes, a view only ages; this old it may become. */
const OLDEST_MS = 10_000;

/** Reads a page at most once for each change of a recorded fact, whoever many ask for it. */
export function pageSource(ctx: ProductContext): PageSource {
  const revision = revisionReader(ctx.db.read);
  const kept = new Map<string, { view: PageView; goodUntil: Instant }>();
  const reading = new Map<string, Promise<PageView | null>>();

  const read = async (key: string, pageId: string | undefined): Promise<PageView | null> => {
    const whole = await readPage(ctx, pageId);
    const view = whole && publicPart(ctx, whole);
    // Only pages that exist are kept, so that asking for others fills no memory.
    if (view) {
      const goodUntil = Math.min(view.validUntil, view.generatedAt + OLDEST_MS);
      kept.set(key, { view, goodUntil });
    }
    return view;
  };

  return async (pageId) => {
    const pages = ctx.config().pages;
    const key = pageId ?? pages[0]?.id ?? '';
    if (!pages.some((page) => page.id === key)) return null;
    const last = kept.get(key);
    if (last && ctx.clock.now() < last.goodUntil) {
      if ((await revision()) === last.view.revision) return last.view;
    }
    let under = reading.get(key);
    if (!under) {
      under = read(key, pageId).finally(() => reading.delete(key));
      reading.set(key, under);
    }
    return under;
  };
}

/** Of an incident that also hits what no page shows, the public hears only the part that it knows. */
function publicPart(ctx: ProductContext, view: PageView): PageView {
  const part = <T extends IncidentView | MaintenanceView>(entries: readonly T[]): T[] =>
    entries.flatMap((entry) => visiblePart(ctx.config(), entry) ?? []);
  return {
    ...view,
    openIncidents: part(view.openIncidents),
    maintenances: part(view.maintenances),
    history: part(view.history),
  };
}
