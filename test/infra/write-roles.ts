// Writes docs/roles.md anew: `npm run roles`.
import { writeFileSync } from 'node:fs';
import { roleStage } from './role-stage.ts';
import { roleTable } from './role-table.ts';
import { resourcesOf } from './template-of.ts';

writeFileSync('docs/roles.md', roleTable(resourcesOf(roleStage())));
