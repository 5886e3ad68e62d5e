import { CAUSES, INCIDENT_STATUSES } from '@upheld/domain/incident/incident.ts';
import type { Localised } from '@upheld/domain/text.ts';
import type { Context } from '@upheld/services/context.ts';
import { acknowledgeIncident } from '@upheld/services/incident/acknowledge-incident.ts';
import {
  changeCause,
  changeSeverity,
  type ChangedIncident,
} from '@upheld/services/incident/change-incident.ts';
import { mergeIncidents } from '@upheld/services/incident/merge-incidents.ts';
import { previewUpdate } from '@upheld/services/incident/preview-incident.ts';
import { postUpdate } from '@upheld/services/incident/post-update.ts';
import { splitIncident } from '@upheld/services/incident/split-incident.ts';
import { writePostmortem } from '@upheld/services/incident/write-postmortem.ts';
import type { NotificationPreview } from '@upheld/services/outbox/preview.ts';
import type { IncidentView } from '@upheld/services/read/page-view.ts';
import { chosenLevel } from '../view/console/incidents.ts';
import type { FormState, Posted } from './forms.ts';
import { done, refuse, shown, type Done, type PageVerb } from './post.ts';
import { typed } from './typed.ts';

/** What is shown before it is done. */
export type Shown =
  | { kind: 'update'; form: FormState; preview: NotificationPreview }
  | { kind: 'postmortem'; form: FormState; body: Localised };

/** What can be done with an incident on its page of the console. */
export function incidentVerbs(
  ctx: Context,
  view: IncidentView,
): Readonly<Record<string, PageVerb<Shown>>> {
  return {
    acknowledge: async (_, actor) => {
      await acknowledgeIncident(ctx, actor, { incidentId: view.id });
      return done('acknowledged');
    },
    update: async (form, actor) => {
      if (form.text('step') === 'preview') return look(ctx, view, form);
      await postUpdate(ctx, actor, {
        ...of(view, form),
        status: statusIn(form),
        body: form.pair('body'),
      });
      return done('updated');
    },
    severity: async (form, actor) =>
      said(
        'severity',
        await changeSeverity(ctx, actor, {
          ...changeIn(ctx, view, form),
          ...chosenLevel(form.text('severity')),
          nature: form.text('nature') === 'correction' ? 'correction' : 'development',
        }),
      ),
    cause: async (form, actor) =>
      said(
        'cause',
        await changeCause(ctx, actor, {
          ...changeIn(ctx, view, form),
          cause:
            CAUSES.find((one) => one === form.text('cause')) ?? refuse('Choose a cause.', 'cause'),
          evidence: form.optional('evidence'),
        }),
      ),
    merge: async (form, actor) => {
      const whole = await mergeIncidents(ctx, actor, {
        ...of(view, form),
        intoId: form.text('intoId'),
        reason: form.text('reason'),
      });
      return done('merged', { to: pathOf(whole) });
    },
    split: async (form, actor) => {
      const own = await splitIncident(ctx, actor, {
        ...of(view, form),
        componentIds: form.texts('componentIds'),
        outageIds: form.texts('outageIds'),
        title: form.pair('title'),
        body: form.pair('body'),
        reason: form.text('reason'),
      });
      return done('split', { to: pathOf(own) });
    },
    postmortem: postmortemVerb(ctx, view),
  };
}

function postmortemVerb(ctx: Context, view: IncidentView): PageVerb<Shown> {
  return async (form, actor) => {
    const body = form.pair('body');
    if (form.text('step') === 'preview')
      return shown({ kind: 'postmortem', form: typed('postmortem', form), body });
    const published = form.flag('published');
    await writePostmortem(ctx, actor, { ...of(view, form), body, published });
    return done(published ? 'published' : 'drafted');
  };
}

const pathOf = ({ id }: IncidentView): string => `/console/incidents/${id}`;

/** Which incident, and what of it the person has seen: another version is told of, not overwritten. */
function of(view: IncidentView, form: Posted): { incidentId: string; expectedVersion?: number } {
  const version = Number(form.text('version'));
  return Number.isSafeInteger(version) && version > 0
    ? { incidentId: view.id, expectedVersion: version }
    : { incidentId: view.id };
}

function changeIn(ctx: Context, view: IncidentView, form: Posted) {
  return {
    ...of(view, form),
    componentId: form.optional('componentId'),
    effectiveFrom: form.moment('effectiveFrom', ctx.config().timezone),
    reason: form.text('reason'),
  };
}

/** The status that a form says; refuses one that is none. */
export function statusIn(form: Posted) {
  const status = INCIDENT_STATUSES.find((one) => one === form.text('status'));
  return status ?? refuse('Choose how it stands.', 'status');
}

function said(word: string, { owed }: ChangedIncident): Done<Shown> {
  return done(owed.length > 0 ? 'owed' : word);
}

async function look(ctx: Context, view: IncidentView, form: Posted): Promise<Done<Shown>> {
  const update = { incidentId: view.id, status: statusIn(form), body: form.pair('body') };
  const preview = await previewUpdate(ctx, update);
  return shown({ kind: 'update', form: typed('update', form), preview });
}
