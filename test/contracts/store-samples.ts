// Values of every shape that the store keeps: plain ones to start from, and arbitrary ones to its limits.
import fc from 'fast-check';
import type { Action, Intent } from '../../shared/domain/action.ts';
import { ALL_ACTIVE, type Capacity } from '../../shared/domain/account.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { EntryRequirement, Fill, OrderRecord, QuoteBoard, RoomMove, StealRecord } from '../../shared/domain/decision.ts';
import { ORDER_STATUSES } from '../../shared/domain/order-lifecycle.ts';
import type { MarketFeatures } from '../../shared/domain/market-features.ts';
import type { ReconcileState } from '../../shared/domain/reconcile-state.ts';
import type { Entry, Holding, Order, Parts, Position, Reduction, Slot, StealFacts, Stop } from '../../shared/domain/slot.ts';
import { EXIT_REASONS } from '../../shared/domain/slot.ts';
import type { ExitRules, OwnSettings, Watch, WatchTerms, EntryStyle } from '../../shared/domain/watch.ts';

export const d = (text: string): Decimal => new Decimal(text);
export const AT = 1_790_000_000_000;

export const exitOf = (given: Partial<ExitRules> = {}): ExitRules => ({
  takeProfit: d('64950.55'),
  maxHold: null,
  stop: { kind: 'limit', ownStop: null },
  hours: 'ALWAYS',
  own: {},
  netted: false,
  market: { tickSize: d('0.01'), lotSize: d('0.00000001'), minQuantity: d('0.00000001'), minNotional: d('1'), priceBand: null },
  ...given,
});

export const watchOf = (given: Partial<WatchTerms> = {}): Watch => ({
  kind: 'limit',
  strategy: 'momentum',
  planVersion: 1_790_000_000,
  symbol: 'BTC/USD',
  slot: 'main',
  assetClass: 'crypto',
  side: 'buy',
  limit: d('64250.12'),
  quantity: d('0.03112841'),
  forecastPnl: d('21.37123456'),
  mode: 'normal',
  group: null,
  rank: 1,
  tolerance: null,
  expiresAt: AT + 86_400_000,
  exit: exitOf({ maxHold: { seconds: 14_400, barSeconds: 3600 } }),
  maxAttempts: null,
  style: { kind: 'PLAIN' },
  level: null,
  ...given,
});

export const orderOf = (given: Partial<Order> = {}): Order => ({
  clientOrderId: 'cj-9f86d081884c7d65',
  exchangeOrderId: 'paper-100231',
  purpose: 'ENTRY',
  fence: 7,
  side: 'buy',
  quantity: d('0.03112841'),
  limit: d('64250.12'),
  stopPrice: null,
  status: 'OPEN',
  filledQuantity: d('0'),
  filledNotional: d('0'),
  tradedQuantity: d('0'),
  createdAt: AT,
  ...given,
});

export const stopOrderOf = (given: Partial<Order> = {}): Order =>
  orderOf({ clientOrderId: 'S8-BTCUSD-4k2m9x7q1w5e8r3t', purpose: 'STOP', fence: 8, side: 'sell', limit: null, stopPrice: d('61037.61'), ...given });

export const placedOf = (given: Partial<Extract<Stop, { status: 'PLACED' }>> = {}): Stop => ({
  status: 'PLACED',
  order: stopOrderOf(),
  amendment: null,
  attempts: 0,
  former: null,
  breachedAt: null,
  ...given,
});

export const holdingOf = (given: Partial<Holding> = {}): Holding => ({
  side: 'buy',
  lots: [{ tradeId: 'paper-100231', price: d('64250.12'), quantity: d('0.03112841'), commission: d('2.00003'), at: AT }],
  openedAt: AT,
  mode: 'normal',
  rules: exitOf({ maxHold: { seconds: 14_400, barSeconds: 3600 } }),
  stopPrice: d('61037.61'),
  stop: placedOf(),
  stopFailures: 0,
  exitFailures: 0,
  failedExit: null,
  unprotectedSince: null,
  reduction: null,
  ...given,
});

export const slotOf = (given: Partial<Slot> = {}): Slot => ({
  symbol: 'BTC/USD',
  slot: 'main',
  assetClass: 'crypto',
  revision: 1,
  fence: 0,
  watchVersion: 1,
  planVersions: { momentum: 1_790_000_000 },
  watch: watchOf(),
  pending: null,
  entry: { status: 'NONE' },
  position: { status: 'FLAT' },
  parts: null,
  attempts: { day: '2026-11-20', count: 1, refused: 0 },
  lastStolen: null,
  dust: new Decimal(0),
  triggered: null,
  ...given,
});

export const capacityOf = (given: Partial<Capacity> = {}): Capacity => ({
  equity: d('10000'),
  equityAt: AT,
  cap: d('20000'),
  free: d('20000'),
  capOfClass: { stock: d('20000'), crypto: d('20000') },
  freeOfClass: { stock: d('20000'), crypto: d('20000') },
  sequence: 0,
  kill: ALL_ACTIVE,
  day: null,
  peak: null,
  stopStreak: 0,
  passing: null,
  restore: null,
  ...given,
});

export const moveOf = (total: string, assetClass: 'stock' | 'crypto' = 'stock'): RoomMove => ({
  total: d(total),
  stock: assetClass === 'stock' ? d(total) : d('0'),
  crypto: assetClass === 'crypto' ? d(total) : d('0'),
});

export const requirementOf = (given: Partial<EntryRequirement> = {}): EntryRequirement => ({
  symbol: 'AAPL',
  assetClass: 'stock',
  free: d('0'),
  freeOfClass: d('0'),
  equityAfter: AT - 90_000,
  ...given,
});

export const actionOf = (given: Partial<Action> = {}): Action => ({
  id: 'cj-9f86d081884c7d65:PLACE',
  clientOrderId: 'cj-9f86d081884c7d65',
  purpose: 'ENTRY',
  ref: { symbol: 'BTC/USD', slot: 'main' },
  assetClass: 'crypto',
  intent: { kind: 'PLACE', side: 'buy', quantity: d('0.03112841'), limit: d('64250.12'), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false },
  state: 'PLANNED',
  plannedAt: AT,
  sentAt: null,
  validUntil: AT + 60_000,
  notSent: 0,
  ...given,
});

export const recordOf = (given: Partial<OrderRecord> = {}): OrderRecord => ({
  ref: { symbol: 'BTC/USD', slot: 'main' },
  assetClass: 'crypto',
  order: orderOf(),
  mode: 'normal',
  rules: exitOf(),
  place: 'IN_SLOT',
  revision: 1,
  ...given,
});

export const fillOf = (given: Partial<Fill> = {}): Fill => ({
  tradeId: 't-1',
  clientOrderId: 'cj-9f86d081884c7d65',
  ref: { symbol: 'BTC/USD', slot: 'main' },
  purpose: 'ENTRY',
  side: 'buy',
  price: d('64250.12'),
  quantity: d('0.01'),
  counted: d('0.01'),
  fee: null,
  commission: d('0'),
  liquidity: 'MAKER',
  at: AT,
  ...given,
});

export const factsOf = (given: Partial<StealFacts> = {}): StealFacts => ({
  thief: { symbol: 'MSFT', slot: 'main' },
  thiefDistance: d('0.0015'),
  thiefPnl: d('12.5'),
  victim: { symbol: 'AAPL', slot: 'main' },
  victimClientOrderId: 'cj-victim',
  victimDistance: d('0.0066'),
  victimPnl: null,
  fight: false,
  cooldownSeconds: 300,
  decidedAt: AT,
  ...given,
});

export const stealOf = (given: Partial<StealRecord> = {}): StealRecord => ({ ...factsOf(), at: AT, thiefClientOrderId: 'cj-thief', ...given });

/** Any decimal the table can hold: up to 38 digits, of any magnitude that comes in at a door, of either sign. */
export const anyDecimal = fc
  .record({ digits: fc.stringMatching(/^[1-9][0-9]{0,37}$/), exponent: fc.integer({ min: -100, max: 60 }), negative: fc.boolean() })
  .map(({ digits, exponent, negative }) => new Decimal(`${negative ? '-' : ''}${digits}e${exponent}`));
/** An amount of room: up to 17 digits before the point and 20 after. */
export const anyAmount = fc
  .record({ whole: fc.stringMatching(/^[0-9]{1,16}$/), places: fc.stringMatching(/^[0-9]{1,20}$/), negative: fc.boolean() })
  .map(({ whole, places, negative }) => new Decimal(`${negative ? '-' : ''}${whole}.${places}`).plus(0));

const text = fc.stringMatching(/^[A-Za-z0-9_:.-]{1,24}$/);
const millis = fc.integer({ min: 0, max: 4_102_444_800_000 });
const count = fc.integer({ min: 0, max: 1_000_000 });
const orNull = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(values, { nil: null });
const side = fc.constantFrom('buy' as const, 'sell' as const);
const mode = fc.constantFrom('normal' as const, 'probe' as const);
const ref = fc.record({ symbol: fc.constantFrom('BTC/USD', 'AAPL', 'BRK.B'), slot: text });

const rules = fc.record({
  tickSize: anyDecimal,
  lotSize: anyDecimal,
  minQuantity: anyDecimal,
  minNotional: anyDecimal,
  priceBand: orNull(fc.record({ low: orNull(anyDecimal), high: orNull(anyDecimal) })),
});
const policy = fc.oneof(
  fc.record({ kind: fc.constant('limit' as const), ownStop: orNull(anyDecimal) }),
  fc.record({ kind: fc.constant('stop' as const), takeProfitMultiple: orNull(anyDecimal) }),
);
const own: fc.Arbitrary<OwnSettings> = fc.record(
  {
    triggerWindowMinutes: count,
    ignoreInitialMinutes: count,
    orderTimeoutMinutes: count,
    exitBeforeCloseMinutes: count,
    maxOrderRetries: count,
    initialStopTicks: count,
    trailTicks: count,
    limitStopRatio: anyDecimal,
    barMinutes: count,
  },
  { requiredKeys: [] },
).map((given) => ({ ...given }));
const exitRules: fc.Arbitrary<ExitRules> = fc.record({
  takeProfit: orNull(anyDecimal),
  maxHold: orNull(fc.record({ seconds: count, barSeconds: orNull(count) })),
  stop: policy,
  hours: fc.constantFrom('NYSE' as const, 'NSE' as const, 'ALWAYS' as const),
  own,
  market: rules,
  netted: fc.boolean(),
});
const kind = fc.oneof(
  fc.constant({ kind: 'limit' as const }),
  fc.record({ kind: fc.constant('stop' as const), trigger: anyDecimal }),
);
const style: fc.Arbitrary<EntryStyle> = fc.oneof(
  fc.constantFrom({ kind: 'PLAIN' as const }, { kind: 'MAKER' as const }, { kind: 'TAKER' as const }),
  fc.record({ kind: fc.constant('TWAP' as const), slices: count, durationSeconds: count }),
  fc.record({ kind: fc.constant('ICEBERG' as const), shown: anyDecimal }),
);
const watch = (owner: Pick<Watch, 'symbol' | 'slot' | 'assetClass'>): fc.Arbitrary<Watch> =>
  fc.tuple(terms(owner), kind).map(([known, entered]) => ({ ...known, ...entered }));
const terms = (owner: Pick<Watch, 'symbol' | 'slot' | 'assetClass'>): fc.Arbitrary<WatchTerms> =>
  fc.record({
    symbol: fc.constant(owner.symbol),
    slot: fc.constant(owner.slot),
    assetClass: fc.constant(owner.assetClass),
    strategy: text,
    planVersion: count,
    side,
    limit: anyDecimal,
    quantity: anyDecimal,
    forecastPnl: orNull(anyDecimal),
    mode,
    group: orNull(text),
    rank: orNull(count),
    tolerance: orNull(anyDecimal),
    expiresAt: millis,
    exit: exitRules,
    maxAttempts: orNull(count),
    style,
    level: orNull(fc.record({ grid: fc.constantFrom('', 'swing'), reset: fc.constantFrom('none' as const, 'soft' as const, 'hard' as const) })),
  });
const purpose = fc.constantFrom('ENTRY' as const, 'EXIT' as const, 'STOP' as const);
const maybeNothing = fc.oneof(fc.constant(new Decimal(0)), anyDecimal);
const order: fc.Arbitrary<Order> = fc.record({
  clientOrderId: text,
  exchangeOrderId: orNull(text),
  purpose,
  fence: count,
  side,
  quantity: anyDecimal,
  limit: orNull(anyDecimal),
  stopPrice: orNull(anyDecimal),
  status: fc.constantFrom(...ORDER_STATUSES),
  filledQuantity: maybeNothing,
  filledNotional: maybeNothing,
  tradedQuantity: maybeNothing,
  createdAt: millis,
});
const facts: fc.Arbitrary<StealFacts> = fc.record({
  thief: ref,
  thiefDistance: anyDecimal,
  thiefPnl: orNull(anyDecimal),
  victim: ref,
  victimClientOrderId: text,
  victimDistance: anyDecimal,
  victimPnl: orNull(anyDecimal),
  fight: fc.boolean(),
  cooldownSeconds: count,
  decidedAt: millis,
});
const amendment = orNull(fc.record({ attempt: count, plannedAt: millis, limit: orNull(anyDecimal), stopPrice: orNull(anyDecimal), quantity: anyDecimal }));
const reason = fc.constantFrom('EXPIRED', 'WITHDRAWN', 'HALTED', 'REPLACED', 'EXITING', 'AUTO_EXIT', 'LATE_ARRIVAL', 'STALE', 'NEXT_PART');
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constant({ status: 'NONE' as const }),
  fc.record({
    status: fc.constant('WAITING' as const),
    limit: anyDecimal,
    quantity: anyDecimal,
    needed: anyDecimal,
    hold: anyDecimal,
    classHold: anyDecimal,
    steal: facts,
  }),
  fc.record({ status: fc.constant('PLACING' as const), order }),
  fc.record({ status: fc.constant('WORKING' as const), order, amendment, attempts: count }),
  fc.record({ status: fc.constant('YIELDING' as const), order, thief: ref, attempts: count }),
  fc.record({ status: fc.constant('CANCELLING' as const), order, reason, amendment, attempts: count }),
);
const former = orNull(fc.record({ order, attempts: count }));
const stop: fc.Arbitrary<Stop> = fc.oneof(
  fc.constant({ status: 'NONE' as const }),
  fc.record({
    status: fc.constant('WATCHED' as const),
    reason: fc.constantFrom('BELOW_MIN_QUANTITY' as const, 'BELOW_MIN_NOTIONAL' as const, 'PRICE_OUT_OF_BAND' as const, 'REFUSED' as const),
  }),
  fc.record({ status: fc.constant('PLACED' as const), order, amendment, attempts: count, former, breachedAt: orNull(millis) }),
  fc.record({ status: fc.constant('CANCELLING' as const), order, attempts: count, former }),
);
const reduction: fc.Arbitrary<Reduction> = fc.record({
  strategy: text,
  wanted: fc.record({ quantity: maybeNothing, slices: count, durationSeconds: count }),
  total: maybeNothing,
  slices: count,
  begun: fc.oneof(fc.constant(0), count),
  startedAt: millis,
  soldBefore: maybeNothing,
  sold: maybeNothing,
  failures: fc.oneof(fc.constant(0), count),
  step: fc.oneof(
    fc.record({ status: fc.constant('WAITING' as const), nextAt: millis }),
    fc.record({ status: fc.constant('SHRINKING' as const), quantity: anyDecimal, limit: anyDecimal }),
    fc.record({ status: fc.constant('SELLING' as const), order }),
    fc.constant({ status: 'DONE' as const }),
  ),
});
const holding: fc.Arbitrary<Holding> = fc.record({
  side,
  lots: fc.array(fc.record({ tradeId: text, price: anyDecimal, quantity: anyDecimal, commission: orNull(anyDecimal), at: millis }), { maxLength: 4 }),
  openedAt: millis,
  mode,
  rules: exitRules,
  stopPrice: orNull(anyDecimal),
  stop,
  stopFailures: fc.oneof(fc.constant(0), count),
  exitFailures: fc.oneof(fc.constant(0), count),
  failedExit: orNull(fc.constantFrom(...EXIT_REASONS)),
  unprotectedSince: orNull(millis),
  reduction: orNull(reduction),
});
const exitReason = fc.constantFrom(...EXIT_REASONS);
const position: fc.Arbitrary<Position> = fc.oneof(
  fc.constant({ status: 'FLAT' as const }),
  holding.map((held) => ({ status: 'OPEN' as const, ...held })),
  fc.tuple(holding, exitReason).map(([held, why]) => ({ status: 'LEAVING' as const, ...held, reason: why })),
  fc.tuple(holding, order, exitReason).map(([held, exit, why]) => ({ status: 'EXITING' as const, ...held, exit, reason: why })),
  fc.record({ status: fc.constant('FOREIGN' as const), side, quantity: anyDecimal, averagePrice: anyDecimal, seenAt: millis }),
);

const parts: fc.Arbitrary<Parts> = fc.record({ side, startedAt: millis, fromFence: count, filled: maybeNothing, isOver: fc.boolean() });

/** Any slot, in any state of entry and position. */
export const anySlot: fc.Arbitrary<Slot> = fc
  .record({ symbol: fc.constantFrom('BTC/USD', 'AAPL', 'BRK.B'), slot: text, assetClass: fc.constantFrom('stock' as const, 'crypto' as const) })
  .chain((owner) =>
    fc.record({
      symbol: fc.constant(owner.symbol),
      slot: fc.constant(owner.slot),
      assetClass: fc.constant(owner.assetClass),
      revision: count,
      fence: count,
      watchVersion: count,
      planVersions: fc.dictionary(text, count, { maxKeys: 3 }).map((versions) => ({ ...versions })),
      watch: orNull(watch(owner)),
      pending: orNull(
        fc.oneof(
          fc.constant({ kind: 'WITHDRAWN' as const }),
          watch(owner).map((planned) => ({ kind: 'WATCH' as const, watch: planned })),
        ),
      ),
      entry,
      parts: orNull(parts),
      position,
      attempts: fc.record({ day: fc.constant('2026-11-20'), count, refused: count }),
      lastStolen: orNull(fc.record({ at: millis, cooldownSeconds: count })),
      dust: fc.oneof(fc.constant(new Decimal(0)), anyDecimal, anyDecimal.map((units) => units.negated())),
      triggered: orNull(fc.constantFrom('2026-11-20', '2026-11-23')),
    }),
  );

const intent: fc.Arbitrary<Intent> = fc.oneof(
  fc.record({
    kind: fc.constant('PLACE' as const),
    side,
    quantity: anyDecimal,
    limit: orNull(anyDecimal),
    stopPrice: orNull(anyDecimal),
    timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'POST_ONLY' as const),
    shown: orNull(anyDecimal),
    reduceOnly: fc.boolean(),
  }),
  fc.constant({ kind: 'CANCEL' as const }),
  fc.record({ kind: fc.constant('AMEND' as const), quantity: anyDecimal, limit: orNull(anyDecimal), stopPrice: orNull(anyDecimal) }),
);

/** Any action. */
export const anyAction: fc.Arbitrary<Action> = fc.record({
  id: text,
  clientOrderId: text,
  purpose,
  ref,
  assetClass: fc.constantFrom('stock' as const, 'crypto' as const),
  intent,
  state: fc.constantFrom('PLANNED' as const, 'SENT' as const),
  plannedAt: millis,
  sentAt: orNull(millis),
  validUntil: orNull(millis),
  notSent: count,
});

/** Any order record. */
export const anyRecord: fc.Arbitrary<OrderRecord> = fc.record({
  ref,
  assetClass: fc.constantFrom('stock' as const, 'crypto' as const),
  order,
  mode,
  rules: exitRules,
  place: fc.constantFrom('IN_SLOT' as const, 'CLOSED' as const, 'TOMBSTONE' as const),
  revision: count,
});

/** Any steal. */
export const anySteal: fc.Arbitrary<StealRecord> = fc
  .tuple(facts, millis, text)
  .map(([known, at, thiefClientOrderId]) => ({ ...known, at, thiefClientOrderId }));

/** Any market's rules. */
export const anyRules = rules;

const kill = fc.constantFrom('ACTIVE' as const, 'REDUCING' as const, 'HALTED' as const);

/** Any ledger. */
export const anyCapacity: fc.Arbitrary<Capacity> = fc.record({
  equity: anyAmount,
  equityAt: millis,
  cap: anyAmount,
  free: anyAmount,
  capOfClass: fc.record({ stock: anyAmount, crypto: anyAmount }),
  freeOfClass: fc.record({ stock: anyAmount, crypto: anyAmount }),
  sequence: count,
  kill: fc.record({
    account: kill,
    stock: kill,
    crypto: kill,
    symbols: fc.dictionary(fc.constantFrom('AAPL', 'BTC/USD', 'BRK.B'), kill).map((symbols) => ({ ...symbols })),
  }),
  day: orNull(fc.record({ date: fc.constantFrom('2026-11-20', '2026-11-23'), equity: anyAmount })),
  peak: orNull(anyAmount),
  stopStreak: fc.oneof(fc.constant(0), count),
  passing: fc.option(fc.record({ by: fc.constantFrom('STREAK' as const, 'PAUSE' as const), since: fc.nat() }), { nil: null }),
  restore: orNull(fc.record({ table: fc.constantFrom('claimjump', 'claimjump-restored'), at: millis, fenceFloor: count, isOpen: fc.boolean() })),
});

const bar = fc.record({ startsAt: millis, open: anyDecimal, high: anyDecimal, low: anyDecimal, close: anyDecimal, lastAt: millis });
const symbol = fc.constantFrom('AAPL', 'BTC/USD', 'BRK.B');

const features: fc.Arbitrary<MarketFeatures> = fc.record({
  building: orNull(bar),
  range: orNull(fc.record({ bars: count, average: anyDecimal, close: anyDecimal })),
  flow: fc.record({ buys: maybeNothing, sells: maybeNothing, towards: fc.constantFrom('UP' as const, 'DOWN' as const, null) }),
});

/** Any board of the revision named. */
export const anyBoard = (revision: number): fc.Arbitrary<QuoteBoard> =>
  fc.record({
    revision: fc.constant(revision),
    quotes: fc.dictionary(symbol, fc.record({ price: anyDecimal, at: millis })).map((quotes) => ({ ...quotes })),
    bars: fc
      .dictionary(fc.constantFrom('AAPL@15', 'BTC/USD@15', 'BTC/USD@5'), fc.record({ building: orNull(bar), completed: orNull(bar) }))
      .map((bars) => ({ ...bars })),
    features: fc.dictionary(symbol, features).map((seen) => ({ ...seen })),
  });

/** What a run of reconcile may leave, of the revision named. */
export const anyReconcile = (revision: number): fc.Arbitrary<ReconcileState> =>
  fc.record({
    revision: fc.constant(revision),
    tradeCursor: orNull(text),
    sightings: fc.dictionary(fc.constantFrom('ABSENT#cj-1', 'POSITION#BTC/USD', 'CLAIM#AAPL#main'), millis).map((sightings) => ({ ...sightings })),
    resumeAt: orNull(text),
    at: orNull(millis),
  });
