// Writes docs/lifecycle.md anew from the rows.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecyclePage } from './page.ts';

writeFileSync(join(import.meta.dirname, '../../docs/lifecycle.md'), lifecyclePage());
