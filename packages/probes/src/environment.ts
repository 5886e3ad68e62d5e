import type { SecureContext } from 'node:tls';
import type { Resolver } from './dns/resolver.ts';
import type { Guard } from './guard/guard.ts';
import type { StallWatch } from './stall-watch.ts';

/** What every probe of a process shares. */
export interface ProbeEnvironment {
  guard: Guard;
  resolver: Resolver;
  stalls: Pick<StallWatch, 'lagSince'>;
  /** Whom TLS connections trust; made once, because making one costs more than a handshake. */
  secureContext: SecureContext;
}
