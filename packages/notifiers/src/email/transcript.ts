/**
 * How far a conversation with a mail server came: `connecting`, nothing was said; `talking`, but the
 * message was not handed over; `handing-over`, it may have been taken.
 */
export type Stage = 'connecting' | 'talking' | 'handing-over';

/**
 * Listens to what nodemailer says to the server. Its errors are the same whether the connection broke at
 * the greeting or after the final dot; its transcript is not.
 */
export function watchTranscript(): {
  options: { logger: Record<(typeof LEVELS)[number], Listener>; transactionLog: true };
  stage: () => Stage;
} {
  let stage: Stage = 'connecting';
  const listen: Listener = (entry, ...said) => {
    const speaker = speakerOf(entry);
    // With pipelining DATA is said early; the message follows only on the server's 354.
    if (speaker === 'server' && /^354\b/.test(String(said[0]))) stage = 'handing-over';
    else if (speaker === 'client' && stage === 'connecting') stage = 'talking';
  };
  const logger = Object.fromEntries(LEVELS.map((level) => [level, listen])) as Record<
    (typeof LEVELS)[number],
    Listener
  >;
  return { options: { logger, transactionLog: true }, stage: () => stage };
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
type Listener = (entry: unknown, ...said: unknown[]) => void;

function speakerOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'tnx' in entry ? entry.tnx : undefined;
}
