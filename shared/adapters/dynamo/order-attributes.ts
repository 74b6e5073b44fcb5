import { ORDER_STATUSES } from '../../domain/order-lifecycle.ts';
import type { Amendment, Order, SlotRef } from '../../domain/slot.ts';
import type { Attributes } from './attributes.ts';
import { amount, decimal, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { SIDES } from './watch-attributes.ts';

export const PURPOSES = ['ENTRY', 'EXIT', 'STOP'] as const satisfies readonly Order['purpose'][];

const ORDER = {
  clientOrderId: 'id',
  exchangeOrderId: 'xi',
  purpose: 'pu',
  fence: 'fe',
  side: 'sd',
  quantity: 'qt',
  limit: 'li',
  stopPrice: 'sp',
  status: 'ss',
  filledQuantity: 'fq',
  filledNotional: 'fn',
  tradedQuantity: 'tq',
  createdAt: 'ca',
} as const satisfies Record<keyof Order, string>;
const AMENDMENT = { attempt: 'at', plannedAt: 'pa', limit: 'li', stopPrice: 'sp', quantity: 'qt' } as const satisfies Record<keyof Amendment, string>;
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
    [ORDER.stopPrice]: maybe(order.stopPrice, decimal),
    [ORDER.status]: text(order.status),
    [ORDER.filledQuantity]: amount(order.filledQuantity),
    [ORDER.filledNotional]: amount(order.filledNotional),
    [ORDER.tradedQuantity]: amount(order.tradedQuantity),
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
  stopPrice: reader.decimalOrNull(ORDER.stopPrice),
  status: reader.choice(ORDER.status, ORDER_STATUSES),
  filledQuantity: reader.amount(ORDER.filledQuantity),
  filledNotional: reader.amount(ORDER.filledNotional),
  tradedQuantity: reader.amount(ORDER.tradedQuantity),
  createdAt: reader.whole(ORDER.createdAt),
});

export const writeAmendment = (amendment: Amendment): Attributes =>
  present({
    [AMENDMENT.attempt]: whole(amendment.attempt),
    [AMENDMENT.plannedAt]: whole(amendment.plannedAt),
    [AMENDMENT.limit]: maybe(amendment.limit, decimal),
    [AMENDMENT.stopPrice]: maybe(amendment.stopPrice, decimal),
    [AMENDMENT.quantity]: decimal(amendment.quantity),
  });

export const readAmendment = (reader: ItemReader): Amendment => ({
  attempt: reader.whole(AMENDMENT.attempt),
  plannedAt: reader.whole(AMENDMENT.plannedAt),
  limit: reader.decimalOrNull(AMENDMENT.limit),
  stopPrice: reader.decimalOrNull(AMENDMENT.stopPrice),
  quantity: reader.decimal(AMENDMENT.quantity),
});

export const writeRef = (ref: SlotRef): Attributes => ({ [REF.symbol]: text(ref.symbol), [REF.slot]: text(ref.slot) });

export const readRef = (reader: ItemReader): SlotRef => ({ symbol: reader.text(REF.symbol), slot: reader.text(REF.slot) });
