// Plans an order of a slot: the next fence, its id, its record and the action that places it.
import type { Action, Intent, TimeInForce } from './action.ts';
import { amendActionId, cancelActionId, placeActionId } from './action.ts';
import { clientOrderId } from './client-order-id.ts';
import { ENTRY_VALIDITY_SECONDS } from './context.ts';
import type { Context } from './context.ts';
import { ZERO } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, OrderRecord } from './decision.ts';
import type { Amendment, Order, Purpose, Slot, SlotRef } from './slot.ts';
import type { EntryStyle, ExitRules, Mode, Side, Watch } from './watch.ts';

export interface OrderTerms {
  readonly purpose: Purpose;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly limit: Decimal | null;
  readonly stopPrice: Decimal | null;
  readonly timeInForce: TimeInForce;
  readonly shown: Decimal | null;
  /** How a position of this order is kept. */
  readonly keeps: { readonly mode: Mode; readonly rules: ExitRules };
}

export interface PlannedOrder {
  readonly order: Order;
  readonly changes: readonly Change[];
}

/** Symbol and slot of a slot. */
export const refOf = (slot: Slot): SlotRef => ({ symbol: slot.symbol, slot: slot.slot });

const baseAction = (slot: Slot, order: Order, context: Context): Omit<Action, 'id' | 'intent'> => ({
  clientOrderId: order.clientOrderId,
  purpose: order.purpose,
  ref: refOf(slot),
  assetClass: slot.assetClass,
  state: 'PLANNED',
  plannedAt: context.now,
  sentAt: null,
  validUntil: null,
  notSent: 0,
});

const newAction = (after: Action): Change => ({ kind: 'ACTION', before: null, after });

/** Plans the next order of a slot under fence + 1, or above the floor of a restore (EX-11); an entry's send is valid for a minute (EX-9). */
export const planOrder = (slot: Slot, terms: OrderTerms, context: Context): PlannedOrder => {
  const fence = Math.max(slot.fence, context.fenceFloor) + 1;
  const identity = { account: context.account, symbol: slot.symbol, slot: slot.slot, purpose: terms.purpose, fence };
  const order: Order = {
    clientOrderId: clientOrderId(identity, { maxLength: context.maxClientOrderIdLength }),
    exchangeOrderId: null,
    purpose: terms.purpose,
    fence,
    side: terms.side,
    quantity: terms.quantity,
    limit: terms.limit,
    stopPrice: terms.stopPrice,
    status: 'PENDING',
    filledQuantity: ZERO,
    filledNotional: ZERO,
    tradedQuantity: ZERO,
    createdAt: context.now,
  };
  const intent: Intent = {
    kind: 'PLACE',
    side: terms.side,
    quantity: terms.quantity,
    limit: terms.limit,
    stopPrice: terms.stopPrice,
    timeInForce: terms.timeInForce,
    shown: terms.shown,
    // Held long and short at once, the venue's position may lie on the other side of what this order closes (EX-5).
    reduceOnly: terms.purpose !== 'ENTRY' && !terms.keeps.rules.netted,
  };
  const validUntil = terms.purpose === 'ENTRY' ? context.now + ENTRY_VALIDITY_SECONDS * 1000 : null;
  const action = { ...baseAction(slot, order, context), id: placeActionId(order.clientOrderId), intent, validUntil };
  const { assetClass } = slot;
  const record: OrderRecord = { ref: refOf(slot), assetClass, order, ...terms.keeps, place: 'IN_SLOT', revision: 1 };
  return { order, changes: [{ kind: 'ORDER', before: null, after: record }, newAction(action)] };
};

/** What a watch's entry, or a part of it, asks of the venue (EX-1): a limit order, or a stop that waits at the entry price (SL-1). */
export const entryTerms = (watch: Watch, quantity: Decimal, context: Pick<Context, 'icebergs'>): OrderTerms => ({
  purpose: 'ENTRY',
  side: watch.side,
  quantity,
  ...entryPrices(watch),
  timeInForce: timeInForceOf(watch.style),
  shown: shownOf(watch.style, quantity, context),
  keeps: { mode: watch.mode, rules: watch.exit },
});

const timeInForceOf = ({ kind }: EntryStyle): TimeInForce => {
  if (kind === 'MAKER') return 'POST_ONLY';
  return kind === 'TAKER' ? 'IOC' : 'GTC';
};

const shownOf = (style: EntryStyle, quantity: Decimal, { icebergs }: Pick<Context, 'icebergs'>): Decimal | null =>
  icebergs && style.kind === 'ICEBERG' && style.shown.lessThan(quantity) ? style.shown : null;

/** The prices that a watch's entry stands at. */
export const entryPrices = (watch: Watch): { readonly limit: Decimal | null; readonly stopPrice: Decimal | null } =>
  watch.kind === 'limit' ? { limit: watch.limit, stopPrice: null } : { limit: null, stopPrice: watch.limit };

/** Plans the n-th cancel of an order; cancels never expire (EX-9). */
export const planCancel = (slot: Slot, order: Order, attempt: number, context: Context): Change =>
  newAction({
    ...baseAction(slot, order, context),
    id: cancelActionId(order.clientOrderId, attempt),
    intent: { kind: 'CANCEL' },
  });

/** Plans the n-th amendment of an order (EX-3). */
export const planAmend = (
  slot: Slot,
  order: Order,
  amendment: Pick<Amendment, 'attempt' | 'limit' | 'stopPrice' | 'quantity'>,
  context: Context,
): Change =>
  newAction({
    ...baseAction(slot, order, context),
    id: amendActionId(order.clientOrderId, amendment.attempt),
    intent: { kind: 'AMEND', quantity: amendment.quantity, limit: amendment.limit, stopPrice: amendment.stopPrice },
  });

/** Ends an action: its row goes, under the condition that it is still in the state that was seen. */
export const endAction = (action: Action | undefined): readonly Change[] =>
  action === undefined ? [] : [{ kind: 'ACTION', before: action, after: null }];

/** Keeps what became of an order once it has left its slot. */
export const closeRecord = (record: OrderRecord, order: Order, place: 'CLOSED' | 'TOMBSTONE' = 'CLOSED'): Change => ({
  kind: 'ORDER',
  before: record,
  after: { ...record, order, place, revision: record.revision + 1 },
});
