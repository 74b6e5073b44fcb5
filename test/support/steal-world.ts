// A steal under way: AAPL rests 0.6 % from its limit and is in the way of MSFT, 0.1 % from its own.
import type { WatchInput } from './builders.ts';
import type { WorldOptions } from './world.ts';
import { World } from './world.ts';

export const VICTIM: WatchInput = { symbol: 'AAPL', limit: '100', quantity: '8', pnl: '5', takeProfit: '120' };
export const THIEF: WatchInput = { symbol: 'MSFT', limit: '100', quantity: '10', pnl: '3', takeProfit: '120' };

export interface StealOptions extends WorldOptions {
  readonly victim?: Partial<WatchInput>;
  readonly thief?: Partial<WatchInput>;
}

/** The victim's order rests at the venue; a cap of 1100 leaves 300 free, and the thief needs 1000. */
export const beforeSteal = async (options: StealOptions = {}): Promise<World> => {
  const world = await World.open({ equity: '550', ...options });
  const victim = { ...VICTIM, ...options.victim };
  await world.plan(1, [victim, { ...THIEF, ...options.thief }]);
  await world.tick({ [victim.symbol]: '100.6' });
  return world;
};

/** Lets the thief see its price and steal, and stops before anything else happens: step 1 is committed. */
export const stealOnce = async (world: World, thief = THIEF.symbol): Promise<void> => {
  await world.see({ [thief]: '100.1' });
  await world.step((queued) => queued.message.kind === 'STEAL');
};

/** Step 1 is committed and nothing after it: the victim yields, the thief waits, 200 are held, 100 are free. */
export const afterStepOne = async (options: StealOptions = {}): Promise<World> => {
  const world = await beforeSteal(options);
  await stealOnce(world);
  return world;
};
