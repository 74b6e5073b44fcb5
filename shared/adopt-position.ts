// Makes a foreign position ours (SL-11), for a person or where an order of ours explains it.
import { applyEvent } from './apply-event.ts';
import type { Applied } from './apply-event.ts';
import { refOf } from './domain/new-order.ts';
import type { Slot } from './domain/slot.ts';
import { isSameSymbol, isSymbol } from './domain/symbols.ts';
import { InvalidInputError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

const FIELD = 'symbol';

/**
 * Adopts the foreign position of a slot: it becomes ours at the broker's average price and gets a stop.
 * @throws InvalidInputError where the venue does not list its symbol
 */
export const adoptSlot = async (deps: ShellDeps, slot: Slot, trace: TraceContext): Promise<Applied> => {
  const market = await deps.store.findMarket(deps.account, slot.symbol);
  if (market === null) throw new InvalidInputError(FIELD, 'a symbol that the venue lists');
  return applyEvent(deps, { type: 'POSITION_ADOPTED', ref: refOf(slot), market: market.rules }, trace);
};

/**
 * Adopts the foreign position of a symbol, in any spelling, for a person (SL-11). The symbol stays halted until the
 * switch is cleared.
 * @throws InvalidInputError naming the field where there is no such position
 */
export const adoptPosition = async (deps: ShellDeps, symbol: string, trace: TraceContext): Promise<Applied> => {
  const { slots } = await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });
  const slot = [...slots.values()].find(
    (each) => each.position.status === 'FOREIGN' && isSymbol(symbol) && isSameSymbol(symbol, each.symbol, each.assetClass),
  );
  if (slot === undefined) throw new InvalidInputError(FIELD, 'a symbol with a foreign position');
  return adoptSlot(deps, slot, trace);
};
