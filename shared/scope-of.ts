// Which part of the account an event needs to be decided.
import { cancelActionId } from './domain/action.ts';
import type { Event } from './domain/event.ts';
import type { Millis } from './domain/instant.ts';
import { isReconcileEvent } from './domain/reconcile-decide.ts';
import type { ReconcileEvent } from './domain/reconcile-decide.ts';
import type { SlotRef } from './domain/slot.ts';
import type { Scope } from './ports.ts';

type OrderEvent = Exclude<Extract<Event, { type: `ACTION_${string}` | `ORDER_${string}` }>, ReconcileEvent>;

const ofOrder = (clientOrderId: string, actionIds: readonly string[]): Scope => ({
  kind: 'ORDER',
  clientOrderId,
  tradeIds: [],
  webhookId: null,
  actionIds,
});

const orderScope = (event: OrderEvent): Scope => {
  switch (event.type) {
    case 'ORDER_REPORTED': {
      const { clientOrderId, trades } = event.report;
      const tradeIds = trades.map((trade) => trade.tradeId);
      return { kind: 'ORDER', clientOrderId, tradeIds, webhookId: event.webhookId, actionIds: [cancelActionId(clientOrderId, 1)] };
    }
    case 'ACTION_ANSWERED':
    case 'ACTION_SEEN_LIVE': {
      const report = event.type === 'ACTION_SEEN_LIVE' ? event.report : reportOf(event);
      const tradeIds = report === null ? [] : report.trades.map((trade) => trade.tradeId);
      return { kind: 'ORDER', clientOrderId: event.clientOrderId, tradeIds, webhookId: null, actionIds: [event.actionId] };
    }
    case 'ACTION_STOPPED':
    case 'ORDER_ABSENT':
      return ofOrder(event.clientOrderId, [event.actionId]);
  }
};

const reportOf = (event: Extract<Event, { type: 'ACTION_ANSWERED' }>) =>
  event.outcome.kind === 'ACCEPTED' ? event.outcome.report : null;

const isOrderEvent = (event: Event): event is OrderEvent =>
  !isReconcileEvent(event) && (event.type.startsWith('ACTION_') || event.type.startsWith('ORDER_'));

const reconcileScope = (event: ReconcileEvent): Scope => {
  switch (event.type) {
    case 'ORDER_VANISHED':
    case 'STOP_DIFFERS':
      return ofOrder(event.clientOrderId, []);
    case 'CANCEL_LOST':
      return ofOrder(event.clientOrderId, [cancelActionId(event.clientOrderId, event.attempt)]);
    case 'POSITION_SEEN':
    case 'CLAIM_ORPHANED':
      // What a symbol's position means, and whether a victim yields, only all the slots together say.
      return { kind: 'BOOK', stealsSince: null };
    case 'ORPHAN_FOUND':
    case 'POSITION_ADOPTED':
      return { kind: 'SLOT', ref: event.ref };
  }
};

const slotOf = (event: Exclude<Event, OrderEvent | ReconcileEvent>): SlotRef | null => {
  if (event.type === 'WATCH_PLANNED') return { symbol: event.watch.symbol, slot: event.watch.slot };
  return 'ref' in event ? event.ref : null;
};

/** Names what has to be loaded for an event; a steal needs the whole book and the history since `stealsSince`. */
export const scopeOf = (event: Event, stealsSince: Millis): Scope => {
  if (isReconcileEvent(event)) return reconcileScope(event);
  if (isOrderEvent(event)) return orderScope(event);
  if (event.type === 'ENTRY_WANTED' && event.maySteal) return { kind: 'BOOK', stealsSince };
  if (event.type === 'LEVEL_WANTED') return { kind: 'BOOK', stealsSince: null };
  const ref = slotOf(event);
  return ref === null ? { kind: 'ACCOUNT' } : { kind: 'SLOT', ref };
};
