import { parseMailAddress } from '@upheld/domain/notify/address.ts';
import { nearest } from '@upheld/domain/nearest.ts';
import type { Report } from './check-monitor.ts';
import { checkRoster } from './check-roster.ts';
import type { Config, PersonOnCall } from './schema.ts';

/** That who is called is known and can be reached, and that what they are called for exists. */
export function checkOnCall(config: Config, report: Report): void {
  const components = config.groups.flatMap((group) => group.components);
  const ids = components.map(({ id }) => id);
  const mail = config.incoming?.mail;
  if (mail && !ids.includes(mail.component))
    report(['incoming', 'mail', 'component'], unknown('component', mail.component, ids));
  if (!config.onCall) return;
  const { people, escalations, rosters } = config.onCall;
  const known = people.map(({ id }) => id);
  const callable = [...known, ...rosters.map(({ id }) => id)];
  reportTwice(known, (index) => ['onCall', 'people', index, 'id'], report);
  people.forEach((person, index) => {
    for (const [field, message] of faultsOf(person))
      report(['onCall', 'people', index, field], message);
  });
  reportTwice(
    callable,
    (index) => ['onCall', 'rosters', index - known.length, 'id'],
    report,
    known.length,
  );
  rosters.forEach((roster, index) =>
    checkRoster(roster, {
      zone: config.timezone,
      path: ['onCall', 'rosters', index],
      report,
      person(id, path) {
        if (!known.includes(id)) report(path, unknown('person', id, known));
      },
    }),
  );
  reportTwice(
    escalations.map(({ id }) => id),
    (index) => ['onCall', 'escalations', index, 'id'],
    report,
  );
  const agreements = components.flatMap((one) => one.agreements.map((use) => use.agreement));
  escalations.forEach((escalation, e) => {
    const at = ['onCall', 'escalations', e];
    escalation.steps.forEach((step, s) =>
      step.people.forEach((id, p) => {
        if (!callable.includes(id))
          report(
            [...at, 'steps', s, 'people', p],
            unknown(rosters.length > 0 ? 'person or roster' : 'person', id, callable),
          );
      }),
    );
    escalation.for.components?.forEach((id, index) => {
      if (!ids.includes(id))
        report([...at, 'for', 'components', index], unknown('component', id, ids));
    });
    escalation.for.agreements?.forEach((id, index) => {
      if (!agreements.includes(id))
        report([...at, 'for', 'agreements', index], unknown('agreement', id, agreements));
    });
  });
}

function faultsOf({ email, phone, webhook }: PersonOnCall): [string, string][] {
  const faults: [string, string][] = [];
  if (email === undefined && phone === undefined && !webhook)
    faults.push(['id', 'cannot be reached; give an email, a phone or a webhook']);
  if (email !== undefined && parseMailAddress(email) === null)
    faults.push(['email', 'is no address; write one such as name@example.com']);
  if (phone !== undefined && !/^\+[1-9]\d{6,14}$/.test(phone))
    faults.push(['phone', 'is no number; write one such as +31612345678']);
  return faults;
}

function reportTwice(
  ids: readonly string[],
  path: (index: number) => (string | number)[],
  report: Report,
  from = 0,
): void {
  ids.forEach((id, index) => {
    if (index >= from && ids.indexOf(id) < index) report(path(index), `"${id}" is used before`);
  });
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const advice =
    meant === null ? `known are ${[...new Set(known)].join(', ')}` : `did you mean "${meant}"?`;
  return `"${name}" is no known ${what}; ${advice}`;
}
