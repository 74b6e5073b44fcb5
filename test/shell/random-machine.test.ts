// Thousands of hostile days. A failure names its seed: `MACHINE_SEED=n MACHINE_SCHEDULES=1` runs that day alone.
import { describe, expect, it } from '@jest/globals';
import type { Figures } from '../support/random-machine.ts';
import { RandomMachine } from '../support/random-machine.ts';

const FIRST_SEED = Number(process.env['MACHINE_SEED'] ?? 1);
const SCHEDULES = Number(process.env['MACHINE_SCHEDULES'] ?? 2400);
const BATCHES = 4;
const STEPS = 200;

const runDay = async (seed: number): Promise<Figures> => {
  try {
    return await new RandomMachine(seed).run(STEPS);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const add = (a: Figures, b: Figures): Figures => ({
  commits: a.commits + b.commits,
  steals: a.steals + b.steals,
  fills: a.fills + b.fills,
  crashes: a.crashes + b.crashes,
  conflicts: a.conflicts + b.conflicts,
});

describe('EX-9 EW-7 SL-10 SL-12 SL-15 WS-2 WS-8 KS-1 whatever happens in whatever order', () => {
  const share = Math.ceil(SCHEDULES / BATCHES);
  it.each(Array.from({ length: BATCHES }, (_, batch) => batch + 1))(
    'the room adds up at every commit, nothing is sent twice, and in the end store and venue agree order by order (%s of 4)',
    async (batch) => {
      let total: Figures = { commits: 0, steals: 0, fills: 0, crashes: 0, conflicts: 0 };
      const first = FIRST_SEED + (batch - 1) * share;
      for (let seed = first; seed < Math.min(first + share, FIRST_SEED + SCHEDULES); seed += 1) total = add(total, await runDay(seed));
      // Days on which nothing happens would prove nothing.
      if (share > 100) {
        const { steals, fills, crashes, conflicts } = total;
        for (const count of [steals, fills, crashes, conflicts]) expect(count).toBeGreaterThan(share / 10);
      }
    },
    120_000,
  );

  it('the same seed is the same day', async () => {
    expect(await runDay(7)).toEqual(await runDay(7));
  });
});
