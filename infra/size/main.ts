// `npm run size`: bundles every function as the stack does, for every venue, and holds each against its figure.
import { MEASURED, isTooLarge } from './figures.ts';
import { measureBundle } from './measure-bundle.ts';
import { sizeLines } from './size-table.ts';
import type { SizeRow } from './size-table.ts';

const rows: SizeRow[] = [];
// One after the other: a bundle of an exchange takes a few hundred megabytes to make.
for (const { functionName, venue, figure } of MEASURED) rows.push({ ...(await measureBundle(functionName, venue)), figure });

for (const line of sizeLines(rows)) console.log(line);
const tooLarge = rows.filter(({ bytes, figure }) => isTooLarge(bytes, figure));
if (tooLarge.length > 0) {
  console.log(`\n${tooLarge.length} of ${rows.length} bundles are larger than they may be.`);
  process.exitCode = 1;
}
