// Turns live orders into wanted levels (EX-3). A level is matched by its id, never by its price.
import { type Decimal, DomainInputError } from './decimal.ts';
import type { Settings } from './settings.ts';
import { type Side, isThrough } from './side.ts';
import { compareText } from './text-order.ts';

/** One order that should rest; `level` names its place, price in quote currency, quantity in units. */
export interface WantedLevel {
  readonly level: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly postOnly: boolean;
}

/** One order that rests. */
export interface LiveLevel {
  readonly id: string;
  readonly level: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly remainingQuantity: Decimal;
}

/** What the work depends on besides the two lists; a side of the spread that nobody knows blocks nothing. */
export interface RouteTerms {
  readonly spread: { readonly bid: Decimal | null; readonly ask: Decimal | null };
  readonly amends: boolean;
  readonly amendThresholdBps: Settings['amendThresholdBps'];
}

/** A live order that takes new terms where it stands. */
export interface LevelAmend {
  readonly id: string;
  readonly level: string;
  readonly price: Decimal;
  readonly quantity: Decimal;
}

/** A new order; it waits until those it replaces are known to have ended. */
export interface LevelPlace extends WantedLevel {
  readonly replaces: readonly string[];
}

/** A level that gets no new order, and why. */
export interface BlockedLevel {
  readonly level: string;
  readonly reason: 'WOULD_CROSS_SPREAD';
}

/** A kind of work. */
export type Work = 'CANCEL' | 'AMEND' | 'PLACE';

/** Everything to be done, each list by id or level; `sequence` holds the kinds that occur, in the order they are done. */
export interface RoutedWork {
  readonly sequence: readonly Work[];
  readonly cancel: readonly string[];
  readonly amend: readonly LevelAmend[];
  readonly place: readonly LevelPlace[];
  readonly blocked: readonly BlockedLevel[];
}

type Route = Pick<RoutedWork, 'cancel' | 'amend' | 'place' | 'blocked'>;

const BPS = 10_000;
const NOTHING: Route = { cancel: [], amend: [], place: [], blocked: [] };

/**
 * Finds the work that turns live orders into the wanted levels (EX-3): place, leave, amend, replace or cancel, and
 * never two orders on a level. Throws DomainInputError when a level is wanted twice.
 */
export function routeLevels(wanted: readonly WantedLevel[], live: readonly LiveLevel[], terms: RouteTerms): RoutedWork {
  const levels = new Set(wanted.map(({ level }) => level));
  if (levels.size < wanted.length) throw new DomainInputError('wanted', 'every level once', `${wanted.length - levels.size} again`);
  const standing = byLevel(live);
  const routes = wanted.map((level) => routeLevel(level, standing.get(level.level) ?? [], terms));
  const unwanted = live.filter(({ level }) => !levels.has(level));
  return workOf([...routes, { ...NOTHING, cancel: idsOf(unwanted) }]);
}

/** Tells whether a post-only order would meet the other side of the spread (EX-3), the touch included. */
export function wouldCross({ side, price }: Pick<WantedLevel, 'side' | 'price'>, { bid, ask }: RouteTerms['spread']): boolean {
  const other = side === 'buy' ? ask : bid;
  return other !== null && isThrough(side, price, other);
}

function routeLevel(wanted: WantedLevel, live: readonly LiveLevel[], terms: RouteTerms): Route {
  const nearest = live.toSorted((a, b) => change(wanted, a, terms) - change(wanted, b, terms) || compareText(a.id, b.id));
  const [kept, ...surplus] = nearest;
  const cancel = idsOf(surplus);
  if (wanted.postOnly && wouldCross(wanted, terms.spread)) {
    return { ...NOTHING, cancel, blocked: [{ level: wanted.level, reason: 'WOULD_CROSS_SPREAD' }] };
  }
  if (kept === undefined) return { ...NOTHING, place: [{ ...wanted, replaces: [] }] };
  const step = change(wanted, kept, terms);
  switch (step) {
    case LEAVE:
      return { ...NOTHING, cancel };
    case AMEND:
      return { ...NOTHING, cancel, amend: [{ id: kept.id, level: wanted.level, price: wanted.price, quantity: wanted.quantity }] };
    case REPLACE: {
      const replaces = idsOf(live).toSorted(compareText);
      return { ...NOTHING, cancel: replaces, place: [{ ...wanted, replaces }] };
    }
    default:
      return step satisfies never;
  }
}

// In the order of how little they disturb: of several orders on a level the first is kept.
const LEAVE = 0;
const AMEND = 1;
const REPLACE = 2;

function change(wanted: WantedLevel, live: LiveLevel, { amends, amendThresholdBps }: RouteTerms): typeof LEAVE | typeof AMEND | typeof REPLACE {
  if (wanted.side !== live.side) return REPLACE;
  const move = wanted.price.minus(live.price).abs();
  if (move.isZero() && wanted.quantity.equals(live.remainingQuantity)) return LEAVE;
  // Multiplied instead of divided, so that no repeating ratio decides by its last digit.
  const isSmall = move.times(BPS).lessThanOrEqualTo(live.price.times(amendThresholdBps));
  return amends && isSmall ? AMEND : REPLACE;
}

function workOf(routes: readonly Route[]): RoutedWork {
  const cancel = routes.flatMap((route) => route.cancel).toSorted(compareText);
  const amend = routes.flatMap((route) => route.amend).toSorted((a, b) => compareText(a.id, b.id));
  const place = routes.flatMap((route) => route.place).toSorted(byLevelName);
  const blocked = routes.flatMap((route) => route.blocked).toSorted(byLevelName);
  const kinds = [['CANCEL', cancel], ['AMEND', amend], ['PLACE', place]] as const;
  return { sequence: kinds.filter(([, list]) => list.length > 0).map(([kind]) => kind), cancel, amend, place, blocked };
}

function byLevel(live: readonly LiveLevel[]): ReadonlyMap<string, readonly LiveLevel[]> {
  return Map.groupBy(live, ({ level }) => level);
}

function idsOf(live: readonly LiveLevel[]): readonly string[] {
  return live.map(({ id }) => id);
}

function byLevelName(a: { readonly level: string }, b: { readonly level: string }): number {
  return compareText(a.level, b.level);
}
