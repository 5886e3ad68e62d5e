/** What drizzle-kit reads to generate drizzle/sqlite (npm run migrations). */
import { sqliteKit } from './kit.ts';
import { defineTables } from './tables.ts';

export const {
  components,
  monitors,
  transitions,
  incidents,
  incidentComponents,
  incidentUpdates,
  incidentChanges,
  outages,
  gaps,
  checkRollups,
  maintenances,
  maintenanceComponents,
  announcements,
  subscribers,
  notifications,
  outbox,
  settings,
  apiTokens,
  workers,
} = defineTables(sqliteKit);
