import { writeFileSync } from 'node:fs';
import { CLIENT_TYPES, clientTypes } from './client-types.ts';

// Renews the types of the TypeScript client; a test fails while they are out of date.
writeFileSync(CLIENT_TYPES, await clientTypes());
