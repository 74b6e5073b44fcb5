// npm run conserve -- [--fills N] [--seed N]: 0 when quantity and money are conserved to the last digit, else 1.
import { parseArgs } from 'node:util';
import { conserve } from './conserve.ts';
import { randomFills } from './random-fills.ts';

const options = { fills: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } as const;
const { values } = parseArgs({ options });
const [fills, seed] = [Number(values.fills), Number(values.seed)];
if (!Number.isSafeInteger(fills) || fills < 1 || !Number.isSafeInteger(seed)) throw new Error('usage: npm run conserve -- [--fills N] [--seed N]');

const started = performance.now();
const found = conserve(randomFills(seed), fills);
const elapsed = (performance.now() - started) / 1000;
const fees = Object.entries(found.feesByAsset).map(([asset, count]) => `${asset} ${count}`);

console.log(`seed ${seed}`);
console.log(`${found.fills} fills: ${found.partials} of orders filled in parts, ${found.flips} flips, ${found.rebates} rebates`);
console.log(`fees in ${fees.join(', ')}`);
console.log(`${found.roundTrips} round trips, ${found.openLots} lots still open, at most ${found.mostLots} in a symbol`);
console.log(`${found.checks} checks on the way, ${elapsed.toFixed(1)} s, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`);
for (const difference of found.differences) console.log(`DIFFERENCE ${difference}`);
console.log(found.differences.length === 0 ? 'quantity and money conserved to the last digit' : 'not conserved');
process.exitCode = found.differences.length === 0 ? 0 : 1;
