// Which symbols are wanted or held long and short at once: a venue knows their sum alone, so no exit may be reduce-only (EX-5).
import type { Snapshot } from './domain/decision.ts';
import { slotKey } from './domain/decision.ts';
import type { Side } from './domain/side.ts';
import type { Slot, SlotRef } from './domain/slot.ts';
import { orderOf } from './domain/slot-orders.ts';
import type { PlanHead, ReadWatch } from './plan-watch.ts';

type Sided = SlotRef & { readonly side: Side };

/** The sides on which a slot holds something of ours or has it ordered and, of another strategy, watches for it. */
const sidesOf = ({ symbol, slot, watch, entry, position }: Slot, strategy: string): readonly Sided[] => {
  const watched = watch?.strategy === strategy ? null : watch;
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

/**
 * Finds which watches of a plan trade their symbol on both sides (EX-5), by the plan itself, whatever its slots and grids
 * are called, or by what of earlier plans and of other strategies is still there; gives what marks them so.
 */
export const nettingOf = ({ strategy }: Pick<PlanHead, 'strategy'>, reads: readonly ReadWatch[], { slots }: Pick<Snapshot, 'slots'>): ((read: ReadWatch) => ReadWatch) => {
  const planned = reads.flatMap((read): readonly Sided[] => (read.kind === 'WATCH' ? [read.watch] : []));
  const netted = nettedSymbols([...planned, ...[...slots.values()].flatMap((slot) => sidesOf(slot, strategy))]);
  return (read) => {
    if (read.kind === 'REFUSED' || !netted.has(read.watch.symbol)) return read;
    const { watch } = read;
    return { ...read, watch: { ...watch, exit: { ...watch.exit, netted: true } } };
  };
};
