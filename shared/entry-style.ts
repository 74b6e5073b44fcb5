// How an entry of a plan is carried out, fitted to its market (EX-1): no part of it is smaller than the venue takes.
import { shapeOrder } from './domain/constraints.ts';
import type { ConstraintRefusal, MarketRules } from './domain/constraints.ts';
import { roundDownTo } from './domain/decimal.ts';
import type { Decimal } from './domain/decimal.ts';
import type { Settings } from './domain/settings.ts';
import type { Side } from './domain/side.ts';
import { PLAIN } from './domain/watch.ts';
import type { EntryStyle } from './domain/watch.ts';
import { InvalidInputError } from './errors.ts';
import type { VenueTraits } from './ports.ts';
import { stopRefusalOf } from './watch-shape.ts';
import type { StopRefusal, WatchShape } from './watch-shape.ts';

type Twap = Extract<EntryStyle, { kind: 'TWAP' }>;
type Iceberg = Extract<EntryStyle, { kind: 'ICEBERG' }>;
type Refusal = ConstraintRefusal | StopRefusal;

/** What a style is fitted to: the watch's own shape, its market and its settings; `field` names the watch in its plan. */
export interface StyleTerms {
  readonly side: Side;
  readonly shape: WatchShape;
  readonly rules: MarketRules;
  readonly settings: Settings;
  readonly venue: Pick<VenueTraits, 'postOnly' | 'mostIcebergParts'>;
  readonly field: string;
}

/** Why a part of so many units could not be placed, or what it buys not be protected. */
const refusalOf = (quantity: Decimal, { side, shape, rules, settings }: StyleTerms): Refusal | null => {
  const shaped = shapeOrder({ side, limit: shape.limit, quantity }, rules);
  return 'refused' in shaped ? shaped.refused : stopRefusalOf(side, { ...shape, quantity }, rules, settings);
};

const isLargeEnough = (slices: number, terms: StyleTerms): boolean =>
  refusalOf(roundDownTo(terms.shape.quantity.dividedBy(slices), terms.rules.lotSize), terms) === null;

/** The most slices, and no more than asked for, of which each is large enough; the fewer, the larger. */
const fitSlices = (style: Twap, terms: StyleTerms): number => {
  let enough = 1;
  let tooMany = style.slices + 1;
  while (tooMany - enough > 1) {
    const slices = Math.floor((enough + tooMany) / 2);
    if (isLargeEnough(slices, terms)) enough = slices;
    else tooMany = slices;
  }
  return enough;
};

const shapeTwap = (style: Twap, terms: StyleTerms): EntryStyle => {
  if (style.durationSeconds < style.slices) throw new InvalidInputError(`${terms.field}.style.durationSeconds`, 'a second or more for each slice');
  const slices = fitSlices(style, terms);
  return slices === 1 ? PLAIN : { ...style, slices };
};

const shapeIceberg = (style: Iceberg, terms: StyleTerms): EntryStyle | { readonly refused: Refusal } => {
  const shown = roundDownTo(style.shown, terms.rules.lotSize);
  if (shown.greaterThanOrEqualTo(terms.shape.quantity)) return PLAIN;
  const most = terms.venue.mostIcebergParts;
  if (most !== null && shown.times(most).lessThan(terms.shape.quantity)) {
    throw new InvalidInputError(`${terms.field}.style.shown`, `a part of the quantity in ${most} or fewer: the venue's icebergs have no more`);
  }
  const refused = refusalOf(shown, terms);
  return refused === null ? { ...style, shown } : { refused };
};

/**
 * Fits a style to its market (EX-1): a TWAP has no more slices than are each large enough, an iceberg shows whole lots;
 * what would be one part is a plain order. Refused where what an iceberg shows is too small.
 * @throws InvalidInputError naming a style that a watch of kind `stop` or the venue cannot have, a duration that is too short, or more parts than the venue takes
 */
export const shapeStyle = (style: EntryStyle, terms: StyleTerms): EntryStyle | { readonly refused: Refusal } => {
  if (terms.shape.entry.kind === 'stop' && style.kind !== 'PLAIN') throw new InvalidInputError(`${terms.field}.style`, 'plain, or no trigger');
  // Refused at every try, it would only use up the slot's tries (SL-9).
  if (style.kind === 'MAKER' && !terms.venue.postOnly) throw new InvalidInputError(`${terms.field}.style`, 'another than maker: the venue has no post-only orders');
  if (style.kind === 'TWAP') return shapeTwap(style, terms);
  return style.kind === 'ICEBERG' ? shapeIceberg(style, terms) : style;
};
