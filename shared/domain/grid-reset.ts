import { type LiveLevel, type RouteTerms, type RoutedWork, type WantedLevel, routeLevels } from './router.ts';
import { compareText } from './text-order.ts';

/** How a changed grid takes its place: beside what stands, by moving what has changed, or from nothing. */
export type GridReset = 'none' | 'soft' | 'hard';

/**
 * Finds the work of a reset (EX-5): `none` keeps every live order and places what is missing, `soft` goes through the
 * router, `hard` cancels all and then places all. Throws DomainInputError when a level is wanted twice.
 */
export function resetGrid(reset: GridReset, wanted: readonly WantedLevel[], live: readonly LiveLevel[], terms: RouteTerms): RoutedWork {
  switch (reset) {
    case 'none': {
      const standing = new Set(live.map(({ level }) => level));
      return routeLevels(wanted.filter(({ level }) => !standing.has(level)), [], terms);
    }
    case 'soft':
      return routeLevels(wanted, live, terms);
    case 'hard':
      return fromNothing(wanted, live, terms);
    default:
      return reset satisfies never;
  }
}

function fromNothing(wanted: readonly WantedLevel[], live: readonly LiveLevel[], terms: RouteTerms): RoutedWork {
  const fresh = routeLevels(wanted, [], terms);
  const cancel = live.map(({ id }) => id).toSorted(compareText);
  if (cancel.length === 0) return fresh;
  const place = fresh.place.map((order) => ({ ...order, replaces: cancel }));
  return { ...fresh, sequence: ['CANCEL', ...fresh.sequence], cancel, place };
}
