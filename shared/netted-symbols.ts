// Which symbols are wanted or held long and short at once: a venue knows their sum alone, so no exit may be reduce-only (EX-5).
import type { Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import type { Side } from './domain/side.ts';
import type { Slot, SlotRef } from './domain/slot.ts';
import { orderOf } from './domain/slot-orders.ts';
import type { PlanHead, ReadWatch } from './plan-watch.ts';

type Book = Pick<Snapshot, 'slots'>;
type Sided = SlotRef & { readonly side: Side };

/** The sides on which a slot holds something of ours or has it ordered, or watches for it for anyone but the strategy named. */
const sidesOf = ({ symbol, slot, watch, entry, position }: Slot, strategy: string | null): readonly Sided[] => {
  const watched = watch !== null && watch.strategy === strategy ? null : watch;
  const held = position.status === 'FLAT' || position.status === 'FOREIGN' ? null : position;
  return [watched, orderOf(entry), held].flatMap((each) => (each === null ? [] : [{ symbol, slot, side: each.side }]));
};

/** Two slots may hold their symbol on opposite sides; one slot never does, since it enters from flat. */
const isOpposed = (a: Sided, b: Sided): boolean => a.symbol === b.symbol && a.slot !== b.slot && a.side !== b.side;

const nettedSymbols = (sides: readonly Sided[]): ReadonlySet<string> => {
  const distinct = [...new Map(sides.map((each) => [`${slotKey(each)} ${each.side}`, each])).values()];
  const sells = distinct.filter(({ side }) => side === 'sell');
  const buys = distinct.filter(({ side }) => side === 'buy');
  return new Set(buys.filter((buy) => sells.some((sell) => isOpposed(buy, sell))).map(({ symbol }) => symbol));
};

/** Finds the symbols that slots of a book hold, have ordered or watch on opposite sides (EX-5). */
export const nettedIn = ({ slots }: Book): ReadonlySet<string> => nettedSymbols([...slots.values()].flatMap((slot) => sidesOf(slot, null)));

/**
 * Finds the symbols that a plan trades on both sides (EX-5), by itself, whatever its slots and grids are called, or with
 * what of earlier plans and of other strategies is still there.
 */
export const nettedBy = ({ strategy }: Pick<PlanHead, 'strategy'>, reads: readonly ReadWatch[], { slots }: Book): ReadonlySet<string> => {
  const planned = reads.flatMap((read): readonly Sided[] => (read.kind === 'WATCH' ? [read.watch] : []));
  return nettedSymbols([...planned, ...[...slots.values()].flatMap((slot) => sidesOf(slot, strategy))]);
};

/** Has a watch of such a symbol say so, for whatever its order will come to hold. */
export const withNetting = (read: ReadWatch, netted: ReadonlySet<string>): ReadWatch => {
  if (read.kind === 'REFUSED' || !netted.has(read.watch.symbol)) return read;
  const { watch } = read;
  return { ...read, watch: { ...watch, exit: { ...watch.exit, netted: true } } };
};
