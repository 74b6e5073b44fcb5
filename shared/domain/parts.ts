// An entry that is sent in parts (EX-1): which part is due and how large, so that together they are what was wanted, no more.
import { shapeOrder } from './constraints.ts';
import type { Context } from './context.ts';
import { ZERO, max, min, roundDownTo } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Millis } from './instant.ts';
import { remainingQuantity } from './room.ts';
import type { Order, Parts, Slot } from './slot.ts';
import type { EntryStyle, Watch } from './watch.ts';

type PartStyle = Extract<EntryStyle, { kind: 'TWAP' | 'ICEBERG' }>;
type Twap = Extract<EntryStyle, { kind: 'TWAP' }>;

const MILLIS = 1000;

const partStyle = ({ style }: Watch): PartStyle | null => (style.kind === 'TWAP' || style.kind === 'ICEBERG' ? style : null);

/** How a watch's entry is sent in parts, null where it is one order; so is an iceberg that the venue keeps itself. */
const styleOf = (slot: Pick<Slot, 'parts'>, watch: Watch, { icebergs }: Pick<Context, 'icebergs'>): PartStyle | null => {
  const style = partStyle(watch);
  return style?.kind === 'ICEBERG' && icebergs && slot.parts === null ? null : style;
};

/** Tells whether a watch's next order is a part of its entry (EX-1). */
export const isInParts = (slot: Pick<Slot, 'parts'>, watch: Watch, context: Pick<Context, 'icebergs'>): boolean =>
  styleOf(slot, watch, context) !== null;

const isTakeable = (quantity: Decimal, { side, limit, exit }: Watch): boolean =>
  'accepted' in shapeOrder({ side, limit, quantity }, exit.market);

/** How many slices have come due before the one that is due now. */
const sliceAt = ({ slices, durationSeconds }: Twap, startedAt: Millis, now: Millis): number =>
  Math.min(slices - 1, Math.floor((Math.max(0, now - startedAt) * slices) / (durationSeconds * MILLIS)));

/** What should have been bought by the end of the slice that is due: whole lots, the remainder in the last. */
const targetOf = (style: Twap, watch: Watch, startedAt: Millis, now: Millis): Decimal => {
  const slice = sliceAt(style, startedAt, now);
  if (slice === style.slices - 1) return watch.quantity;
  return roundDownTo(watch.quantity.dividedBy(style.slices), watch.exit.market.lotSize).times(slice + 1);
};

/** A part that the venue takes, with the rest joined where that alone would be too small; zero where none is due. */
const shaped = (wanted: Decimal, left: Decimal, watch: Watch): Decimal => {
  const part = roundDownTo(min(wanted, left), watch.exit.market.lotSize);
  const rest = left.minus(part);
  const whole = rest.isZero() || isTakeable(rest, watch) ? part : roundDownTo(left, watch.exit.market.lotSize);
  return part.greaterThan(0) && isTakeable(whole, watch) ? whole : ZERO;
};

/**
 * Works out how many units a watch's next order is for (EX-1): all, or the part that is due now, with what earlier parts
 * have not filled. Zero while the next slice is not due, and where nothing that the venue would take is left.
 */
export const dueQuantity = (slot: Pick<Slot, 'parts'>, watch: Watch, context: Pick<Context, 'now' | 'icebergs'>): Decimal => {
  const style = styleOf(slot, watch, context);
  if (style === null) return watch.quantity;
  const filled = slot.parts?.filled ?? ZERO;
  const left = max(ZERO, watch.quantity.minus(filled));
  if (style.kind === 'ICEBERG') return shaped(style.shown, left, watch);
  const { now } = context;
  return shaped(max(ZERO, targetOf(style, watch, slot.parts?.startedAt ?? now, now).minus(filled)), left, watch);
};

/** The progress of an entry once its next order is planned; null where that is the whole of it. */
export const partsWith = (slot: Slot, watch: Watch, fence: number, context: Pick<Context, 'now' | 'icebergs'>): Parts | null => {
  if (!isInParts(slot, watch, context)) return null;
  return slot.parts ?? { side: watch.side, startedAt: context.now, fromFence: fence, filled: ZERO, isOver: false };
};

/** Counts what an order has filled towards its entry; orders of before it began are none of its parts. */
export const withFilledPart = (parts: Parts | null, { fence }: Order, counted: Decimal): Parts | null =>
  parts === null || fence < parts.fromFence ? parts : { ...parts, filled: parts.filled.plus(counted) };

/** Tells whether an order's fill is the first of its entry, which counts once whatever its parts (EW-6). */
export const isFirstFill = (parts: Parts | null, { fence, filledQuantity }: Order): boolean =>
  parts === null || fence < parts.fromFence ? filledQuantity.isZero() : parts.filled.isZero();

/** Tells whether an entry is under way of which a part has filled. */
export const isUnderWay = ({ parts }: Pick<Slot, 'parts'>): boolean => parts !== null && !parts.isOver && parts.filled.greaterThan(0);

/** Tells whether what a slot holds leaves room for its entry: nothing, or what earlier parts of the same entry bought (EW-7). */
export const isFreeToEnter = (slot: Pick<Slot, 'parts' | 'position'>): boolean =>
  slot.position.status === 'FLAT' || (slot.position.status === 'OPEN' && isUnderWay(slot));

/**
 * Tells whether a live part gives way (EX-1): it and what is filled do not reach what is due by now, so that the next
 * part is; or they are more than was wanted, as where a fill was told late.
 */
export const givesWay = (slot: Slot, order: Order, { now }: Pick<Context, 'now'>): boolean => {
  const { parts, watch } = slot;
  const style = watch === null ? null : partStyle(watch);
  if (parts === null || watch === null || style === null) return false;
  const reached = parts.filled.plus(remainingQuantity(order));
  if (reached.greaterThan(watch.quantity)) return true;
  return style.kind === 'TWAP' && reached.lessThan(targetOf(style, watch, parts.startedAt, now));
};

const isSameStyle = (a: EntryStyle, b: EntryStyle): boolean =>
  a.kind === b.kind && (a.kind !== 'ICEBERG' || b.kind !== 'ICEBERG' || a.shown.equals(b.shown));

/**
 * What a newer watch wants of the order that works for it: its quantity, or of a part the part's own. Null where that order
 * would be carried out otherwise, or would be more than is still wanted: then it is replaced (EX-3).
 */
export const liveTerms = ({ parts, watch: former }: Slot, order: Order, watch: Watch): Watch | null => {
  if (former === null || !isSameStyle(former.style, watch.style)) return null;
  if (parts === null) return watch;
  const reached = parts.filled.plus(remainingQuantity(order));
  return reached.greaterThan(watch.quantity) ? null : { ...watch, quantity: order.quantity };
};

const isDone = ({ entry }: Slot, parts: Parts, watch: Watch): boolean =>
  entry.status === 'NONE' && parts.filled.greaterThanOrEqualTo(watch.quantity);

/** Whether no part may follow: the watch is gone or enters otherwise now, its position has left, or all of it is bought. */
const hasEnded = (slot: Slot, parts: Parts): boolean => {
  const { watch } = slot;
  if (watch === null || partStyle(watch) === null || watch.side !== parts.side) return true;
  return isDone(slot, parts, watch) || slot.position.status !== (parts.filled.isZero() ? 'FLAT' : 'OPEN');
};

/** Settles what is left of an entry in parts after a move of its slot; every commit does, so that no rule can forget to. */
export const settledParts = (slot: Slot): Parts | null => {
  const { parts } = slot;
  if (parts === null || !(parts.isOver || hasEnded(slot, parts))) return parts;
  return slot.entry.status === 'NONE' ? null : { ...parts, isOver: true };
};
