import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './clause-map.ts';
import { pageOf } from './clause-page.ts';
import { loadSources, renewSharedIndex } from './clause-sources.ts';

// Renews docs/clauses.md; says what the map lacks, and then leaves the page as it is.
const root = fileURLToPath(new URL('..', import.meta.url));
renewSharedIndex(root);
const sources = loadSources(root);
const faults = faultsOf(sources);
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else writeFileSync(join(root, 'docs/clauses.md'), pageOf(sources));
