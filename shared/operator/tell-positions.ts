// Every position with what covers it, how it ends, and what it stands at.
import type { PositionsAnswer } from './answers.ts';
import { readBook, secondsSince } from './read-book.ts';
import { isCovered } from './tell-status.ts';
import { toPlain } from '../domain/decimal.ts';
import type { Decimal } from '../domain/decimal.ts';
import { holdEndsAt } from '../domain/exit-due.ts';
import { averagePriceOf } from '../domain/explain-position.ts';
import { instantOf } from '../domain/explain-words.ts';
import type { Known } from '../domain/explain-words.ts';
import { autoExitAt } from '../domain/market-time.ts';
import { positionPhaseOf } from '../domain/lifecycle-phase.ts';
import { isHeld } from '../domain/position-moves.ts';
import type { Held } from '../domain/position-moves.ts';
import { heldQuantity, lotsNotional } from '../domain/room.ts';
import type { Position, Slot } from '../domain/slot.ts';
import type { Side } from '../domain/watch.ts';
import type { ShellDeps } from '../shell-deps.ts';

type Row = PositionsAnswer['positions'][number];
type Foreign = Extract<Position, { status: 'FOREIGN' }>;

const rulesOf = ({ openedAt, rules, mode, reduction }: Held, { context }: Known): readonly string[] => {
  const exitAt = autoExitAt(openedAt, rules, context);
  return [
    ...(exitAt === null ? [] : [`auto-exit at ${instantOf(exitAt)}`]),
    ...(rules.maxHold === null ? [] : [`held until ${instantOf(holdEndsAt(openedAt, rules.maxHold))}`]),
    ...(mode === 'probe' ? ['a probe: a day at most'] : []),
    ...(reduction === null ? [] : [`reduced in ${reduction.slices} slices, ${reduction.begun} begun`]),
  ];
};

const unrealisedOf = (side: Side, quantity: Decimal, paid: Decimal, price: Decimal): string => {
  const worth = quantity.times(price);
  return toPlain(side === 'buy' ? worth.minus(paid) : paid.minus(worth));
};

const heldRow = (slot: Slot, held: Held, known: Known): Row => {
  const price = known.snapshot.board.quotes[slot.symbol]?.price ?? null;
  const quantity = heldQuantity(held.lots);
  return {
    symbol: slot.symbol,
    slot: slot.slot,
    status: held.status,
    side: held.side,
    quantity: toPlain(quantity),
    averagePrice: toPlain(averagePriceOf(held.lots)),
    stopPrice: held.stopPrice === null ? null : toPlain(held.stopPrice),
    stop: positionPhaseOf(slot),
    isProtected: isCovered(slot),
    takeProfit: held.rules.takeProfit === null ? null : toPlain(held.rules.takeProfit),
    rules: [...rulesOf(held, known)],
    lastPrice: price === null ? null : toPlain(price),
    unrealised: price === null ? null : unrealisedOf(held.side, quantity, lotsNotional(held.lots), price),
    ageSeconds: secondsSince(held.openedAt, known.context.now),
  };
};

const foreignRow = (slot: Slot, foreign: Foreign, known: Known): Row => {
  const price = known.snapshot.board.quotes[slot.symbol]?.price ?? null;
  const quantity = foreign.quantity.abs();
  return {
    symbol: slot.symbol,
    slot: slot.slot,
    status: 'FOREIGN',
    side: foreign.side,
    quantity: toPlain(quantity),
    averagePrice: toPlain(foreign.averagePrice),
    stopPrice: null,
    stop: 'FOREIGN',
    isProtected: false,
    takeProfit: null,
    rules: ['not ours: nothing is traded in it until a person adopts it'],
    lastPrice: price === null ? null : toPlain(price),
    unrealised: price === null ? null : unrealisedOf(foreign.side, quantity, quantity.times(foreign.averagePrice), price),
    ageSeconds: secondsSince(foreign.seenAt, known.context.now),
  };
};

const rowOf = (slot: Slot, known: Known): readonly Row[] => {
  const { position } = slot;
  if (isHeld(position)) return [heldRow(slot, position, known)];
  return position.status === 'FOREIGN' ? [foreignRow(slot, position, known)] : [];
};

/** Tells what is held; unrealised is at the last quote, whatever its age, quote currency. */
export const tellPositions = async (deps: ShellDeps): Promise<PositionsAnswer> => {
  const known = await readBook(deps);
  return { kind: 'POSITIONS', at: known.context.now, positions: [...known.snapshot.slots.values()].flatMap((slot) => rowOf(slot, known)) };
};
