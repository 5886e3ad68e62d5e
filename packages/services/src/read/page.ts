import type { ComponentConfig, Config, GroupConfig, PageConfig } from '@upheld/config/schema.ts';
import { overallState } from '@upheld/domain/page/states.ts';
import { addLocalDays, startOfLocalDay } from '@upheld/domain/time/zoned.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { setImmediate } from 'node:timers/promises';
import { componentsOf } from '../components.ts';
import type { Context } from '../context.ts';
import { readRevision } from '../revision.ts';
import { availabilityReader, figureSpan } from './availability.ts';
import { componentViewer } from './component-view.ts';
import { readHappenings, type Happenings } from './happenings.ts';
import { newestFirst } from './lists.ts';
import { readDataAsOf, STALE_AFTER_MS } from './measuring.ts';
import type {
  ComponentView,
  GroupView,
  IncidentView,
  MaintenanceView,
  PageView,
} from './page-view.ts';
import { readRecorded } from './recorded.ts';

/** Days in a component's bar; the last one is today. */
const BAR_DAYS = 90;
/** Local days for which what is over stays on the page. */
const HISTORY_DAYS = 15;
/** Figures are of a whole minute, so no view is good for longer. */
const LONGEST_VALID_MS = 60_000;
const AT_ONCE = 100;
/** The component that the first start writes: the product itself. */
const SELF = 'upheld';

/**
 * A public page: the one with that id, or the first one; null when there is none. A fixed number of queries
 * whatever the number of components. Everything is of one moment; figures are of its last whole minute.
 */
export async function readPage(ctx: Context, pageId?: string): Promise<PageView | null> {
  const config = ctx.config();
  const page = pageId === undefined ? config.pages[0] : config.pages.find((p) => p.id === pageId);
  if (!page) return null;
  const now = ctx.clock.now();
  const h = ctx.db.read;
  // Before the facts: a view may be newer than it says, never older, or a cache would keep the old one.
  const revision = await readRevision(h);
  const dataAsOf = await readDataAsOf(h);
  const days = barDays(now, config.timezone);
  const happenings = await readHappenings(h, { now, ...days });
  const query = { span: figureSpan(now), now };
  const view = componentViewer(ctx, {
    query,
    recorded: await readRecorded(ctx, h, query),
    happenings,
    boundaries: days.boundaries,
    availability: availabilityReader(ctx, { revision, now }),
  });
  const shown = groupsOf(config, page);
  const groups = await viewed(shown, view);
  const ids = new Set(shown.flatMap((group) => group.components.map((c) => c.id)));
  const onPage = (one: IncidentView | MaintenanceView): boolean =>
    one.componentIds.some((id) => ids.has(id));
  return {
    revision,
    generatedAt: now,
    dataAsOf,
    validUntil: validUntil(now, [
      days.boundaries.at(-1),
      dataAsOf === null ? undefined : dataAsOf + STALE_AFTER_MS + 1,
      ...happenings.maintenances.flatMap((one) => [one.from, one.to]),
    ]),
    page: pageOf(config, page),
    organisation: {
      name: config.organisation.name,
      website: config.organisation.website ?? null,
      contact: config.organisation.contact ?? null,
    },
    overall: overallOf(
      config,
      groups.flatMap((group) => group.components),
    ),
    groups,
    openIncidents: newestFirst(happenings.openIncidents.filter(onPage)),
    maintenances: runningFirst(happenings.maintenances.filter(onPage)),
    history: happenings.history.filter(onPage),
    channels: {
      email: config.channels.email !== undefined,
      sms: config.channels.sms !== undefined,
    },
    firstRun: isFirstRun(config),
  };
}

/** The views of groups, a hundred components at a time: a long page must not hold up a check that is due. */
async function viewed(
  groups: readonly GroupConfig[],
  view: (component: ComponentConfig) => ComponentView,
): Promise<GroupView[]> {
  const views: GroupView[] = [];
  let made = 0;
  for (const { id, name, components } of groups) {
    const done: ComponentView[] = [];
    for (const component of components) {
      done.push(view(component));
      if ((made += 1) % AT_ONCE === 0) await setImmediate();
    }
    views.push({ id, name, components: done });
  }
  return views;
}

/** The starts of the days in a bar, closed by the end of today, and since when history is shown. */
function barDays(
  now: Instant,
  zone: string,
): { boundaries: Instant[]; barsFrom: Instant; historyFrom: Instant } {
  const today = startOfLocalDay(now, zone);
  const day = (offset: number): Instant => startOfLocalDay(addLocalDays(today, offset, zone), zone);
  const boundaries = Array.from({ length: BAR_DAYS + 1 }, (_, index) => day(index + 1 - BAR_DAYS));
  return { boundaries, barsFrom: day(1 - BAR_DAYS), historyFrom: day(1 - HISTORY_DAYS) };
}

function groupsOf(config: Config, page: PageConfig): readonly GroupConfig[] {
  const { groups } = page;
  if (groups === undefined) return config.groups;
  return groups.flatMap((id) => config.groups.find((group) => group.id === id) ?? []);
}

function pageOf(config: Config, page: PageConfig): PageView['page'] {
  const root = config.server.url.replace(/\/+$/, '');
  return {
    id: page.id,
    title: page.title,
    description: page.description ?? null,
    url: page === config.pages[0] ? `${root}/` : `${root}/pages/${page.id}`,
    timezone: config.timezone,
  };
}

function overallOf(config: Config, components: readonly ComponentView[]): PageView['overall'] {
  const known = componentsOf(config);
  return overallState(
    components.map(({ id, state }) => ({ state, monitored: isMonitored(known.get(id)) })),
  );
}

function isMonitored(component: ComponentConfig | undefined): boolean {
  return component?.monitors.some((monitor) => !monitor.paused) ?? false;
}

/** The configuration that the first start writes has one component: the product itself. */
function isFirstRun(config: Config): boolean {
  return [...componentsOf(config).keys()].every((id) => id === SELF);
}

function runningFirst(maintenances: Happenings['maintenances']): MaintenanceView[] {
  const rank = (one: MaintenanceView): number => (one.status === 'in_progress' ? 0 : 1);
  return [...maintenances].sort(
    (a, b) => rank(a) - rank(b) || a.from - b.from || (a.id < b.id ? -1 : 1),
  );
}

function validUntil(now: Instant, moments: readonly (Instant | undefined)[]): Instant {
  const coming = moments.filter((at): at is Instant => at !== undefined && at > now);
  return Math.min(now + LONGEST_VALID_MS, ...coming);
}
