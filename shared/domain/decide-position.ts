// What the venue's positions mean once a difference is believed (SL-11): foreign, or gone.
import { anomaly } from './anomaly.ts';
import type { Context } from './context.ts';
import { MONEY_PLACES, ZERO, max, min } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, Decision, Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import type { SlotChange } from './draft.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import type { Event } from './event.ts';
import { close } from './leave.ts';
import { isHeld, takeUnits } from './position-moves.ts';
import { isAlarming } from './position-sync.ts';
import type { Protected } from './protect.ts';
import { withProtection } from './protect.ts';
import { explainedOf, isInMotion } from './reconcile-positions.ts';
import { besideSlice } from './reduction.ts';
import type { Lot, Position, Slot, SlotRef } from './slot.ts';
import { newSlot } from './slot-moves.ts';
import { compareText } from './text-order.ts';

type Seen = Extract<Event, { type: 'POSITION_SEEN' }>;
type Foreign = Extract<Position, { status: 'FOREIGN' }>;

const FOREIGN_SLOT = 'foreign';
// A broker's average may not terminate; no venue quotes a price with more places.
const PRICE_PLACES = 12;

/** What of a difference is ours that has gone, and what is nobody's, signed. */
interface Split {
  readonly gone: Decimal;
  readonly foreign: Decimal;
}

const isOpposite = (a: Decimal, b: Decimal): boolean => (a.isPositive() ? b.lessThan(0) : b.greaterThan(0));

/** Whatever the venue has beyond ours is foreign; what it lacks of ours is gone; the other side of ours is both. */
const splitOf = ({ quantity, ours, lotSize }: Seen): Split => {
  const gap = quantity.minus(ours);
  if (gap.abs().lessThanOrEqualTo(lotSize)) return { gone: ZERO, foreign: ZERO };
  if (ours.isZero() || !isOpposite(ours, gap)) return { gone: ZERO, foreign: gap };
  const gone = min(gap.abs(), ours.abs());
  return { gone, foreign: gap.plus(ours.isPositive() ? gone : gone.negated()) };
};

/** Of a slot that has had an order a fill may still be told, and it would be of a position that is not foreign. */
const isFree = ({ entry, position, watch, fence }: Slot): boolean =>
  position.status === 'FLAT' && entry.status === 'NONE' && watch === null && fence === 0;

/** The slot that keeps what is nobody's: the one that does already, else the first place that holds nothing of ours. */
const foreignRef = (slots: readonly Slot[], symbol: string): SlotRef => {
  const known = slots.find((slot) => slot.position.status === 'FOREIGN');
  if (known !== undefined) return { symbol, slot: known.slot };
  const taken = new Set(slots.filter((slot) => !isFree(slot)).map((slot) => slot.slot));
  const names = [FOREIGN_SLOT, ...slots.map((_, place) => `${FOREIGN_SLOT}-${place + 2}`)];
  return { symbol, slot: names.find((name) => !taken.has(name)) ?? `${FOREIGN_SLOT}-${slots.length + 2}` };
};

/** The broker's average price, else what was known, else the last quote. */
const pricesFor = (event: Seen, known: Foreign | null, snapshot: Snapshot): readonly Decimal[] =>
  [event.averagePrice, known?.averagePrice ?? null, snapshot.board.quotes[event.symbol]?.price ?? null].filter((price) => price !== null);

/** A price of a foreign position, cut to what the ledger keeps beside its quantity; null where none is known. */
const priceOf = (event: Seen, known: Foreign | null, snapshot: Snapshot): Decimal | null => {
  const places = Math.min(PRICE_PLACES, Math.max(0, MONEY_PLACES - event.quantity.decimalPlaces()));
  const price = pricesFor(event, known, snapshot).find((each) => each.greaterThan(0));
  return price === undefined ? null : price.toDecimalPlaces(places);
};

const isSame = (known: Foreign | null, foreign: Decimal): boolean => {
  if (known === null || foreign.isZero()) return known === null && foreign.isZero();
  return known.quantity.equals(foreign.abs()) && (known.side === 'buy') === foreign.isPositive();
};

const foreignPosition = (foreign: Decimal, averagePrice: Decimal, seenAt: number): Position => {
  if (foreign.isZero()) return { status: 'FLAT' };
  return { status: 'FOREIGN', side: foreign.isPositive() ? 'buy' : 'sell', quantity: foreign.abs(), averagePrice, seenAt };
};

interface Look {
  readonly event: Seen;
  readonly slots: readonly Slot[];
  readonly snapshot: Snapshot;
  readonly context: Context;
}

const foreignOf = ({ position }: Slot): Foreign | null => (position.status === 'FOREIGN' ? position : null);

const foreignChange = (look: Look, foreign: Decimal): SlotChange | 'NO_PRICE' | null => {
  const { event, slots, snapshot, context } = look;
  const ref = foreignRef(slots, event.symbol);
  const before = snapshot.slots.get(slotKey(ref)) ?? newSlot(ref, event.assetClass);
  const known = foreignOf(before);
  if (isSame(known, foreign)) return null;
  const price = foreign.isZero() ? ZERO : priceOf(event, known, snapshot);
  if (price === null) return 'NO_PRICE';
  const position = foreignPosition(foreign, price, known?.seenAt ?? context.now);
  return moveSlot(before.revision === 0 ? null : before, { ...before, position });
};

// A slot that loses is written with its stop's cancel or its move, the cancel of what still buys, and what it lost. One
// commit holds a hundred, and every slot of the symbol is in it: the rest is seen again.
const MOST_LESSENED = 12;

interface HeldLot {
  readonly slot: Slot;
  readonly lot: Lot;
}

/** How much of each slot has gone, oldest lots first, whichever slot they are in. */
const takenFrom = (slots: readonly Slot[], gone: Decimal, isLong: boolean): ReadonlyMap<Slot, Decimal> => {
  const lots = slots.flatMap((slot): readonly HeldLot[] =>
    isHeld(slot.position) && (slot.position.side === 'buy') === isLong ? slot.position.lots.map((lot) => ({ slot, lot })) : [],
  );
  const taken = new Map<Slot, Decimal>();
  let left = gone;
  for (const { slot, lot } of lots.toSorted((a, b) => a.lot.at - b.lot.at || compareText(a.slot.slot, b.slot.slot))) {
    if (!taken.has(slot) && taken.size >= MOST_LESSENED) continue;
    const part = min(left, lot.quantity);
    left = left.minus(part);
    if (part.greaterThan(0)) taken.set(slot, (taken.get(slot) ?? ZERO).plus(part));
  }
  return taken;
};

/** What of a loss was left behind by closed positions, which is anybody's to sweep up, and what is left for those that stand. */
const sweptFrom = (slots: readonly Slot[], gone: Decimal, isLong: boolean): { readonly slots: readonly Slot[]; readonly left: Decimal } => {
  let left = gone;
  const swept = slots.map((slot): Slot => {
    const part = min(left, max(isLong ? slot.dust : slot.dust.negated(), ZERO));
    left = left.minus(part);
    return part.isZero() ? slot : { ...slot, dust: isLong ? slot.dust.minus(part) : slot.dust.plus(part) };
  });
  return { slots: swept, left };
};

/** What a position with less to it becomes: its stop shrinks, or goes first where nothing is left to protect (SL-4). */
const lessened = (slot: Slot, taken: Decimal, context: Context): Protected => {
  const next = takeUnits(slot, taken);
  const { position } = next;
  if (!isHeld(position)) return { slot: next, changes: [], notes: [] };
  return besideSlice(position).isZero() ? close(next, position, 'SOLD', context) : withProtection(next, context);
};

interface Part {
  readonly slots: readonly SlotChange[];
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  /** What open positions have lost, without what was swept up. */
  readonly gone: Decimal;
}

const goneNote = ({ symbol, quantity, ours }: Seen, gone: Decimal): Note =>
  note('POSITION_GONE', `${symbol}: ${gone.toFixed()} that we held is no longer at the venue`, { symbol, gone: gone.toFixed(), ours: ours.toFixed(), venue: quantity.toFixed() }, 'ERROR');

/** A slot without a loss is written as it is: what was concluded of a symbol holds only while nothing of it has moved. */
const oursAfter = ({ event, slots, context }: Look, gone: Decimal, foreign: SlotChange | null): Part => {
  const own = slots.filter((slot) => slot !== foreign?.before && slot.position.status !== 'FOREIGN');
  const swept = sweptFrom(own, gone, event.ours.isPositive());
  const taken = takenFrom(swept.slots, swept.left, event.ours.isPositive());
  const moved = swept.slots.map((slot): Protected => {
    const part = taken.get(slot);
    return part === undefined ? { slot, changes: [], notes: [] } : lessened(slot, part, context);
  });
  return {
    slots: moved.map(({ slot }, place) => moveSlot(own[place] ?? null, slot)),
    changes: moved.flatMap(({ changes }) => changes),
    notes: [...(swept.left.isZero() ? [] : [goneNote(event, swept.left)]), ...moved.flatMap(({ notes }) => notes)],
    gone: swept.left,
  };
};

const alarmOf = ({ event, snapshot }: Look, { gone, foreign }: Split) => {
  if (gone.isZero() && foreign.isZero()) return { changes: [], notes: [] };
  const { symbol, assetClass, quantity, ours } = event;
  const kind = foreign.isZero() ? 'POSITION_GONE' : 'FOREIGN_POSITION';
  const message = `${symbol}: ${quantity.toFixed()} at the venue, ${ours.toFixed()} by our orders`;
  return anomaly({ kind, at: { symbol, assetClass }, message, fields: { venue: quantity.toFixed(), ours: ours.toFixed() } }, snapshot);
};

/** More than one unit of the base is for a person to know of (EX-7). */
const mismatchNote = ({ symbol, quantity, ours }: Seen): Note => {
  const alert = isAlarming(quantity.minus(ours));
  const fields = { symbol, venue: quantity.toFixed(), ours: ours.toFixed(), alert };
  return note('POSITION_MISMATCH', `${symbol}: ${fields.venue} at the venue, ${fields.ours} by our orders`, fields, alert ? 'ERROR' : 'WARN');
};

const apart = (look: Look): Decision => {
  const split = splitOf(look.event);
  const foreign = foreignChange(look, split.foreign);
  const { symbol } = look.event;
  if (foreign === 'NO_PRICE') return ignore('NO_PRICE', [note('FOREIGN_UNPRICED', `${symbol}: held at the venue by nobody’s order, at no known price`, { symbol }, 'ERROR')]);
  if (foreign === null && split.gone.isZero()) return ignore('ALREADY_KNOWN');
  const ours = oursAfter(look, split.gone, foreign);
  const alarm = alarmOf(look, { ...split, gone: ours.gone });
  return commit({
    ...EMPTY_DRAFT,
    slots: [...ours.slots, ...(foreign === null ? [] : [foreign])],
    changes: [...ours.changes, ...alarm.changes],
    notes: [mismatchNote(look.event), ...ours.notes, ...alarm.notes],
  });
};

/**
 * Decides on a position at the venue that differs from ours, confirmed (SL-11, EX-7): more than our orders explain is
 * FOREIGN, counted in capacity and its symbol halted; less takes off our lots, first in, first out. Nothing is traded.
 */
export const decidePositionSeen = (event: Seen, snapshot: Snapshot, context: Context): Decision => {
  if (snapshot.capacity === null) return ignore('CAPACITY_UNKNOWN');
  const slots = [...snapshot.slots.values()].filter((slot) => slot.symbol === event.symbol);
  if (isInMotion(slots, event.symbol)) return ignore('IN_MOTION');
  if (!explainedOf(slots, event.symbol).equals(event.ours)) return ignore('NOT_AS_SEEN');
  return apart({ event, slots, snapshot, context });
};
