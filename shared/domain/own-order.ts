// Proves that an order at the venue is ours without a record of it: its id is a function of what it was placed for (EX-11).
import { clientOrderId } from './client-order-id.ts';
import type { OrderPurpose } from './client-order-id.ts';
import type { OrderReport } from './order-report.ts';
import type { Quote } from './quote.ts';
import type { Side } from './side.ts';
import type { Slot, SlotRef } from './slot.ts';

/** What an order of ours was placed for. */
export interface OwnOrder {
  readonly ref: SlotRef;
  readonly purpose: OrderPurpose;
  readonly fence: number;
}

/** Where an id may have been made. */
export interface IdSpace {
  readonly account: string;
  readonly symbol: string;
  readonly slots: readonly string[];
  readonly maxLength: number;
}

const PURPOSES: Readonly<Record<string, OrderPurpose>> = { E: 'ENTRY', X: 'EXIT', S: 'STOP' };
const READABLE = /^([EXS])([0-9a-z]{1,11})-/;

/** Reads purpose and fence off an id; they prove nothing yet. Null where it cannot be one of ours. */
export const readClientOrderId = (id: string): Pick<OwnOrder, 'purpose' | 'fence'> | null => {
  const [, letter = '', digits = ''] = READABLE.exec(id) ?? [];
  const purpose = PURPOSES[letter];
  const fence = Number.parseInt(digits, 36);
  return purpose === undefined || !Number.isSafeInteger(fence) ? null : { purpose, fence };
};

/** Finds the slot whose order would have this very id (EX-11); null for an id that is not ours. */
export const ownOrder = (id: string, space: IdSpace): OwnOrder | null => {
  const read = readClientOrderId(id);
  if (read === null) return null;
  const { account, symbol, slots, maxLength } = space;
  const slot = slots.find((each) => clientOrderId({ account, symbol, slot: each, ...read }, { maxLength }) === id);
  return slot === undefined ? null : { ref: { symbol, slot }, ...read };
};

const closing = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

const sideHeld = (slot: Slot | null): Side | null => (slot === null || slot.position.status === 'FLAT' ? null : slot.position.side);

/** An order that rests waits on its own side of the price: a buy below it, a stop that buys above it. */
const sideOfPrices = ({ limit, stopPrice }: OrderReport, quote: Quote | null): Side | null => {
  if (quote === null) return null;
  if (limit !== null && !limit.equals(quote.price)) return limit.lessThan(quote.price) ? 'buy' : 'sell';
  if (stopPrice === null || stopPrice.equals(quote.price)) return null;
  return stopPrice.greaterThan(quote.price) ? 'buy' : 'sell';
};

/** Works out which way an order of ours trades, which no report says; null where nothing tells. */
export const sideOf = (own: OwnOrder, report: OrderReport, slot: Slot | null, quote: Quote | null): Side | null => {
  const held = sideHeld(slot);
  if (own.purpose !== 'ENTRY' && held !== null) return closing(held);
  return sideOfPrices(report, quote) ?? (own.purpose === 'ENTRY' ? (slot?.watch?.side ?? null) : null);
};
