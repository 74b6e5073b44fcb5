// What was filled, as the store counted it and as the venue tells it: trade by trade, or order by order where a report was lost.
import { type Decimal, sum, toPlain } from '../../../shared/domain/decimal.ts';
import type { StoredFill } from './table-index.ts';

/** One trade of the paper venue. */
export interface VenueFillFact {
  readonly clientOrderId: string;
  readonly tradeId: string;
  readonly quantity: Decimal;
  readonly price: Decimal;
}

interface OrderFills {
  readonly clientOrderId: string;
  readonly store: readonly StoredFill[];
  readonly venue: readonly VenueFillFact[];
}

/**
 * Names fills that only one side has, that differ, and such that are there twice. A fill known from a cumulative quantity
 * alone has an id of its own (SL-10): the fills of such an order agree if all that was counted of it does.
 */
export function differingFills(store: readonly StoredFill[], venue: readonly VenueFillFact[]): readonly string[] {
  return [...repeated(store), ...repeated(venue), ...byOrder(store, venue).flatMap(differenceOf)];
}

const nameOf = ({ clientOrderId, tradeId }: VenueFillFact): string => `fill ${clientOrderId}#${tradeId}`;

function repeated(fills: readonly VenueFillFact[]): readonly string[] {
  const names = fills.map(nameOf);
  return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: twice`);
}

function byOrder(store: readonly StoredFill[], venue: readonly VenueFillFact[]): readonly OrderFills[] {
  const [ofStore, ofVenue] = [Map.groupBy(store, orderOf), Map.groupBy(venue, orderOf)];
  const orders = new Set([...ofStore.keys(), ...ofVenue.keys()]);
  return [...orders].map((clientOrderId) => ({ clientOrderId, store: ofStore.get(clientOrderId) ?? [], venue: ofVenue.get(clientOrderId) ?? [] }));
}

const orderOf = ({ clientOrderId }: VenueFillFact): string => clientOrderId;
const isInferred = ({ clientOrderId, tradeId }: StoredFill): boolean => tradeId.startsWith(`${clientOrderId}#`);

function differenceOf(fills: OrderFills): readonly string[] {
  return fills.store.some(isInferred) ? differingSums(fills) : differingTrades(fills);
}

function differingSums({ clientOrderId, store, venue }: OrderFills): readonly string[] {
  const told = (what: string, ours: Decimal, theirs: Decimal): readonly string[] =>
    ours.equals(theirs) ? [] : [`fills of ${clientOrderId}: ${what} counted ${toPlain(ours)}, at the venue ${toPlain(theirs)}`];
  return [
    ...told('quantity', sum(store.map(({ counted }) => counted)), sum(venue.map(({ quantity }) => quantity))),
    ...told('notional', sum(store.map(({ counted, price }) => counted.times(price))), sum(venue.map(({ quantity, price }) => quantity.times(price)))),
  ];
}

function differingTrades({ store, venue }: OrderFills): readonly string[] {
  const atVenue = new Map(venue.map((fill) => [nameOf(fill), fill]));
  const known = new Set(store.map(nameOf));
  return [
    ...store.flatMap((fill) => differingTrade(fill, atVenue.get(nameOf(fill)))),
    ...venue.map(nameOf).filter((name) => !known.has(name)).map((name) => `${name}: not in the store`),
  ];
}

function differingTrade(fill: StoredFill, venue: VenueFillFact | undefined): readonly string[] {
  if (venue === undefined) return [`${nameOf(fill)}: not at the venue`];
  const text = (quantity: Decimal, price: Decimal): string => `${toPlain(quantity)} at ${toPlain(price)}`;
  const [ours, theirs] = [text(fill.counted, fill.price), text(venue.quantity, venue.price)];
  return ours === theirs ? [] : [`${nameOf(fill)}: in the store ${ours}, at the venue ${theirs}`];
}
