// A round trip as it is kept (EX-6): what pairs of lots one commit closed, and what became of the rest.
import { type Decimal, ZERO } from './decimal.ts';
import type { Millis } from './instant.ts';
import type { RoundTrip } from './round-trips.ts';
import type { Side } from './side.ts';
import type { Lot, SlotRef } from './slot.ts';

const BPS = 10_000;
const BPS_PLACES = 9;
/** So many pairs an item holds at most: far below what one may weigh, and few enough items for one commit. */
const MOST_IN_ITEM = 500;

/** One pair of lots as it is kept: gross, net and PnL follow from it exactly. `commission` is null where not known. */
export interface Trip
  extends Pick<RoundTrip, 'entryTradeId' | 'exitTradeId' | 'direction' | 'quantity' | 'entryPrice' | 'exitPrice' | 'openedAt' | 'closedAt'> {
  readonly commission: Decimal | null;
}

/**
 * What one commit closed of a slot's lots; `id` is its own within `at`. `late` is commission told when its lots had
 * gone, null where not known; `lost` are lots that left without a fill; `unpaired` is what fills took beyond what was held.
 */
export interface TripRecord {
  readonly id: string;
  readonly ref: SlotRef;
  /** Of the position that the lots were of. */
  readonly side: Side;
  /** Why lots were closed: the exit's reason, or `NO_FILL`. */
  readonly policy: string;
  readonly at: Millis;
  readonly trips: readonly Trip[];
  readonly late: Decimal | null;
  readonly lost: readonly Lot[];
  readonly unpaired: Decimal;
}

/** What a pair came to, quote currency; PnL in bps of the entry's notional. Net and bps are null where a commission is not known. */
export const resultOf = ({ direction, quantity, entryPrice, exitPrice, commission }: Trip) => {
  const gain = direction === 'long' ? exitPrice.minus(entryPrice) : entryPrice.minus(exitPrice);
  const gross = gain.times(quantity);
  const net = commission === null ? null : gross.minus(commission);
  return { gross, net, pnlBps: net === null ? null : net.times(BPS).dividedBy(entryPrice.times(quantity)).toDecimalPlaces(BPS_PLACES) };
};

/** Divides what is too much for one item; what belongs to no pair stands in the first. */
export const inItems = (record: TripRecord): readonly TripRecord[] => {
  const count = Math.max(1, Math.ceil(record.trips.length / MOST_IN_ITEM));
  return Array.from({ length: count }, (_, place) => {
    const trips = record.trips.slice(place * MOST_IN_ITEM, (place + 1) * MOST_IN_ITEM);
    return place === 0 ? { ...record, trips } : { ...record, id: `${record.id}#${place + 1}`, trips, late: ZERO, lost: [], unpaired: ZERO };
  });
};
