import { readEnvironment } from '@upheld/config/environment.ts';
import { verifyEmail } from '@upheld/notifiers/email/verify.ts';
import { verifySms } from '@upheld/notifiers/sms/verify.ts';
import type { Instruments } from '../doctor/examine.ts';
import { whoRuns } from './control.ts';
import { lookAtAdopted, lookAtDatabase, systemResolver } from './look.ts';
import { systemClock } from './system.ts';
import { readConfig } from './workspace.ts';

/** The doctor's instruments on this machine. */
export function instruments(): Instruments {
  const environment = readEnvironment();
  return {
    readConfig: () => readConfig(environment),
    database: lookAtDatabase(environment),
    leftOut: (config) => lookAtAdopted(environment, config),
    dataDir: environment.dataDir,
    running: () => whoRuns(environment.dataDir),
    clock: systemClock(),
    steady: () => performance.now(),
    resolver: systemResolver,
    verifyEmail,
    verifySms,
  };
}
