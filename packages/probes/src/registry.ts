import { createSecureContext } from 'node:tls';
import { createResolver } from './dns/resolver.ts';
import type { ProbeEnvironment } from './environment.ts';
import { createGuard } from './guard/guard.ts';
import { prepareHttp } from './http/probe.ts';
import type { HttpTarget } from './http/target.ts';
import type { PreparedProbe } from './probe.ts';
import { watchStalls } from './stall-watch.ts';

/** What each kind of monitor is given as its target. */
export interface TargetOf {
  http: HttpTarget;
}
export type ProbeKind = keyof TargetOf;
export type Target = { [K in ProbeKind]: TargetOf[K] & { readonly kind: K } }[ProbeKind];

type Prepare<K extends ProbeKind> = (
  target: TargetOf[K],
  environment: ProbeEnvironment,
) => PreparedProbe;

/** Every kind of probe: a new one is a folder, a line here and a line in TargetOf. */
const KINDS: { readonly [K in ProbeKind]: Prepare<K> } = {
  http: prepareHttp,
};

/** Prepares the check of a target. */
export function prepareProbe(target: Target, environment: ProbeEnvironment): PreparedProbe {
  return KINDS[target.kind](target, environment);
}

/** What the probes of one process share; `stop` ends its timers. */
export function probeEnvironment(
  allow: readonly string[],
): ProbeEnvironment & { stop(): void; allow(ranges: readonly string[]): void } {
  const stalls = watchStalls();
  let guard = createGuard(allow);
  return {
    guard: { judge: (address, port) => guard.judge(address, port) },
    resolver: createResolver(),
    stalls,
    secureContext: createSecureContext(),
    allow(ranges) {
      guard = createGuard(ranges);
    },
    stop: () => stalls.stop(),
  };
}
