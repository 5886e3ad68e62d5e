import { isoInstant, isoInstantOrNull } from '@upheld/api/http/instants.ts';
import { ROLES, type Role } from '@upheld/domain/access/permissions.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import {
  block,
  changeRole,
  findPerson,
  listPeople,
  resetSecondFactor,
  unblock,
} from '@upheld/services/account/change-person.ts';
import type { InvitationView, PersonView } from '@upheld/services/account/desk.ts';
import { renewSetupLink } from '@upheld/services/account/first-account.ts';
import {
  invite,
  openInvitations,
  withdrawInvitation,
} from '@upheld/services/account/invitations.ts';
import { resetPassword } from '@upheld/services/account/password-link.ts';
import type { Actor, Context } from '@upheld/services/context.ts';
import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { localTime } from './moment.ts';
import { CLI } from './options.ts';
import { table } from './tables.ts';

interface Json {
  json?: true;
}

export function register(program: Command, io: Io): void {
  const account = program
    .command('account')
    .description('who may use the console; also the way in when nobody can sign in any more')
    .addHelpText(
      'after',
      `
Examples:
  $ upheld account setup-link                          the first account of an installation
  $ upheld account invite anna@example.com --role engineer
  $ upheld account list
  $ upheld account reset-second-factor anna@example.com`,
    );
  account
    .command('list')
    .description('everyone who has an account, and the invitations that are open')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld account list --json')
    .action((options: Json) =>
      io.withContext(async (ctx) => {
        const all = await listPeople(ctx);
        io.out(options.json ? JSON.stringify(listOut(all)) : listText(ctx, all));
      }),
    );
  registerLinks(account, io);
  registerWithdrawal(account, io);
  account
    .command('role')
    .description('give somebody another role; their sessions end')
    .argument('<who>', 'their address or id')
    .argument('<role>', `one of ${ROLES.join(', ')}`)
    .option('--json', 'print the account as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld account role anna@example.com manager')
    .action((who: string, role: Role, options: Json) =>
      change(io, who, options, {
        verb: (ctx, actor, { id }) => changeRole(ctx, actor, { id, role }),
        said: ({ name, role: now }) => `${name} is ${now} now.`,
      }),
    );
  for (const { name, description, verb, said } of CHANGES)
    account
      .command(name)
      .description(description)
      .argument('<who>', 'their address or id')
      .option('--json', 'print the account as JSON')
      .addHelpText('after', `\nExamples:\n  $ upheld account ${name} anna@example.com`)
      .action((who: string, options: Json) => change(io, who, options, { verb, said }));
}

function registerLinks(account: Command, io: Io): void {
  account
    .command('invite')
    .description('make a link with which somebody can make their account, once, within a week')
    .argument('<address>', 'the e-mail address that the account will have')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory())
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld account invite anna@example.com --role engineer')
    .action((email: string, options: Json & { role: Role }) =>
      io.withContext(async (ctx) => {
        const { invitation, link, mailed } = await invite(ctx, CLI, { email, role: options.role });
        io.out(
          options.json ? JSON.stringify({ ...invitationOut(invitation), link, mailed }) : link,
        );
        if (options.json) return;
        const how = mailed ? 'A mail with it is on its way.' : 'Send it now.';
        io.err(`This link is for ${invitation.email} alone, and is not shown again. ${how}`);
      }),
    );
  account
    .command('reset-password')
    .description('make a link with which somebody chooses a new password, once, within a day')
    .argument('<who>', 'their address or id')
    .addHelpText('after', '\nExamples:\n  $ upheld account reset-password anna@example.com')
    .action((who: string) =>
      io.withContext(async (ctx) => {
        const { id, name } = await findPerson(ctx, who);
        const { link } = await resetPassword(ctx, CLI, { id });
        io.out(link);
        io.err(
          `This link is for ${name} alone, and is not shown again. Their sessions have ended.`,
        );
      }),
    );
  account
    .command('setup-link')
    .description('make a new link for the first account, while there is none')
    .addHelpText('after', '\nExamples:\n  $ upheld account setup-link')
    .action(() =>
      io.withContext(async (ctx) => {
        const link = await renewSetupLink(ctx);
        if (link === null)
          throw new DomainError(
            'conflict',
            'there is an account already; make another one with upheld account invite <address> --role owner',
          );
        io.out(link);
        io.err(
          'It can be used once, within a day. The link that was shown before is worth nothing now.',
        );
      }),
    );
}

function registerWithdrawal(account: Command, io: Io): void {
  account
    .command('withdraw-invitation')
    .description('make the link of an invitation worth nothing, while nobody has used it')
    .argument('<who>', 'the address that was invited, or the id of the invitation')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExamples:\n  $ upheld account withdraw-invitation anna@example.com')
    .action((who: string, options: Json) =>
      io.withContext(async (ctx) => {
        const { id, email } = await findInvitation(ctx, who);
        await withdrawInvitation(ctx, CLI, { id });
        io.out(
          options.json
            ? JSON.stringify({ withdrawn: id })
            : `The invitation of ${email} is withdrawn; its link does not work any more.`,
        );
      }),
    );
}

async function findInvitation(ctx: Context, who: string): Promise<InvitationView> {
  const wanted = who.trim().toLowerCase();
  const open = await openInvitations(ctx);
  const found = open.find(({ id, email }) => id === wanted || email === wanted);
  if (!found)
    throw new DomainError(
      'not-found',
      `there is no open invitation of "${who}"; upheld account list tells them`,
    );
  return found;
}

interface PersonChange {
  verb: (ctx: Context, actor: Actor, input: { id: string }) => Promise<PersonView>;
  said: (person: PersonView) => string;
}

const CHANGES: readonly (PersonChange & { name: string; description: string })[] = [
  {
    name: 'block',
    description: 'keep somebody out, from this moment on',
    verb: block,
    said: ({ name }) => `${name} is blocked.`,
  },
  {
    name: 'unblock',
    description: 'let somebody in again, also when others’ guesses slow them',
    verb: unblock,
    said: ({ name }) => `${name} can sign in.`,
  },
  {
    name: 'reset-second-factor',
    description: 'take away somebody’s second factor; their next sign-in makes a new one',
    verb: resetSecondFactor,
    said: ({ name }) => `${name} makes a new second factor at the next sign-in.`,
  },
];

function change(io: Io, who: string, options: Json, { verb, said }: PersonChange): Promise<void> {
  return io.withContext(async (ctx) => {
    const { id } = await findPerson(ctx, who);
    const person = await verb(ctx, CLI, { id });
    io.out(options.json ? JSON.stringify(personOut(person)) : said(person));
  });
}

function listOut({ people, invitations }: Awaited<ReturnType<typeof listPeople>>) {
  return {
    people: people.map((person) => personOut(person)),
    invitations: invitations.map((invitation) => invitationOut(invitation)),
  };
}

function personOut({ createdAt, lastSignInAt, blockedAt, ...person }: PersonView) {
  return {
    ...person,
    createdAt: isoInstant(createdAt),
    lastSignInAt: isoInstantOrNull(lastSignInAt),
    blockedAt: isoInstantOrNull(blockedAt),
  };
}

function invitationOut({ createdAt, expiresAt, ...invitation }: InvitationView) {
  return { ...invitation, createdAt: isoInstant(createdAt), expiresAt: isoInstant(expiresAt) };
}

function listText(
  ctx: Context,
  { people, invitations }: Awaited<ReturnType<typeof listPeople>>,
): string {
  if (people.length === 0)
    return 'There is no account; get the link for the first one with upheld account setup-link.';
  const zone = ctx.config().timezone;
  const rows = [
    ['ADDRESS', 'NAME', 'ROLE', 'SECOND FACTOR', 'LAST SIGN-IN', 'STATE'],
    ...people.map((person) => [
      person.email,
      person.name,
      person.role,
      person.hasSecondFactor ? 'yes' : 'no',
      person.lastSignInAt === null ? 'never' : localTime(person.lastSignInAt, zone),
      stateOf(person),
    ]),
    ...invitations.map(({ email, role, expiresAt }) => [
      email,
      '',
      role,
      '',
      '',
      `invited until ${localTime(expiresAt, zone)}`,
    ]),
  ];
  return table(rows);
}

function stateOf({ blockedBecause }: PersonView): string {
  if (blockedBecause === null) return 'in use';
  return blockedBecause === 'unused' ? 'blocked: lay unused' : 'blocked';
}
