import type { Context } from '../context.ts';
import { block, changeRole, listPeople, resetSecondFactor, unblock } from './change-person.ts';
import { changePassword } from './change-password.ts';
import { accountEngine, type Engine } from './engine.ts';
import { confirmTotp, enrolTotp } from './enrol.ts';
import { factorsOf, removePasskey, renewRecoveryCodes } from './factors.ts';
import { needsSetup, setUp } from './first-account.ts';
import { acceptInvitation, invite, lookAtLink, withdrawInvitation } from './invitations.ts';
import { resetPassword } from './password-link.ts';
import {
  passkeyRegistrationOptions,
  passkeySignInOptions,
  provePasskey,
  verifyPasskeyRegistration,
  verifyPasskeySignIn,
} from './passkeys.ts';
import { proveRecoveryCode, proveTotp, verifyRecoveryCode, verifyTotp } from './second-factor.ts';
import {
  currentSession,
  listSessions,
  revokeOthers,
  revokeOwnSession,
  signOut,
} from './sessions.ts';
import { signIn } from './sign-in.ts';
import type { AccountDesk, Cookies, Pending, SignedIn, Visit } from './types.ts';

export type * from './types.ts';

/** The desk over a database; better-auth is loaded when somebody first needs it. */
export function accountDesk(ctx: Context): AccountDesk {
  const engine = accountEngine(ctx);
  return {
    needsSetup: () => needsSetup(ctx),
    lookAtLink: (input) => lookAtLink(engine, input),
    setUp: (input) => setUp(engine, input),
    acceptInvitation: (input) => acceptInvitation(engine, input),
    signIn: (input) => signIn(engine, input),
    verifyTotp: (input) => verifyTotp(engine, input),
    verifyRecoveryCode: (input) => verifyRecoveryCode(engine, input),
    passkeySignInOptions: (input) => passkeySignInOptions(engine, input),
    verifyPasskeySignIn: (input) => verifyPasskeySignIn(engine, input),
    proveTotp: (input) => proveTotp(engine, input),
    proveRecoveryCode: (input) => proveRecoveryCode(engine, input),
    provePasskey: (input) => provePasskey(engine, input),
    enrolTotp: (input) => enrolTotp(engine, input),
    confirmTotp: (input) => confirmTotp(engine, input),
    passkeyRegistrationOptions: (input) => passkeyRegistrationOptions(engine, input),
    verifyPasskeyRegistration: (input) => verifyPasskeyRegistration(engine, input),
    factors: (person) => factorsOf(engine, person),
    removePasskey: (person, input) => removePasskey(engine, person, input),
    renewRecoveryCodes: (person, input) => renewRecoveryCodes(engine, person, input),
    personOf: (input) => personOf(engine, input),
    signOut: (input) => signOut(engine, input),
    sessions: (person) => listSessions(engine, person),
    revokeSession: (person, input) => revokeOwnSession(engine, person, input),
    revokeOtherSessions: (person, input) => revokeOthers(engine, person, input),
    changePassword: (input) => changePassword(engine, input),
    listPeople: () => listPeople(ctx),
    invite: (actor, input) => invite(ctx, actor, input),
    withdrawInvitation: (actor, input) => withdrawInvitation(ctx, actor, input),
    changeRole: (actor, input) => changeRole(ctx, actor, input),
    block: (actor, input) => block(ctx, actor, input),
    unblock: (actor, input) => unblock(ctx, actor, input),
    resetPassword: (actor, input) => resetPassword(ctx, actor, input),
    resetSecondFactor: (actor, input) => resetSecondFactor(ctx, actor, input),
  };
}

async function personOf(
  engine: Engine,
  visit: Visit,
): Promise<{ person: SignedIn | null; pending: Pending | null } & Cookies> {
  const current = await currentSession(engine, visit);
  if (!current) return { person: null, pending: null, cookies: [] };
  const { person, session, pending } = current;
  if (pending !== null) return { person: null, pending, cookies: [] };
  const { id, name, email, role } = person;
  const signedIn = { id, name, email, role, sessionId: session.id, provenAt: session.provenAt };
  return { person: signedIn, pending: null, cookies: [] };
}
