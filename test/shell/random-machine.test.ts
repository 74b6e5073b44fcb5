// A thousand hostile days, and some on which nothing fails. A failure names its seed: `MACHINE_SEED=n MACHINE_SCHEDULES=1`
// runs that day alone.
import { describe, expect, it } from '@jest/globals';
import type { Figures } from '../support/random-machine.ts';
import { RandomMachine } from '../support/random-machine.ts';

const FIRST_SEED = Number(process.env['MACHINE_SEED'] ?? 1);
const SCHEDULES = Number(process.env['MACHINE_SCHEDULES'] ?? 960);
const BATCHES = 4;
const STEPS = 160;
/** Every so many days is a clean one; on as many entries are carried out in every way there is. */
const CLEAN_EVERY = 8;
const STYLES_EVERY = 8;

const runDay = async (seed: number): Promise<Figures> => {
  try {
    return await new RandomMachine(seed, { clean: seed % CLEAN_EVERY === 0, styles: seed % STYLES_EVERY === 3 }).run(STEPS);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const add = (a: Figures, b: Figures): Figures => ({
  commits: a.commits + b.commits,
  steals: a.steals + b.steals,
  fills: a.fills + b.fills,
  protections: a.protections + b.protections,
  moves: a.moves + b.moves,
  stopped: a.stopped + b.stopped,
  exits: a.exits + b.exits,
  crashes: a.crashes + b.crashes,
  conflicts: a.conflicts + b.conflicts,
});

const NOTHING: Figures = { commits: 0, steals: 0, fills: 0, protections: 0, moves: 0, stopped: 0, exits: 0, crashes: 0, conflicts: 0 };

describe('EX-1 EX-9 EW-7 SL-4 SL-5 SL-6 SL-7 SL-10 SL-12 SL-13 SL-15 WS-2 WS-8 KS-1 whatever happens in whatever order', () => {
  const share = Math.ceil(SCHEDULES / BATCHES);
  it.each(Array.from({ length: BATCHES }, (_, batch) => batch + 1))(
    'the room adds up and what is held has a stop at every commit, nothing is sent twice or sold short, and in the end all is resolved and store and venue agree (%s of 4)',
    async (batch) => {
      let total = NOTHING;
      const first = FIRST_SEED + (batch - 1) * share;
      for (let seed = first; seed < Math.min(first + share, FIRST_SEED + SCHEDULES); seed += 1) total = add(total, await runDay(seed));
      // Days on which nothing happens would prove nothing.
      if (share > 100) {
        for (const count of Object.values(total)) expect(count).toBeGreaterThan(share / 20);
      }
    },
    120_000,
  );

  it('the same seed is the same day', async () => {
    expect(await runDay(7)).toEqual(await runDay(7));
  });
});
