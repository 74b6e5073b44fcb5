// A grid that is reset from nothing (EX-5): none of its levels is placed before every order of the former one has ended.
import type { Slot } from './slot.ts';
import type { Watch } from './watch.ts';

const isOfGrid = (other: Watch, watch: Watch): boolean =>
  other.symbol === watch.symbol && other.strategy === watch.strategy && other.level?.grid === watch.level?.grid;

/** Tells whether a watch is a level that is placed only once all of its grid has ended (EX-5). */
export const isHardLevel = (watch: Watch | null): boolean => watch?.level?.reset === 'hard';

/**
 * Tells whether a level waits for the rest of its grid (EX-5, reset hard). A slot keeps the watch of its order until that has
 * ended, and the one of before until the plan comes to it; so while any slot of the grid has an older one, it is not reset.
 * It takes the whole book to know.
 */
export const isResetting = (watch: Watch, slots: Iterable<Slot>): boolean =>
  isHardLevel(watch) &&
  [...slots].some(({ watch: other }) => other !== null && isOfGrid(other, watch) && other.planVersion < watch.planVersion);
