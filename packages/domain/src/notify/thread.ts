/** The id of the first mail about one thing to one person; later ones refer to it. */
export function threadRoot(lane: string, host: string): string {
  return `<${localPart(`thread.${lane}`)}@${host}>`;
}

/** The id of any other mail: the same for every attempt to send it. */
export function messageIdOf(outboxId: string, host: string): string {
  return `<${localPart(outboxId)}@${host}>`;
}

export interface Thread {
  messageId: string;
  references: readonly string[];
}

/**
 * Where a mail stands in its thread. `earlier` are the outbox ids of the mails of its lane that went
 * out, or may have, in their order; the first of those is the root.
 */
export function threadOf(
  { id, lane }: { id: string; lane: string },
  earlier: readonly string[],
  host: string,
): Thread {
  const root = threadRoot(lane, host);
  if (earlier.length === 0) return { messageId: root, references: [] };
  const previous = earlier.slice(1).at(-1);
  return {
    messageId: messageIdOf(id, host),
    references: previous === undefined ? [root] : [root, messageIdOf(previous, host)],
  };
}

/** An id as a dot-atom (RFC 5322 3.2.3). */
function localPart(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, '.');
}
