import { describe, expect, it } from '@jest/globals';
import { runFlood } from './flood.ts';
import { wrongIn } from './violations.ts';

const LONG = 180_000;
/** Four times the flood of the long run: the bucket is empty after a second and a half, where the machine keeps pace. */
const SHORT = { normalPerSecond: 6, times: 40, fillsPerSecond: 2 };

// `npm run flood` does the same for a minute each, and holds stops to their two seconds.
describe('a flood at the webhook', () => {
  it('of signed updates is throttled as the template says, and loses neither what was taken nor a stop (SL-4, SL-10)', async () => {
    const result = await runFlood({ ...SHORT, seconds: 3, signed: true });
    expect(wrongIn(result)).toEqual([]);
    expect(result.acceptedUpdates).toBeGreaterThanOrEqual(result.fills);
    expect(result.stopAfterFill).toHaveLength(6);
    expect(Object.keys(result.statuses).filter((status) => !['200', '429', '503'].includes(status))).toEqual([]);
  }, LONG);

  it('of requests that nobody signed is refused, and leaves the venue’s own updates and stops as they are', async () => {
    const result = await runFlood({ ...SHORT, seconds: 3, signed: false });
    expect(wrongIn(result)).toEqual([]);
    expect(result.statuses[401]).toBeGreaterThan(0);
    expect(result.acceptedUpdates).toBeGreaterThanOrEqual(result.fills);
  }, LONG);
});
