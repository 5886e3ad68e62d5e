import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import { ZodType } from 'zod';
import type { ApiEnv } from './env.ts';

export type Target = 'json' | 'query' | 'param' | 'header' | 'cookie' | 'form';

/** What the routes of an app declare of their requests, by the name that permissions know a route by. */
export interface Declared {
  /** The schema of a part of the request; null where it has none. */
  schemaOf(route: string | null, target: Target): ZodType | null;
  /** Whether what it changes has a version that `If-Match` can name. */
  takesIfMatch(route: string | null): boolean;
}

/** Reads it when it is first asked for, when every route is there. */
export function declaredBy(app: OpenAPIHono<ApiEnv>): Declared {
  let known: ReadonlyMap<string, RouteConfig> | null = null;
  const routes = (): ReadonlyMap<string, RouteConfig> =>
    (known ??= new Map(
      app.openAPIRegistry.definitions.flatMap((one) =>
        one.type === 'route'
          ? [[`${one.route.method.toUpperCase()} ${one.route.path}`, one.route]]
          : [],
      ),
    ));
  const schemaOf: Declared['schemaOf'] = (route, target) => {
    const request = route === null ? undefined : routes().get(route)?.request;
    const parts: Partial<Record<Target, unknown>> = {
      json: bodySchema(request?.body?.content['application/json']),
      query: request?.query,
      param: request?.params,
      header: request?.headers,
    };
    const schema = parts[target];
    return schema instanceof ZodType ? schema : null;
  };
  return {
    schemaOf,
    takesIfMatch: (route) => {
      const headers = schemaOf(route, 'header');
      return headers !== null && 'shape' in headers && 'if-match' in (headers.shape as object);
    },
  };
}

function bodySchema(media: object | undefined): unknown {
  return media && 'schema' in media ? media.schema : undefined;
}
