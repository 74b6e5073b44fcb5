// Prints the runbook's sections anew from the alarms, behind the words that are its own.
import { readFileSync, writeFileSync } from 'node:fs';
import { projectPath } from '../constructs/bundle-recipe.ts';
import { PRINTED_BELOW, printRunbook } from './runbook.ts';

const page = projectPath('docs/runbook.md');
const [ownWords = ''] = readFileSync(page, 'utf8').split(PRINTED_BELOW);
writeFileSync(page, `${ownWords}${PRINTED_BELOW}\n${printRunbook()}`);
