// The end of a run in which things went wrong: the venue heals, and what is under way has the time to end.
import { NO_FAULTS } from '../../../shared/adapters/paper/venue-faults.ts';
import { MINUTE } from './minute-steps.ts';
import type { ReplayWorld } from './replay-world.ts';

const ROUNDS = 10;

/** Lets time pass with prices standing still, so that look-ups and reconcile settle what faults have left open. */
export async function comeToRest({ cloud, venue }: Pick<ReplayWorld, 'cloud' | 'venue'>): Promise<void> {
  venue.configureFaults(NO_FAULTS);
  for (let round = 0; round < ROUNDS; round += 1) {
    await cloud.settle();
    await cloud.runDelayed(cloud.clock.now() + MINUTE);
    await cloud.settle();
    await cloud.runSchedulesOnce();
  }
}
