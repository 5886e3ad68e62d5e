/** What drizzle-kit reads to generate drizzle/postgres (npm run migrations). */
import { postgresKit } from './kit-postgres.ts';
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
} = defineTables(postgresKit);
