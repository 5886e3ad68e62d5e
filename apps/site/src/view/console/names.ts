import type { Config, MonitorConfig } from '@upheld/config/schema.ts';
import type { Context } from '@upheld/services/context.ts';

/** What things are called on the console; what is no longer configured keeps its id. */
export interface Names {
  component(this: void, id: string): string;
  /** What it watches of what: an id alone tells nobody who is woken by it. Null: people. */
  monitor(this: void, id: string | null): string;
  agreement(this: void, reference: string): string;
  /** A level of a severity with what it means in that agreement: "a – Not reachable at all". */
  level(this: void, reference: string, level: string): string;
  /** Who recorded something: a person by name, or the monitors. */
  author(this: void, name: string): string;
}

/** The names in a configuration and its agreements, in English. */
export function consoleNames(ctx: Pick<Context, 'config' | 'agreements'>): Names {
  const components = ctx.config().groups.flatMap((group) => group.components);
  const names = new Map(components.map(({ id, name }) => [id, name.en]));
  const monitors = monitorNames(ctx.config());
  const book = ctx.agreements();
  const known = (reference: string) =>
    components.some(({ agreements }) => agreements.some((use) => use.agreement === reference))
      ? book.get(reference)
      : null;
  return {
    component: (id) => names.get(id) ?? id,
    monitor: (id) => (id === null ? 'Said by people' : (monitors.get(id) ?? id)),
    agreement: (reference) => known(reference)?.name ?? reference,
    level: (reference, level) => {
      const means = known(reference)?.document.severity.find(({ id }) => id === level)?.means.en;
      return means === undefined ? level : `${level} – ${means}`;
    },
    author: (name) => (name === 'detector' ? 'the monitors' : name),
  };
}

function monitorNames(config: Config): ReadonlyMap<string, string> {
  return new Map(
    config.groups
      .flatMap((group) => group.components)
      .flatMap((component) =>
        component.monitors.map((monitor) => [
          monitor.id,
          `${component.name.en}: ${watchedBy(monitor)}`,
        ]),
      ),
  );
}

/** Without what follows the path: a query may hold a token. */
function watchedBy({ url }: MonitorConfig): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : `${host}${pathname}`;
}
