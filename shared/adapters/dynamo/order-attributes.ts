import { ORDER_STATUSES } from '../../domain/order-lifecycle.ts';
import type { Amendment, Order, SlotRef } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { decimal, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { SIDES } from './watch-attributes.ts';

export const PURPOSES = ['ENTRY', 'EXIT'] as const;

const ORDER = {
  clientOrderId: 'id',
  exchangeOrderId: 'xi',
  purpose: 'pu',
  fence: 'fe',
  side: 'sd',
  quantity: 'qt',
  limit: 'li',
  status: 'ss',
  filledQuantity: 'fq',
  filledNotional: 'fn',
  tradedQuantity: 'tq',
  createdAt: 'ca',
} as const satisfies Record<keyof Order, string>;
const AMENDMENT = { attempt: 'at', plannedAt: 'pa', limit: 'li', quantity: 'qt' } as const satisfies Record<keyof Amendment, string>;
const REF = { symbol: 'sy', slot: 'sl' } as const satisfies Record<keyof SlotRef, string>;

export const writeOrder = (order: Order): Attributes =>
  present({
    [ORDER.clientOrderId]: text(order.clientOrderId),
    [ORDER.exchangeOrderId]: maybe(order.exchangeOrderId, text),
    [ORDER.purpose]: text(order.purpose),
    [ORDER.fence]: whole(order.fence),
    [ORDER.side]: text(order.side),
    [ORDER.quantity]: decimal(order.quantity),
    [ORDER.limit]: maybe(order.limit, decimal),
    [ORDER.status]: text(order.status),
    [ORDER.filledQuantity]: decimal(order.filledQuantity),
    [ORDER.filledNotional]: decimal(order.filledNotional),
    [ORDER.tradedQuantity]: decimal(order.tradedQuantity),
    [ORDER.createdAt]: whole(order.createdAt),
  });

export const readOrder = (reader: ItemReader): Order => ({
  clientOrderId: reader.text(ORDER.clientOrderId),
  exchangeOrderId: reader.textOrNull(ORDER.exchangeOrderId),
  purpose: reader.choice(ORDER.purpose, PURPOSES),
  fence: reader.whole(ORDER.fence),
  side: reader.choice(ORDER.side, SIDES),
  quantity: reader.decimal(ORDER.quantity),
  limit: reader.decimalOrNull(ORDER.limit),
  status: reader.choice(ORDER.status, ORDER_STATUSES),
  filledQuantity: reader.decimal(ORDER.filledQuantity),
  filledNotional: reader.decimal(ORDER.filledNotional),
  tradedQuantity: reader.decimal(ORDER.tradedQuantity),
  createdAt: reader.whole(ORDER.createdAt),
});

export const writeAmendment = (amendment: Amendment): Attributes => ({
  [AMENDMENT.attempt]: whole(amendment.attempt),
  [AMENDMENT.plannedAt]: whole(amendment.plannedAt),
  [AMENDMENT.limit]: decimal(amendment.limit),
  [AMENDMENT.quantity]: decimal(amendment.quantity),
});

export const readAmendment = (reader: ItemReader): Amendment => ({
  attempt: reader.whole(AMENDMENT.attempt),
  plannedAt: reader.whole(AMENDMENT.plannedAt),
  limit: reader.decimal(AMENDMENT.limit),
  quantity: reader.decimal(AMENDMENT.quantity),
});

export const writeRef = (ref: SlotRef): Attributes => ({ [REF.symbol]: text(ref.symbol), [REF.slot]: text(ref.slot) });

export const readRef = (reader: ItemReader): SlotRef => ({ symbol: reader.text(REF.symbol), slot: reader.text(REF.slot) });
