// Kinds about a position, from its first stop to its end: SL-4, SL-5, SL-6 and EX-7.
import {
  type ExitAction,
  type ExitEvent,
  advanceExit,
  exitPlanOf,
  exitTimeAt,
} from '../../shared/domain/auto-exit-plan.ts';
import { type Decimal, ZERO } from '../../shared/domain/decimal.ts';
import type { Millis } from '../../shared/domain/instant.ts';
import { type HeldPosition, comparePositions } from '../../shared/domain/position-sync.ts';
import { normaliseStatus } from '../../shared/domain/order-lifecycle.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Side } from '../../shared/domain/side.ts';
import { heldQuantity, protectionAt } from '../../shared/domain/stop-price.ts';
import { type BarPrices, trailStop } from '../../shared/domain/trail.ts';
import { readListOrNull, readSettings, readSymbol } from './case-fields.ts';
import { readReportedStatus } from './entry-kinds.ts';
import { Field } from './field.ts';
import type { Found } from './found.ts';

/** Runs kind `stop-price` (SL-4); a case tells neither fees nor a lot, so what is filled is what is held. */
export function stopPriceKind(input: Field): Found {
  const fills = input.at('fills').list((fill) => ({ price: fill.at('price').decimal(), quantity: fill.at('quantity').decimal() }));
  const [first] = fills;
  if (first === undefined) throw input.at('fills').malformed('at least one fill');
  const basis = { side: readSide(input.at('side')), price: first.price, tickSize: input.at('tick').decimal() };
  const takeProfitMultiple = input.at('takeProfitMultiple').orNull((field) => field.decimal());
  const protection = protectionAt(basis, { kind: 'stop', takeProfitMultiple }, readSettings(input.at('settings')));
  if (protection === null) return { stop: null, takeProfit: null, protected: fills.map(() => ZERO), refused: true };
  let filled = ZERO;
  const covered = fills.map(({ quantity }) => {
    filled = filled.plus(quantity);
    return heldQuantity(filled, ZERO, ZERO);
  });
  return { ...protection, protected: covered };
}

/** Runs kind `trail` (SL-5). */
export function trailKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  const side = readSide(input.at('side'));
  const tickSize = input.at('tick').decimal();
  const held = isHeldOn(side, input.at('position').decimal());
  let stop = input.at('stop').orNull((field) => field.decimal());
  const steps = input.at('bars').list((field) => {
    const { prices, complete } = readBar(field);
    const amendTo = held && complete && stop !== null ? trailStop({ side, stop, tickSize }, prices, settings) : null;
    stop = amendTo ?? stop;
    return { stop, amendTo };
  });
  return { steps };
}

/** Runs kind `auto-exit` (SL-6). */
export function autoExitKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  const closesAt = input.at('session').at('closeAt').orNull((field) => field.time());
  const maxOrderRetries = input.at('settings').at('MAX_ORDER_RETRIES').orNull((field) => field.integer());
  const state = input.at('state');
  let plan = exitPlanOf(state.at('position').decimal(), state.at('stopId').orNull((field) => field.text()));
  const steps = input.at('events').list((field) => {
    const step = advanceExit(plan, readExitEvent(field, closesAt, settings), maxOrderRetries);
    plan = step.plan;
    return { actions: step.actions.map(reportedAction), position: plan.held };
  });
  return { steps };
}

/** Runs kind `position-sync` (EX-7, SL-11); a symbol is told in the first spelling that the case gives it. */
export function positionSyncKind(input: Field): Found {
  const spellings = new Map<string, string>();
  const read = (field: Field): HeldPosition => {
    const symbol = readSymbol(field.at('symbol'));
    if (!spellings.has(symbol)) spellings.set(symbol, field.at('symbol').text());
    return { symbol, quantity: field.at('quantity').decimal() };
  };
  const local = input.at('local').list(read);
  const exchange = readListOrNull(input.at('exchange'), read);
  const { known, differences } = comparePositions({ local, exchange, lots: readLots(input.at('lots')) });
  return { known, differences: differences.map((found) => ({ ...found, symbol: spellings.get(found.symbol) ?? found.symbol })) };
}

function readSide(field: Field): Side {
  return field.choice('long', 'short') === 'long' ? 'buy' : 'sell';
}

function isHeldOn(side: Side, position: Decimal): boolean {
  return side === 'buy' ? position.greaterThan(0) : position.lessThan(0);
}

function readBar(bar: Field): { readonly prices: BarPrices; readonly complete: boolean } {
  const price = (name: string): Decimal => bar.at(name).decimal();
  const prices = { open: price('open'), high: price('high'), low: price('low'), close: price('close') };
  return { prices, complete: bar.at('complete').boolean() };
}

function readExitEvent(event: Field, closesAt: Millis | null, settings: Settings): ExitEvent {
  const type = event.at('type').choice('tick', 'stop-update', 'exit-update');
  if (type === 'tick') return { type: 'TICKED', time: exitTimeAt(event.at('at').time(), { closesAt }, settings) };
  const filledQuantity = event.at('filled').decimal();
  if (type === 'stop-update') return { type: 'STOP_UPDATED', status: readReportedStatus(event.at('status')), filledQuantity };
  const status = normaliseStatus(event.at('status').text());
  if (status === null) throw event.at('status').malformed('a status of an order');
  return { type: 'SALE_UPDATED', status, filledQuantity };
}

function reportedAction(action: ExitAction): Found {
  switch (action.type) {
    case 'CANCEL_STOP':
      return { type: 'CANCEL', id: action.id };
    case 'CLOSE':
      return { type: action.side === 'buy' ? 'BUY' : 'SELL', quantity: action.quantity };
    case 'RESTORE_STOP':
      return { type: 'STOP', quantity: action.quantity };
    default:
      return action satisfies never;
  }
}

function readLots(lots: Field): ReadonlyMap<string, Decimal> {
  return new Map(lots.members().map(([symbol]) => [readSymbol(new Field(lots.path, symbol)), lots.at(symbol).decimal()]));
}
