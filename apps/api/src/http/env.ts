import type { Actor, Context } from '@upheld/services/context.ts';
import type { Context as HonoContext } from 'hono';

/** What the server hands over with a request; absent where a test calls the app directly. */
interface Bindings {
  incoming?: { socket?: { remoteAddress?: string | undefined } };
}

export interface ApiEnv {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    /** Set by the guard: whose token it was. */
    actor: Actor;
  };
}

export type ApiContext = HonoContext<ApiEnv>;

/** An app context is the product's; a request context is Hono's. */
export type ProductContext = Context;
