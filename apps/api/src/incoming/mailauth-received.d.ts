declare module 'mailauth/lib/parse-received.js' {
  interface Clause {
    value?: string;
    comment?: string;
  }
  /** A Received header by its clauses (RFC 5321 4.4). */
  export function parseReceived(line: string): { from?: Clause };
  /** The address that the server saw the connection come from, never one that the client claimed. */
  export function getClientAddress(from: Clause | undefined): string | false;
}
