import { TOLD_EVENTS } from '@upheld/domain/desk/report-events.ts';
import { PAUSE_REASONS, type TicketKind } from '@upheld/domain/sla/facts.ts';
import type { Actor, Context } from '@upheld/services/context.ts';
import { completeDuty } from '@upheld/services/duty/complete-duty.ts';
import { respondToTicket, updateTicket } from '@upheld/services/ticket/answer-ticket.ts';
import { closeTicket, recoverTicket, reopenTicket } from '@upheld/services/ticket/end-ticket.ts';
import { pauseTicket, resumeTicket } from '@upheld/services/ticket/pause-ticket.ts';
import {
  previewTicketMessage,
  type PreviewedTicketMessage,
  type ToldByVerb,
} from '@upheld/services/ticket/preview-message.ts';
import {
  linkTicket,
  PROGRESS,
  progressTicket,
  tellOfTicket,
} from '@upheld/services/ticket/progress-ticket.ts';
import { recategoriseTicket } from '@upheld/services/ticket/recategorise-ticket.ts';
import type { TicketChange } from '@upheld/services/ticket/ticket-input.ts';
import type { Forms, FormState, Posted } from '../../console/forms.ts';
import { done, refuse, shown, type PageVerb } from '../../console/post.ts';
import { typed } from '../../console/typed.ts';
import { placeIn } from './ticket-places.ts';

/** What a page says after each verb. */
export const TICKET_SAID: Readonly<Record<string, string>> = {
  reported: 'The report is recorded; its clocks run.',
  respond: 'Your answer is recorded.',
  update: 'Your update is recorded.',
  pause: 'It waits; what an agreement lets stand still stands still.',
  resume: 'It waits no longer.',
  progress: 'It is recorded.',
  happened: 'It is recorded; what it asks for is among the duties.',
  link: 'It is recorded which incident it is about.',
  recategorise: 'It is placed elsewhere.',
  recover: 'It is recorded as resolved.',
  reopen: 'It is open again.',
  close: 'The ticket is closed.',
  complete: 'The duty is recorded as done.',
};

type Said = TicketChange & { text: string };

/** The verbs of the page of one ticket. */
export function ticketVerbs(
  ctx: Context,
  ticketId: string,
  zone: string,
): Readonly<Record<string, PageVerb<ShownMail>>> {
  const inputOf = (form: Posted): Said => ({
    ticketId,
    text: form.text('text'),
    at: form.moment('at', zone),
    expectedVersion: versionOf(form),
  });
  const said =
    (name: string, verb: (ctx: Context, actor: Actor, input: Said) => Promise<unknown>) =>
    async (form: Posted, actor: Actor) => {
      await verb(ctx, actor, inputOf(form));
      return done(name);
    };
  return looking(ctx, ticketId, {
    update: said('update', updateTicket),
    resume: said('resume', resumeTicket),
    recover: said('recover', recoverTicket),
    reopen: said('reopen', reopenTicket),
    close: said('close', closeTicket),
    respond: async (form, actor) => {
      const workStarted = form.flag('workStarted');
      await respondToTicket(ctx, actor, { ...inputOf(form), workStarted });
      return done('respond');
    },
    pause: async (form, actor) => {
      const reason = oneOf(PAUSE_REASONS, form, 'reason');
      await pauseTicket(ctx, actor, { ...inputOf(form), reason });
      return done('pause');
    },
    progress: async (form, actor) => {
      await progressTicket(ctx, actor, { ...inputOf(form), step: oneOf(PROGRESS, form, 'step') });
      return done('progress');
    },
    happened: async (form, actor) => {
      const event = oneOf(TOLD_EVENTS, form, 'event');
      await tellOfTicket(ctx, actor, { ...inputOf(form), event });
      return done('happened');
    },
    link: async (form, actor) => {
      const { ticketId: id, text, expectedVersion } = inputOf(form);
      const incidentId = form.optional('incidentId') ?? null;
      await linkTicket(ctx, actor, { ticketId: id, text, expectedVersion, incidentId });
      return done('link');
    },
    recategorise: async (form, actor) => {
      await recategoriseTicket(ctx, actor, { ...inputOf(form), ...placedIn(form) });
      return done('recategorise');
    },
    complete: (form, actor) => complete(ctx, form, actor),
  });
}

/** What the reporter is told by each verb that tells them something. */
const MESSAGES: Readonly<Record<string, ToldByVerb>> = {
  respond: 'responded',
  update: 'updated',
  pause: 'paused',
  resume: 'resumed',
  recategorise: 'recategorised',
  recover: 'recovered',
  reopen: 'reopened',
  close: 'closed',
};

/** The same verbs, of which the mail can be looked at first: the button says `step=preview`. */
function looking(
  ctx: Context,
  ticketId: string,
  verbs: Readonly<Record<string, PageVerb<never>>>,
): Readonly<Record<string, PageVerb<ShownMail>>> {
  return Object.fromEntries(
    Object.entries(verbs).map(([verb, run]): [string, PageVerb<ShownMail>] => {
      const message = MESSAGES[verb];
      if (!message) return [verb, run];
      return [
        verb,
        async (form, actor) => {
          if (form.text('step') !== 'preview') return run(form, actor);
          const preview = await previewTicketMessage(ctx, {
            ticketId,
            message,
            text: form.text('text'),
            ...(message === 'paused' ? { reason: oneOf(PAUSE_REASONS, form, 'reason') } : {}),
            ...(message === 'recategorised' ? placedIn(form) : {}),
          });
          return shown({ form: typed(verb, form), preview });
        },
      ];
    }),
  );
}

/** A form whose mail was looked at, with what was typed in it. */
export interface ShownMail {
  form: FormState;
  preview: PreviewedTicketMessage;
}

/** The forms of the page of a ticket, and the mail that was asked for with one of them. */
export type TicketPage = Forms<ShownMail> & {
  previewOf(verb: string): PreviewedTicketMessage | null;
};

export function ticketPage(page: Forms<ShownMail>): TicketPage {
  const shownFor = (verb: string) => (page.shown?.form.verb === verb ? page.shown : null);
  return {
    ...page,
    form: (verb) => shownFor(verb)?.form ?? page.form(verb),
    previewOf: (verb) => shownFor(verb)?.preview ?? null,
  };
}

function placedIn(form: Posted): { type: TicketKind; severity?: string } {
  return placeIn(form.text('place')) ?? refuse('is not one of the choices', 'place');
}

/** Says that a duty was done: on the page of its ticket and on that of all duties. */
export async function complete(ctx: Context, form: Posted, actor: Actor) {
  await completeDuty(ctx, actor, { key: form.text('key'), evidence: form.text('evidence') });
  return done('complete');
}

function oneOf<const V extends readonly string[]>(
  values: V,
  form: Posted,
  name: string,
): V[number] {
  const found = values.find((value) => value === form.text(name));
  return found ?? refuse('is not one of the choices', name);
}

function versionOf(form: Posted): number | undefined {
  const version = Number(form.text('version'));
  return Number.isInteger(version) && version > 0 ? version : undefined;
}
