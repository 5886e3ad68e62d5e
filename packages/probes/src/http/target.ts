/** What an HTTP check asks and what it takes for good; the `http` monitor of upheld.yaml has this form. */
export interface HttpTarget {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly expect: {
    /** Numbers or ranges such as `200-299`. */
    readonly status: readonly string[];
    readonly text?: string | undefined;
    readonly json?:
      { readonly path: string; readonly equals: string | number | boolean | null } | undefined;
    /** Milliseconds; slower is degraded. */
    readonly within?: number | undefined;
  };
  /** Milliseconds for the whole check: name, connection, redirects and as much body as is needed. */
  readonly timeout: number;
  /** How many redirects are followed. */
  readonly redirects: number;
}
