// Everything that could happen next to a slot as it stands: what the venue might say of its orders, a price, a plan, a person.
import { contextOf } from '../../shared/apply-event.ts';
import type { Action } from '../../shared/domain/action.ts';
import type { Context } from '../../shared/domain/context.ts';
import { Decimal, ZERO, max } from '../../shared/domain/decimal.ts';
import type { OrderRecord, Snapshot } from '../../shared/domain/decision.ts';
import { barKey, slotKey } from '../../shared/domain/decision.ts';
import type { Event, Outcome } from '../../shared/domain/event.ts';
import { nextStatus } from '../../shared/domain/order-lifecycle.ts';
import type { OrderStatus } from '../../shared/domain/order-lifecycle.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import { closingSide } from '../../shared/domain/exit-due.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { explainedOf } from '../../shared/domain/reconcile-positions.ts';
import { heldQuantity } from '../../shared/domain/room.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Order, Slot } from '../../shared/domain/slot.ts';
import { dayOf } from '../../shared/domain/slot-moves.ts';
import { ordersIn } from '../../shared/domain/slot-orders.ts';
import type { Watch } from '../../shared/domain/watch.ts';
import { marketRules } from './builders.ts';
import type { Account } from './memory-store.ts';
import type { World } from './world.ts';

/** An event with what would be known when it came. */
export interface Next {
  readonly event: Event;
  readonly snapshot: Snapshot;
  readonly context: Context;
}

/** A slot in all that is known. */
export interface Stand {
  readonly slot: Slot;
  readonly snapshot: Snapshot;
  readonly context: Context;
}

const MINUTE = 60_000;

const snapshotOf = (account: Account, name: string): Snapshot => ({
  account: name,
  capacity: account.capacity,
  board: account.board,
  slots: account.slots,
  steals: account.steals,
  orders: account.orders,
  actions: account.actions,
  countedTrades: new Set(),
  webhookSeen: false,
  reconcile: account.reconcile,
});

/** A report in one of the ways an order can go on; of a quantity, so much of what is left has filled. */
const reportOf = (order: Order, status: OrderStatus, share: number, stand: Stand): OrderReport => {
  const rest = order.quantity.minus(order.filledQuantity);
  const price = order.limit ?? order.stopPrice ?? new Decimal(100);
  return {
    clientOrderId: order.clientOrderId,
    exchangeOrderId: order.exchangeOrderId ?? 'V0',
    symbol: stand.slot.symbol,
    status,
    filledQuantity: order.filledQuantity.plus(rest.times(share).toDecimalPlaces(8)),
    averagePrice: price,
    quantity: order.quantity,
    limit: order.limit,
    stopPrice: order.stopPrice,
    refusal: null,
    trades: [],
    at: stand.context.now + 1,
  };
};

const WAYS: readonly (readonly [OrderStatus, number])[] = [
  ['OPEN', 0], ['PARTIALLY_FILLED', 0.5], ['PARTIALLY_FILLED', 0.0001], ['FILLED', 1],
  ['CANCELLED', 0], ['CANCELLED', 0.5], ['CANCELLED', 0.9999], ['EXPIRED', 0], ['EXPIRED', 1], ['REJECTED', 0],
];

const reportsOf = (order: Order, stand: Stand): readonly OrderReport[] =>
  WAYS.filter(([status]) => status === order.status || nextStatus(order.status, status) !== null).flatMap(([status, share]) => {
    const report = reportOf(order, status, share, stand);
    return status === 'REJECTED' ? [report, { ...report, refusal: 'WOULD_TRIGGER' }] : [report];
  });

const told = (report: OrderReport): Event => ({ type: 'ORDER_REPORTED', report, webhookId: null });

const eventsOfOrder = (order: Order, stand: Stand): readonly Event[] => {
  const { clientOrderId } = order;
  const astray: readonly Event[] =
    order.stopPrice === null ? [] : [{ type: 'STOP_DIFFERS', clientOrderId, stopPrice: order.stopPrice.plus('0.5'), quantity: order.quantity }];
  return [...reportsOf(order, stand).map(told), { type: 'ORDER_VANISHED', clientOrderId }, ...astray];
};

/** What was executed before an order ended, and told of after it (EX-2). */
const lateFills = (record: OrderRecord, stand: Stand): readonly Event[] => {
  const { order } = record;
  if (record.place === 'IN_SLOT' || order.status !== 'CANCELLED') return [];
  return [told(reportOf(order, 'FILLED', 1, stand)), told(reportOf(order, 'PARTIALLY_FILLED', 0.5, stand))];
};

/** An amended order that ended before the answer was heard. */
const amendedEnds = (live: OrderReport, terms: Extract<Action['intent'], { kind: 'AMEND' }>): readonly Outcome[] => {
  const { quantity, limit, stopPrice } = terms;
  const amended = { ...live, quantity, limit, stopPrice };
  return [
    { kind: 'ACCEPTED', report: { ...amended, status: 'FILLED', filledQuantity: quantity } },
    { kind: 'ACCEPTED', report: { ...amended, status: 'CANCELLED', filledQuantity: max(live.filledQuantity ?? ZERO, quantity.times('0.9999').toDecimalPlaces(8)) } },
  ];
};

const outcomesOf = (action: Action, order: Order, stand: Stand): readonly Outcome[] => {
  const live = reportOf(order, 'OPEN', 0, stand);
  const { intent } = action;
  const terms = intent.kind === 'AMEND' ? { quantity: intent.quantity, limit: intent.limit, stopPrice: intent.stopPrice } : {};
  const status: OrderStatus = intent.kind === 'CANCEL' ? 'CANCELLED' : order.filledQuantity.isZero() ? 'OPEN' : 'PARTIALLY_FILLED';
  return [
    { kind: 'REFUSED', code: 'NO' },
    { kind: 'REFUSED', code: 'WOULD_TRIGGER' },
    { kind: 'NOT_SENT', reason: 'no connection', pause: null },
    { kind: 'ACCEPTED', report: { ...live, ...terms, status } },
    ...(intent.kind === 'AMEND' ? amendedEnds(live, intent) : []),
  ];
};

const eventsOfAction = (planned: Action, order: Order, before: Stand): readonly Next[] => {
  const action: Action = { ...planned, state: 'SENT', sentAt: before.context.now };
  const stand: Stand = { ...before, snapshot: { ...before.snapshot, actions: new Map([...before.snapshot.actions, [action.id, action]]) } };
  const { id: actionId, clientOrderId } = action;
  const about = { actionId, clientOrderId };
  const live = reportOf(order, order.filledQuantity.isZero() ? 'OPEN' : 'PARTIALLY_FILLED', 0, stand);
  return [
    { ...before, event: { type: 'ACTION_STOPPED', ...about, reason: 'ACTION_EXPIRED' } },
    ...shedUnderPlan(planned, before),
    ...outcomesOf(action, order, stand).map((outcome): Next => ({ ...stand, event: { type: 'ACTION_ANSWERED', ...about, outcome } })),
    { ...stand, event: { type: 'ACTION_SEEN_LIVE', ...about, report: live } },
    { ...stand, event: { type: 'ORDER_ABSENT', ...about } },
  ];
};

/** A change of an entry that is given up for want of budget while a plan for the other side waits for it. */
const shedUnderPlan = ({ id: actionId, clientOrderId, intent, purpose }: Action, { slot, snapshot, context }: Stand): readonly Next[] => {
  const { watch } = slot;
  if (intent.kind !== 'AMEND' || purpose !== 'ENTRY' || watch === null) return [];
  const other: Watch = { ...watch, side: watch.side === 'buy' ? 'sell' : 'buy' };
  const waiting: Slot = { ...slot, pending: { kind: 'WATCH', watch: other } };
  const slots = new Map([...snapshot.slots, [slotKey(slot), waiting]]);
  return [{ event: { type: 'ACTION_STOPPED', actionId, clientOrderId, reason: 'SHED' }, snapshot: { ...snapshot, slots }, context }];
};

const plansFor = (slot: Slot): readonly Watch[] => {
  const { watch } = slot;
  if (watch === null) return [];
  const planVersion = (slot.planVersions[watch.strategy] ?? 0) + 1;
  const next: Watch = { ...watch, planVersion };
  const moved: Watch = { ...next, limit: next.limit.plus('0.01') };
  const turned: Watch = next.kind === 'stop' ? { ...next, trigger: next.trigger.minus('0.5') } : { ...next, side: next.side === 'buy' ? 'sell' : 'buy' };
  return [next, moved, { ...next, quantity: next.quantity.plus(1) }, turned];
};

const eventsOfPlan = (slot: Slot): readonly Event[] => {
  const { symbol, watch } = slot;
  const ref = { symbol, slot: slot.slot };
  const withdrawn: readonly Event[] =
    watch === null ? [] : [{ type: 'WATCH_WITHDRAWN', ref, strategy: watch.strategy, planVersion: (slot.planVersions[watch.strategy] ?? 0) + 1 }];
  return [
    ...plansFor(slot).map((planned): Event => ({ type: 'WATCH_PLANNED', watch: planned })),
    ...withdrawn,
    { type: 'ENTRY_HALTED', ref },
  ];
};

/** The same stand at a price, after a while; every other symbol is far from where it is waited for. */
const seenAt = (stand: Stand, price: Decimal, later: number): Stand => {
  const now = stand.context.now + later;
  const { board, slots } = stand.snapshot;
  const far = [...slots.values()].map(({ symbol, watch }) => [symbol, { price: (watch?.limit ?? new Decimal(100)).times('1.02'), at: now }]);
  const quotes = { ...Object.fromEntries(far), [stand.slot.symbol]: { price, at: now } };
  return { ...stand, context: { ...stand.context, now }, snapshot: { ...stand.snapshot, board: { ...board, quotes } } };
};

/** The same stand with a bar just completed far beyond the price, that a stop trails by. */
const withBar = (stand: Stand): Stand => {
  const { snapshot, slot, context } = stand;
  const { position } = slot;
  if (!isHeld(position) || position.stopPrice === null) return stand;
  const isLong = position.side === 'buy';
  const [open, close] = isLong ? ['200', '201'] : ['40', '39'];
  const bar = { startsAt: context.now, open: new Decimal(open), close: new Decimal(close), high: new Decimal(isLong ? '202' : '40'), low: new Decimal(isLong ? '200' : '38'), lastAt: context.now };
  const key = barKey(slot.symbol, position.rules.own.barMinutes ?? context.settings.barMinutes);
  const trailing = withSlot(stand, { ...slot, position: { ...position, rules: { ...position.rules, stop: { kind: 'stop', takeProfitMultiple: null } } } });
  return { ...trailing, snapshot: { ...trailing.snapshot, board: { ...snapshot.board, bars: { [key]: { building: null, completed: bar } } } } };
};

const levelsOf = ({ watch, position }: Slot): readonly Decimal[] => [
  ...(watch === null ? [] : [watch.limit, ...(watch.kind === 'stop' ? [watch.trigger] : [])]),
  ...(isHeld(position) ? [position.stopPrice, position.rules.takeProfit].filter((price) => price !== null) : []),
  new Decimal(1),
  new Decimal(1000),
];

const looks = (stand: Stand): readonly Next[] => {
  const { slot } = stand;
  const ref = { symbol: slot.symbol, slot: slot.slot };
  const { capacity } = stand.snapshot;
  const full: Snapshot = { ...stand.snapshot, capacity: capacity === null ? null : { ...capacity, free: new Decimal(0) } };
  return levelsOf(slot).flatMap((price) =>
    [0, 11_000, 20 * MINUTE].flatMap((later) => {
      const seen = seenAt(stand, price, later);
      const asked: Event = { type: 'ENTRY_WANTED', ref, maySteal: true };
      const checked: Event = { type: 'SLOT_CHECKED', ref };
      const tight = seenAt({ ...stand, snapshot: full }, price, later);
      return [{ ...seen, event: checked }, { ...withBar(seen), event: checked }, { ...seen, event: asked }, { ...tight, event: asked }];
    }),
  );
};

/** What the venue's positions might say, where the symbol stands still. */
const positionsSeen = ({ slot, snapshot }: Stand): readonly Event[] => {
  const ours = explainedOf([...snapshot.slots.values()], slot.symbol);
  const of = { symbol: slot.symbol, assetClass: slot.assetClass, averagePrice: new Decimal(100), ours, lotSize: new Decimal('0.00000001') };
  return [new Decimal(0), ours.dividedBy(2).toDecimalPlaces(8), ours.plus(5)].map((quantity) => ({ type: 'POSITION_SEEN', quantity, ...of }));
};

const byPersons = (stand: Stand): readonly Next[] => {
  const { slot, context } = stand;
  const ref = { symbol: slot.symbol, slot: slot.slot };
  const tomorrow: Context = { ...context, now: context.now + 24 * 60 * MINUTE };
  const expired: Context = { ...context, now: Math.max(context.now, slot.watch?.expiresAt ?? 0) };
  const alone: Snapshot = { ...stand.snapshot, slots: new Map([[slotKey(slot), slot]]) };
  return [
    { ...stand, snapshot: alone, event: { type: 'CLAIM_ORPHANED', ref } },
    { ...stand, event: { type: 'POSITION_ADOPTED', ref, market: marketRules() } },
    { ...stand, event: { type: 'POSITION_ADOPTED', ref, market: marketRules({ minNotional: new Decimal(1_000_000) }) } },
    { ...stand, context: tomorrow, event: { type: 'SLOT_RESET', ref } },
    { ...stand, context: expired, event: { type: 'WATCH_EXPIRED', ref } },
    ...positionsSeen(stand).map((event) => ({ ...stand, event })),
  ];
};

const ofOrders = (stand: Stand): readonly Next[] => {
  const { slot, snapshot } = stand;
  const orders = ordersIn(slot).map(({ order }) => order);
  const actions = [...snapshot.actions.values()];
  const records = [...snapshot.orders.values()].filter((record) => slotKey(record.ref) === slotKey(slot));
  const events = [...orders.flatMap((order) => eventsOfOrder(order, stand)), ...records.flatMap((record) => lateFills(record, stand)), ...eventsOfPlan(slot)];
  return [
    ...events.map((event) => ({ ...stand, event })),
    ...orders.flatMap((order) => actions.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId).flatMap((action) => eventsOfAction(action, order, stand))),
  ];
};

/** A slot of a world as it stands. */
export const standOf = (world: World, slot: Slot): Stand => ({
  slot,
  snapshot: snapshotOf(world.account, world.deps.account),
  context: contextOf(world.deps),
});

const withSlot = (stand: Stand, slot: Slot): Stand => ({
  ...stand,
  slot,
  snapshot: { ...stand.snapshot, slots: new Map([...stand.snapshot.slots, [slotKey(slot), slot]]) },
});

const triggeredSlot = (slot: Slot, context: Context): Slot =>
  slot.watch === null ? slot : { ...slot, watch: { ...slot.watch, kind: 'stop', trigger: slot.watch.limit }, triggered: dayOf(slot, context) };

/** The same stand of watches of kind stop that were triggered today, in every slot. */
const asTriggered = (stand: Stand): Stand => {
  const { slot, snapshot, context } = stand;
  const slots = new Map([...snapshot.slots].map(([key, each]) => [key, triggeredSlot(each, context)]));
  return { ...stand, slot: triggeredSlot(slot, context), snapshot: { ...snapshot, slots } };
};

const orderOf = (id: string, terms: Pick<Order, 'purpose' | 'side' | 'quantity' | 'status' | 'limit'>, now: number): Order => ({
  ...terms,
  clientOrderId: id,
  exchangeOrderId: 'V0',
  fence: 0,
  stopPrice: null,
  filledQuantity: ZERO,
  filledNotional: ZERO,
  tradedQuantity: ZERO,
  createdAt: now,
});

const withRecord = (stand: Stand, order: Order, rules: OrderRecord['rules'], place: OrderRecord['place']): Stand => {
  const { slot, snapshot } = stand;
  const { symbol, assetClass } = slot;
  const record: OrderRecord = { ref: { symbol, slot: slot.slot }, assetClass, order, mode: 'normal', rules, place, revision: 1 };
  return { ...stand, snapshot: { ...snapshot, orders: new Map([...snapshot.orders, [order.clientOrderId, record]]) } };
};

/** The same stand with an entry that still buys into what is held, as it is or while it is being changed. */
const stillBuying = (stand: Stand, isAmending: boolean): Stand => {
  const { slot, context } = stand;
  const { position } = slot;
  if (!isHeld(position) || slot.entry.status !== 'NONE') return stand;
  const limit = new Decimal(100);
  const order = orderOf('E0-still', { purpose: 'ENTRY', side: position.side, quantity: new Decimal(10), status: 'OPEN', limit }, context.now);
  const amendment = isAmending ? { attempt: 1, plannedAt: context.now, limit, stopPrice: null, quantity: new Decimal(11) } : null;
  const next: Slot = { ...slot, entry: { status: 'WORKING', order, amendment, attempts: 0 } };
  return withRecord(withSlot(stand, next), order, position.rules, 'IN_SLOT');
};

/** The same stand with a newer plan that waits for news of the order. */
const withPlan = (stand: Stand): Stand => {
  const { slot } = stand;
  const { watch, entry } = slot;
  if (watch === null || entry.status !== 'PLACING') return stand;
  return withSlot(stand, { ...slot, pending: { kind: 'WATCH', watch: { ...watch, limit: watch.limit.minus('0.01') } } });
};

/** The same stand at a venue that takes no stop of that size. */
const tooSmall = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (!isHeld(position)) return stand;
  const rules = { ...position.rules, market: marketRules({ minNotional: new Decimal(1_000_000) }) };
  return withSlot(stand, { ...stand.slot, position: { ...position, rules } });
};

/** The same stand with something held that nobody's order explains. */
const foreign = (stand: Stand): Stand => {
  const { slot, context } = stand;
  if (slot.position.status !== 'FLAT' || slot.entry.status !== 'NONE') return stand;
  const position = { status: 'FOREIGN', side: 'buy', quantity: new Decimal(5), averagePrice: new Decimal(100), seenAt: context.now } as const;
  return withSlot(stand, { ...slot, position });
};

/** The same stand with a stop about to take the place of its own; or with that there already, and the own being cancelled. */
const replacing = (stand: Stand, isThere: boolean): Stand => {
  const { slot, context } = stand;
  const { position } = slot;
  if (position.status !== 'OPEN' || position.stop.status !== 'PLACED' || position.stop.former !== null) return stand;
  const { order: own } = position.stop;
  const order: Order = { ...own, clientOrderId: 'S0-next', status: isThere ? 'OPEN' : 'PENDING', quantity: own.quantity.plus(1), createdAt: context.now };
  const former: Order = { ...own, status: 'OPEN' };
  const stop = { ...position.stop, order, amendment: null, former: { order: former, attempts: isThere ? 1 : 0 } };
  return withRecord(withSlot(stand, { ...slot, position: { ...position, stop } }), order, position.rules, 'IN_SLOT');
};

/** The same stand with its stop being cancelled, for another to take its place. */
const renewing = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (position.status !== 'OPEN' || position.stop.status !== 'PLACED' || position.stop.former !== null) return stand;
  const { order } = position.stop;
  return withSlot(stand, { ...stand.slot, position: { ...position, stop: { status: 'CANCELLING', order, attempts: 1, former: null } } });
};

/** The same stand with a sale behind it that was cancelled, and of which a fill may still be told (EX-2). */
const withOldSale = (stand: Stand): Stand => {
  const { slot, context } = stand;
  const { position } = slot;
  if (!isHeld(position)) return stand;
  const terms = { purpose: 'EXIT', side: closingSide(position.side), quantity: heldQuantity(position.lots), status: 'CANCELLED', limit: null } as const;
  return withRecord(stand, orderOf('X0-old', terms, context.now), position.rules, 'CLOSED');
};

/** The same stand with less than a lot left of a position that is left. */
const withDust = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (position.status !== 'LEAVING') return stand;
  const [lot] = position.lots;
  const lots = lot === undefined ? [] : [{ ...lot, quantity: position.rules.market.lotSize.dividedBy(2) }];
  return withSlot(stand, { ...stand.slot, position: { ...position, lots } });
};

/** The same stand with less than a lot left of a position that no stop rests for, as fees leave it. */
const withCrumbs = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (position.status !== 'OPEN' || (position.stop.status !== 'NONE' && position.stop.status !== 'WATCHED')) return stand;
  const [lot] = position.lots;
  const lots = lot === undefined ? [] : [{ ...lot, quantity: position.rules.market.lotSize.dividedBy(2) }];
  return withSlot(stand, { ...stand.slot, position: { ...position, lots } });
};

/** The same stand of a position being sold that has no stop price, since it would be at or below zero. */
const unpriced = (stand: Stand): Stand => {
  const { position } = stand.slot;
  return position.status === 'EXITING' ? withSlot(stand, { ...stand.slot, position: { ...position, stopPrice: null } }) : stand;
};

/** The same stand with a stop that stands elsewhere than it is wanted, the venue having refused another. */
const misplaced = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (position.status !== 'OPEN' || position.stop.status !== 'PLACED' || position.stopPrice === null) return stand;
  const stopPrice = position.stopPrice.plus(position.rules.market.tickSize);
  return withSlot(stand, { ...stand.slot, position: { ...position, stopPrice, stopFailures: 1 } });
};

/** The same stand with a slice of a reduction out: of a part of what is held or, where no stop rests, of all of it. */
const slicing = (stand: Stand, share: number): Stand => {
  const { slot, context } = stand;
  const { position } = slot;
  if (!isHeld(position) || position.status === 'EXITING' || position.reduction !== null) return stand;
  if (share === 1 && 'order' in position.stop) return stand;
  const quantity = heldQuantity(position.lots).times(share).toDecimalPlaces(8);
  if (quantity.isZero()) return stand;
  const order = orderOf('X0-slice', { purpose: 'EXIT', side: closingSide(position.side), quantity, status: 'OPEN', limit: new Decimal(100) }, context.now);
  const wanted = { quantity: quantity.times(2), slices: 2, durationSeconds: 60 };
  const schedule = { total: wanted.quantity, slices: 2, begun: 1, startedAt: context.now, soldBefore: ZERO, sold: ZERO, failures: 0 };
  const reduction = { strategy: 'alpha', wanted, ...schedule, step: { status: 'SELLING', order } } as const;
  return withRecord(withSlot(stand, { ...slot, position: { ...position, reduction } }), order, position.rules, 'IN_SLOT');
};

/** The same stand with so much of it out with a slice that the rest is too little for a stop. */
const nearlySliced = (stand: Stand): Stand => {
  const { position } = stand.slot;
  if (position.status !== 'OPEN' || position.stop.status !== 'PLACED') return stand;
  return slicing(withSlot(stand, { ...stand.slot, position: { ...position, stop: { status: 'WATCHED', reason: 'BELOW_MIN_NOTIONAL' } } }), 0.9999);
};

const withSettings = (stand: Stand, settings: Partial<Settings>): Stand => ({
  ...stand,
  context: { ...stand.context, settings: { ...stand.context.settings, ...settings } },
});

/** Everything that could happen next to a slot, whichever way stops are moved there. */
export const nextOf = (stand: Stand): readonly Next[] => {
  const moves = (['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const).map((stopMoves) => ({ ...stand, context: { ...stand.context, stopMoves } }));
  // With a stop so far below that it would be at nothing.
  const unstoppable = withSettings(stand, { limitStopRatio: new Decimal(1) });
  const impatient = withSettings(stand, { maxOrderRetries: 0 });
  const buying = [stillBuying(stand, false), stillBuying(stand, true)];
  const others = [unstoppable, impatient, asTriggered(stand), withOldSale(stand), withDust(asTriggered(stand)), renewing(stand), tooSmall(stand), withPlan(stand), replacing(stand, false), replacing(stand, true), ...buying];
  const varied = [...others, unpriced(stand)].filter((each) => each !== stand);
  const crumbs = [withCrumbs(stand), withCrumbs(asTriggered(stand))];
  const sliced = [...moves, withOldSale(stand)].flatMap((each) => [slicing(each, 0.5), slicing(each, 1), nearlySliced(each)]).filter(({ slot }) => slot !== stand.slot);
  return [
    ...[...moves, ...varied, ...sliced].flatMap(ofOrders),
    ...[...moves, ...sliced, impatient, asTriggered(stand), ...buying, ...crumbs].flatMap(looks),
    ...moves.flatMap((each) => byPersons(misplaced(each))),
    ...[...varied, stand, ...[foreign(stand)].flatMap((each) => [each, withSettings(each, { limitStopRatio: new Decimal(1) })])].flatMap(byPersons),
  ];
};
