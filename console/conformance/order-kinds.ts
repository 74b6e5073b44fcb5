// Kinds about one order at a venue: EX-2, SL-10 and EX-10.
import { type MarketRules, shapeOrder } from '../../shared/domain/constraints.ts';
import { type OrderProgress, type OrderTrade, applyOrderUpdate, normaliseStatus } from '../../shared/domain/order-lifecycle.ts';
import type { Field } from './field.ts';
import type { Found } from './found.ts';

/** Runs kind `order-lifecycle` (EX-2, SL-10). */
export function orderLifecycleKind(input: Field): Found {
  const status = normaliseStatus(input.at('status').text());
  if (status === null) throw input.at('status').malformed('a status of an order');
  let order: OrderProgress = {
    quantity: input.at('quantity').decimal(),
    status,
    trades: input.at('trades').list(readTrade),
  };
  const steps = input.at('updates').list((field) => {
    const update = { status: field.at('status').text(), trade: field.at('trade').orNull(readTrade) };
    const next = applyOrderUpdate(order, update);
    order = next;
    return { status: next.status, filled: next.filled, applied: next.applied };
  });
  return { steps };
}

/** Runs kind `constraints` (EX-10). */
export function constraintsKind(input: Field): Found {
  const order = {
    side: input.at('side').choice('buy', 'sell'),
    limit: input.at('price').decimal(),
    quantity: input.at('quantity').decimal(),
  };
  const shaped = shapeOrder(order, readRules(input.at('constraints')));
  if ('accepted' in shaped) {
    return { price: shaped.accepted.limit, quantity: shaped.accepted.quantity, accepted: true, reason: null };
  }
  return { price: shaped.shape.limit, quantity: shaped.shape.quantity, accepted: false, reason: shaped.refused };
}

function readTrade(trade: Field): OrderTrade {
  return { id: trade.at('id').text(), quantity: trade.at('quantity').decimal() };
}

function readRules(rules: Field): MarketRules {
  return {
    tickSize: rules.at('tick').decimal(),
    lotSize: rules.at('lot').decimal(),
    minQuantity: rules.at('minQuantity').decimal(),
    minNotional: rules.at('minNotional').decimal(),
    priceBand: {
      low: rules.at('minPrice').orNull((field) => field.decimal()),
      high: rules.at('maxPrice').orNull((field) => field.decimal()),
    },
  };
}
