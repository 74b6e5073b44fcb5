// Takes over what no record of ours speaks for (SL-11): by rules of its own, since nobody planned it.
import type { MarketRules } from './constraints.ts';
import type { Context } from './context.ts';
import type { Decision, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import { usualHours } from './market-time.ts';
import type { Held } from './position-moves.ts';
import { withProtection } from './protect.ts';
import { explainedQuantity } from './reconcile-positions.ts';
import type { Position, Slot, SlotRef } from './slot.ts';
import { protectionAt } from './stop-price.ts';
import type { AssetClass, ExitRules } from './watch.ts';

type Foreign = Extract<Position, { status: 'FOREIGN' }>;

/** How a position is kept that nobody planned: by its stop alone, in the hours of its class. */
export const unplannedRules = (assetClass: AssetClass, market: MarketRules): ExitRules => ({
  takeProfit: null,
  maxHold: null,
  stop: { kind: 'limit', ownStop: null },
  hours: usualHours(assetClass),
  own: {},
  netted: false,
  market,
});

const adopted = (slot: Slot, foreign: Foreign, market: MarketRules, context: Context): Held => {
  const { side, quantity, averagePrice: price, seenAt } = foreign;
  const rules = unplannedRules(slot.assetClass, market);
  const protection = protectionAt({ side, price, tickSize: market.tickSize }, rules.stop, context.settings);
  return {
    status: 'OPEN',
    side,
    lots: [{ tradeId: `adopted#${seenAt}`, price, quantity, commission: null, at: seenAt }],
    // Its time begins with whoever took it over: what it did before is not known.
    openedAt: context.now,
    mode: 'normal',
    rules,
    stopPrice: protection?.stop ?? null,
    stop: { status: 'NONE' },
    stopFailures: 0,
    exitFailures: 0,
    failedExit: null,
    unprotectedSince: context.now,
    reduction: null,
  };
};

/** Makes a foreign position ours (SL-11) at the broker's average price, and plans its stop; the symbol stays halted. */
export const decidePositionAdopted = (
  event: { readonly ref: SlotRef; readonly market: MarketRules },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const slot = snapshot.slots.get(slotKey(event.ref));
  if (slot?.position.status !== 'FOREIGN') return ignore('NOT_FOREIGN');
  const position = adopted(slot, slot.position, event.market, context);
  const kept = withProtection({ ...slot, position }, context);
  const fields = { symbol: slot.symbol, quantity: explainedQuantity(position).toFixed(), price: slot.position.averagePrice.toFixed() };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, kept.slot)],
    changes: kept.changes,
    notes: [note('POSITION_ADOPTED', `${slot.symbol}: position adopted`, fields, 'WARN'), ...kept.notes],
  });
};
