import type { MaintenanceNotification } from '@upheld/domain/notify/message.ts';
import type { Instant } from '@upheld/domain/ports.ts';
import { fillBlanks } from '@upheld/domain/template/fill.ts';
import type { Localised } from '@upheld/domain/text.ts';
import { namesOf } from '../components.ts';
import type { Context } from '../context.ts';

/** A text as it will be read: with the components and the window of this announcement in its blanks. */
export function saidOf(
  ctx: Pick<Context, 'config'>,
  text: Localised,
  about: { componentIds: readonly string[]; from: Instant; to: Instant },
): Localised {
  const { componentIds, from, to } = about;
  const config = ctx.config();
  const components = namesOf(config, componentIds).map(({ name }) => name);
  return fillBlanks(text, { components, from, to, zone: config.timezone });
}

/** What is to be told of a maintenance. */
export interface Telling {
  event: MaintenanceNotification['event'];
  maintenanceId: string;
  title: Localised;
  text: Localised;
  componentIds: readonly string[];
  from: Instant;
  to: Instant;
  at: Instant;
}

/** The message in which subscribers are told; blanks are filled. */
export function tellingOf(ctx: Pick<Context, 'config'>, telling: Telling): MaintenanceNotification {
  const { event, maintenanceId, componentIds, from, to, at } = telling;
  return {
    kind: 'maintenance',
    event,
    maintenanceId,
    title: saidOf(ctx, telling.title, telling),
    body: saidOf(ctx, telling.text, telling),
    components: namesOf(ctx.config(), componentIds),
    from,
    to,
    at,
  };
}
