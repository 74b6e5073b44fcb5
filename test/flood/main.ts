// `npm run flood`: ten times the normal webhook load for a minute on the local cloud; ends with 1 where something is wrong.
import { parseArgs } from 'node:util';
import { percentile, runFlood } from './flood.ts';
import type { FloodOptions, FloodResult } from './flood.ts';
import { lateIn, unthrottledIn, wrongIn } from './violations.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    normal: { type: 'string', default: '6' },
    times: { type: 'string', default: '10' },
    fills: { type: 'string', default: '2' },
  },
});

const given = { seconds: Number(values.seconds), normalPerSecond: Number(values.normal), fillsPerSecond: Number(values.fills) };
const times = Number(values.times);
const PAST = 'past the throttle';
const PAST_THE_THROTTLE = 4;
const RUNS: readonly (readonly [string, FloodOptions])[] = [
  ['normal', { ...given, seconds: Math.ceil(given.seconds / 3), times: 1, signed: true }],
  ['signed flood', { ...given, times, signed: true }],
  ['unsigned flood', { ...given, times, signed: false }],
  // What the throttle turns away: the venue's own updates are among it, so nothing is said of how soon they come.
  [PAST, { ...given, seconds: Math.ceil(given.seconds / 3), times: times * PAST_THE_THROTTLE, signed: false }],
];

const milliseconds = (samples: readonly number[]): string => [0.5, 0.95, 0.99, 1].map((share) => percentile(samples, share).toFixed(0)).join(' / ');

const figuresOf = (result: FloodResult): Readonly<Record<string, string>> => ({
  'throttle, a second + burst': `${result.throttle.perSecond} + ${result.throttle.burst}`,
  'requests in seconds': `${result.offered} in ${result.offeredSeconds.toFixed(1)}`,
  'let through (from – to)': `${result.offered - result.throttled} (${result.passedAtLeast} – ${result.passedAtMost})`,
  'answered 429': String(result.throttled),
  'of these the venue’s own': String(result.venueThrottled),
  'answers by status': Object.entries(result.statuses).map(([status, count]) => `${status}: ${count}`).join(', '),
  'updates taken / lost': `${result.acceptedUpdates} / ${result.lostUpdates.length}`,
  'fills / lost': `${result.fills} / ${result.lostFills.length}`,
  'fill → stop, ms (p50 / p95 / p99 / most)': milliseconds(result.stopAfterFill),
  'webhook taken → stop, ms': milliseconds(result.stopAfterAcceptance),
  'this process came late by, ms (p99)': result.lateness.toFixed(0),
});

let bad = false;
for (const [name, options] of RUNS) {
  const result = await runFlood(options);
  console.log(`\n${name}: ${options.normalPerSecond * options.times} webhooks a second for ${options.seconds} s, ${options.fillsPerSecond} fills a second`);
  for (const [words, figure] of Object.entries(figuresOf(result))) console.log(`  ${words.padEnd(42)} ${figure}`);
  for (const words of [...wrongIn(result), ...(name === PAST ? unthrottledIn(result) : lateIn(result))]) {
    bad = true;
    console.log(`  WRONG: ${words}`);
  }
}
process.exitCode = bad ? 1 : 0;
