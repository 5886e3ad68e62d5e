import type { Kit } from './kit.ts';
import { accountTables } from './tables/accounts.ts';
import { agreementTables } from './tables/agreements.ts';
import { auditTables } from './tables/audit.ts';
import { deskTables } from './tables/desk.ts';
import { maintenanceTables } from './tables/maintenance.ts';
import { monitoringTables } from './tables/monitoring.ts';
import { notificationTables } from './tables/notifications.ts';
import { systemTables } from './tables/system.ts';

/** The whole schema, in the form of one database. */
export function defineTables(kit: Kit) {
  return {
    ...monitoringTables(kit),
    ...maintenanceTables(kit),
    ...notificationTables(kit),
    ...systemTables(kit),
    ...auditTables(kit),
    ...deskTables(kit),
    ...accountTables(kit),
    ...agreementTables(kit),
  };
}

export type Tables = ReturnType<typeof defineTables>;
