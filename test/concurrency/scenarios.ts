// Each race by itself, step by step: somebody decides, the world moves on, and only then does he commit.
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { applyEvent } from '../../shared/apply-event.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Change } from '../../shared/domain/decision.ts';
import type { Event } from '../../shared/domain/event.ts';
import type { OrderReport, Trade } from '../../shared/domain/order-report.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { heldQuantity } from '../../shared/domain/room.ts';
import { orderOf } from '../../shared/domain/slot-orders.ts';
import type { Message } from '../../shared/messages.ts';
import { reconcile } from '../../shared/reconcile.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import type { BookTerms, Line } from './book.ts';
import { watchOf } from './book.ts';
import type { VenueScript } from './venue.ts';
import type { World } from './world.ts';
import { holdFirst, isEntryCommit } from './world.ts';

export interface Scenario {
  readonly rule: string;
  /** The race in the words of its test. */
  readonly race: string;
  readonly clause: ClauseName;
  /** Other clauses that would close the race first, and so are left out in both runs. */
  readonly given?: readonly ClauseName[];
  /** What is seen to go wrong without the clause. */
  readonly shows: RegExp;
  readonly book: BookTerms | null;
  readonly settings?: Partial<Settings>;
  readonly script?: Partial<VenueScript>;
  /** Runs the race, and says what is wrong that the table and the venue do not show by themselves. */
  readonly run: (world: World) => Promise<readonly string[]>;
}

const AAPL = 'AAPL';
const TSLA = 'TSLA';
const BTC = 'BTC/USD';
const AN_AGE = 150_000;

const line = (symbol: string, state: Line['state'], quantity: number, away: string): Line => ({
  symbol,
  assetClass: symbol.endsWith('USD') ? 'crypto' : 'stock',
  state,
  limit: '1',
  quantity: String(quantity),
  away,
});
const idle = (symbol: string, quantity: number, away = '0.001'): Line => line(symbol, 'IDLE', quantity, away);
const working = (symbol: string, quantity: number, away = '0.05'): Line => line(symbol, 'WORKING', quantity, away);

const steal = (world: World, symbol: string): Message => ({
  schema: 1,
  account: world.deps.account,
  correlationId: 'race',
  kind: 'STEAL',
  symbol,
  slot: 'main',
});

const prices = (world: World, price: string, age: number): Message => ({
  schema: 1,
  account: world.deps.account,
  correlationId: 'race',
  kind: 'QUOTES',
  quotes: [{ symbol: AAPL, price, at: world.clock.at - age }],
});

const tell = (world: World, event: Event, deps: VenueDeps = world.deps) => applyEvent(deps, event, world.trace);

/** Starts work that stops before its first such commit; the answer lets it go on. */
const slowly = async (
  world: World,
  work: (deps: VenueDeps) => Promise<unknown>,
  isHeld: (changes: readonly Change[]) => boolean = () => true,
): Promise<() => Promise<void>> => {
  const held = holdFirst(world.deps.store, isHeld);
  const done = work({ ...world.deps, store: held.store });
  let isReached = false;
  void held.reached.then(() => (isReached = true));
  await Promise.race([held.reached, done]);
  if (!isReached) throw new Error('the slow one never came to its commit');
  return async () => {
    held.release();
    await done;
  };
};

const slowSteal = (world: World, symbol: string) =>
  slowly(world, (deps) => world.deliver(steal(world, symbol), deps), isEntryCommit);

const slowEvent = (world: World, event: Event) => slowly(world, (deps) => tell(world, event, deps));

/** Takes the actions whose id names a symbol out of what is waiting. */
const actionsOf = (world: World, symbol: string): readonly Message[] => {
  const mine = (message: Message): boolean => message.kind === 'ACTION' && message.symbol === symbol;
  const found = world.backlog.filter(mine);
  world.backlog.splice(0, Infinity, ...world.backlog.filter((message) => !mine(message)));
  return found;
};

const deliverAll = async (world: World, messages: readonly Message[]): Promise<void> => {
  for (const message of messages) await world.deliver(message);
};

const withdrawn = (symbol: string): Event => ({
  type: 'WATCH_WITHDRAWN',
  ref: { symbol, slot: 'main' },
  strategy: 'dips',
  planVersion: 2,
});

const halt: Event = { type: 'KILL_SWITCH_SET', scope: { kind: 'ACCOUNT' }, state: 'HALTED', by: 'PERSON', who: null };

const orderIdOf = async (world: World, symbol: string): Promise<string> => {
  const { slots } = await world.deps.store.audit(world.deps.account);
  const found = slots.find((slot) => slot.symbol === symbol);
  const order = found === undefined ? null : orderOf(found.entry);
  if (order === null) throw new Error(`${symbol} has no order`);
  return order.clientOrderId;
};

/** Lets an order trade at the venue, better than its limit; the answer is what a webhook says of that one trade. */
const trade = (world: World, clientOrderId: string, name: string): OrderReport => {
  const order = world.venue.orders.get(clientOrderId);
  if (order === undefined) throw new Error('a trade of no order');
  const done: Trade = { tradeId: name, price: new Decimal('0.9'), quantity: new Decimal(1), fee: null, liquidity: null, at: world.clock.at };
  order.filled = order.filled.plus(1);
  order.trades = [...order.trades, done];
  if (order.status === 'OPEN') order.status = 'PARTIALLY_FILLED';
  return { ...world.venue.report(clientOrderId), filledQuantity: null, averagePrice: null, trades: [done] };
};

const reported = (report: OrderReport, webhookId: string | null = null): Event => ({ type: 'ORDER_REPORTED', report, webhookId });

/** What was bought that is not held, or held that was not bought. */
const unheld = async (world: World, symbol: string): Promise<readonly string[]> => {
  const { slots } = await world.deps.store.audit(world.deps.account);
  const position = slots.find((slot) => slot.symbol === symbol)?.position;
  const held = position !== undefined && isHeld(position) ? heldQuantity(position.lots) : new Decimal(0);
  const bought = [...world.venue.orders.values()].reduce((sum, order) => sum.plus(order.filled), new Decimal(0));
  return held.equals(bought) ? [] : [`${bought.toFixed()} bought, ${held.toFixed()} held`];
};

const placedAfter = (world: World, calls: number): readonly string[] =>
  world.venue.calls.slice(calls).filter((call) => call.startsWith('PLACE')).map((call) => `${call} although the kill switch was set`);

const twoClaims = async (world: World): Promise<readonly string[]> => {
  const commitSlow = await slowSteal(world, AAPL);
  await world.deliver(steal(world, BTC));
  await commitSlow();
  return [];
};

const room: readonly Scenario[] = [
  {
    rule: 'WS-2',
    race: 'two claims of two classes on the same last room',
    shows: /beyond the free room/,
    clause: 'free room',
    book: { lines: [idle(AAPL, 100), idle(BTC, 100)], free: '150', freeOfClass: { stock: '150', crypto: '150' } },
    settings: { workStealingEnabled: false },
    run: twoClaims,
  },
  {
    rule: 'WS-13',
    race: 'two claims on the same last room of a class',
    shows: /beyond the free room/,
    clause: 'free room of class',
    book: { lines: [idle(AAPL, 100), idle(TSLA, 100)], free: '300', freeOfClass: { stock: '150', crypto: '300' } },
    settings: { workStealingEnabled: false },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      await world.deliver(steal(world, TSLA));
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'WS-8',
    race: 'two thieves hold the same last room',
    shows: /beyond the free room/,
    clause: 'free room',
    book: {
      lines: [idle(AAPL, 100), idle(TSLA, 100), working('IBM', 60, '0.05'), working('AMD', 60, '0.04'), working(BTC, 10)],
      free: '50',
      freeOfClass: { stock: '200', crypto: '200' },
    },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      // The slow thief's victim gives way to another, so that both go through step 1.
      const first = await tell(world, { type: 'QUOTES_SEEN', quotes: { IBM: { price: new Decimal('1.03'), at: world.clock.at } }, grids: [], featured: [] });
      if (first.kind !== 'COMMITTED') throw new Error('the price was not taken');
      await world.deliver(steal(world, TSLA));
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'WS-2',
    race: 'a claim on equity that has become too old',
    shows: /nobody has read for too long/,
    clause: 'equity recent',
    given: ['equity newer'],
    book: { lines: [idle(AAPL, 100)], free: '150', equityAt: Date.UTC(2025, 5, 4, 15) - 2 * AN_AGE },
    run: async (world) => {
      const { equity } = (await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' })).capacity ?? never();
      const commitOld = await slowEvent(world, { type: 'EQUITY_READ', equity, at: world.clock.at - AN_AGE });
      await tell(world, { type: 'EQUITY_READ', equity, at: world.clock.at });
      const commitClaim = await slowSteal(world, AAPL);
      await commitOld();
      await commitClaim();
      return world.backlog.length === 0 ? [] : ['a claim on equity that nobody has read for too long'];
    },
  },
  {
    rule: 'WS-2',
    race: 'two readings of equity that both saw the same cap',
    shows: /used by the ledger/,
    clause: 'cap as seen',
    book: { lines: [working(AAPL, 100)], free: '150', equityAt: Date.UTC(2025, 5, 4, 15) - 5000 },
    run: async (world) => {
      const commitSlow = await slowEvent(world, { type: 'EQUITY_READ', equity: new Decimal(300), at: world.clock.at });
      await tell(world, { type: 'EQUITY_READ', equity: new Decimal(200), at: world.clock.at - 1000 });
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'WS-2',
    race: 'an older reading of equity that comes late',
    shows: /older equity/,
    clause: 'equity newer',
    book: { lines: [working(AAPL, 100)], free: '150', equityAt: Date.UTC(2025, 5, 4, 15) - 5000 },
    run: async (world) => {
      const { equity } = (await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' })).capacity ?? never();
      const commitSlow = await slowEvent(world, { type: 'EQUITY_READ', equity: new Decimal(900), at: world.clock.at - 1000 });
      await tell(world, { type: 'EQUITY_READ', equity, at: world.clock.at });
      await commitSlow();
      const { capacity } = await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' });
      return capacity?.equity.equals(equity) === true ? [] : ['an older equity stands in the place of a newer one'];
    },
  },
  {
    rule: 'WS-2',
    race: 'two first readings of equity with a claim between them',
    shows: /used by the ledger/,
    clause: 'capacity new',
    book: null,
    run: async (world) => {
      const commitSlow = await slowEvent(world, { type: 'EQUITY_READ', equity: new Decimal(900), at: world.clock.at - 1000 });
      await tell(world, { type: 'EQUITY_READ', equity: new Decimal(900), at: world.clock.at });
      await tell(world, { type: 'WATCH_PLANNED', watch: watchOf(idle(AAPL, 100), world.clock.at) });
      await world.deliver(prices(world, '1', 100));
      await commitSlow();
      return [];
    },
  },
];

const slots: readonly Scenario[] = [
  {
    rule: 'EW-7',
    race: 'a claim for a watch that meanwhile waits for its victim',
    shows: /yields to a thief that does not wait/,
    clause: 'slot state',
    book: { lines: [idle(AAPL, 30), idle('CRM', 20, '0.005'), working(TSLA, 25), working('IBM', 40, '0.02')], free: '30' },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      await world.deliver(steal(world, 'CRM'));
      await world.deliver(steal(world, AAPL));
      await tell(world, withdrawn('IBM'));
      await deliverAll(world, actionsOf(world, 'IBM'));
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'EW-6',
    race: 'a claim at a limit that a newer plan has moved',
    shows: /limit that its watch has left/,
    clause: 'slot watch version',
    book: { lines: [idle(AAPL, 100)], free: '150' },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      const newer = { ...idle(AAPL, 100), limit: '0.9' };
      await tell(world, { type: 'WATCH_PLANNED', watch: watchOf(newer, world.clock.at, 2) });
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'SL-9',
    race: 'a steal for a slot that has entered, been refused and become idle since',
    shows: /refusals were used up/,
    clause: 'slot fence',
    book: { lines: [idle(AAPL, 100), working(TSLA, 120), working('IBM', 200, '0.02')], free: '0' },
    settings: { maxOrderRetries: 0 },
    script: { onPlace: () => 'REFUSE' },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      await tell(world, withdrawn('IBM'));
      await world.drain();
      await world.deliver(steal(world, AAPL));
      await world.drain();
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'EW-6',
    race: 'two strategies plan the same new symbol, and one enters',
    shows: /alive at the venue and in no slot/,
    clause: 'slot new',
    book: { lines: [working(TSLA, 10)], free: '150' },
    run: async (world) => {
      const watch = watchOf(idle(AAPL, 100), world.clock.at);
      const commitSlow = await slowEvent(world, { type: 'WATCH_PLANNED', watch: { ...watch, strategy: 'breakouts' } });
      await tell(world, { type: 'WATCH_PLANNED', watch });
      await world.deliver(prices(world, '1', 100));
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'SL-10',
    race: 'two different fills of one order at once',
    shows: /3 bought, 2 held/,
    clause: 'slot revision',
    book: { lines: [working(AAPL, 10)], free: '150' },
    run: async (world) => {
      const id = await orderIdOf(world, AAPL);
      await tell(world, reported(trade(world, id, 't1')));
      const [second, third] = [trade(world, id, 't2'), trade(world, id, 't3')];
      const commitSlow = await slowEvent(world, reported(second));
      await tell(world, reported(third));
      await commitSlow();
      return unheld(world, AAPL);
    },
  },
  {
    rule: 'EX-11',
    race: 'two claims of one slot under one order id',
    shows: /used by the ledger/,
    clause: 'order new',
    given: ['slot state', 'slot fence', 'action new'],
    book: { lines: [idle(AAPL, 100)], free: '300' },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      await world.deliver(steal(world, AAPL));
      await commitSlow();
      return [];
    },
  },
];

const isSend = (changes: readonly Change[]): boolean =>
  changes.some((change) => change.kind === 'ACTION' && change.after?.state === 'SENT');
const isRelease = (changes: readonly Change[]): boolean => changes.some((change) => change.kind === 'STEAL');

const kills: readonly Scenario[] = [
  {
    rule: 'KS-1',
    race: 'the kill switch falls between a decision to claim and its commit',
    shows: /although the kill switch was set/,
    clause: 'kill switch',
    book: { lines: [idle(AAPL, 100)], free: '150' },
    run: async (world) => {
      const commitSlow = await slowSteal(world, AAPL);
      await tell(world, halt);
      await commitSlow();
      await world.drain();
      return placedAfter(world, 0);
    },
  },
  {
    rule: 'KS-1',
    race: 'the kill switch falls between a claim and its send',
    shows: /although the kill switch was set/,
    clause: 'kill switch',
    book: { lines: [idle(AAPL, 100)], free: '150' },
    run: async (world) => {
      await world.deliver(steal(world, AAPL));
      const [place] = actionsOf(world, AAPL);
      const commitSlow = await slowly(world, (deps) => world.deliver(place ?? never(), deps), isSend);
      await tell(world, halt);
      await commitSlow();
      return placedAfter(world, 0);
    },
  },
  {
    rule: 'KS-1 WS-8',
    race: 'the kill switch falls between the phases of a steal',
    shows: /although the kill switch was set/,
    clause: 'kill switch',
    book: { lines: [idle(AAPL, 100), working(TSLA, 120)], free: '0' },
    run: async (world) => {
      await world.deliver(steal(world, AAPL));
      const [cancel] = actionsOf(world, TSLA);
      const commitSlow = await slowly(world, (deps) => world.deliver(cancel ?? never(), deps), isRelease);
      await tell(world, halt);
      await commitSlow();
      await world.drain();
      return placedAfter(world, 0);
    },
  },
];

const ACCOUNT = { kind: 'ACCOUNT' } as const;

const limits: readonly Scenario[] = [
  {
    rule: 'KS-2',
    race: 'a person lifts a halt while a reading of equity is being committed',
    shows: /forgotten/,
    clause: 'marks as seen',
    book: { lines: [working(AAPL, 100)], free: '150', equityAt: Date.UTC(2025, 5, 4, 15) - 5000 },
    run: async (world) => {
      const before = (await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' })).capacity ?? never();
      await tell(world, halt);
      const commitSlow = await slowEvent(world, { type: 'EQUITY_READ', equity: before.equity, at: world.clock.at });
      await tell(world, { type: 'KILL_SWITCH_SET', scope: ACCOUNT, state: 'ACTIVE', by: 'PERSON', who: null });
      await commitSlow();
      const after = (await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' })).capacity ?? never();
      return after.peak !== null && before.peak?.equals(after.peak) === true ? ['a peak that was forgotten is back'] : [];
    },
  },
  {
    rule: 'KS-2',
    race: 'the reset lifts what a person has made their own since',
    shows: /a person had reduced/,
    clause: 'passing as seen',
    book: { lines: [working(AAPL, 100)], free: '150' },
    run: async (world) => {
      const { store, account } = world.deps;
      const byStreak: readonly Change[] = [
        { kind: 'KILL', scope: ACCOUNT, before: 'ACTIVE', state: 'REDUCING' },
        { kind: 'PASSING', before: null, after: { by: 'STREAK', since: 1 } },
        { kind: 'STREAK', to: 'ADD' },
      ];
      await store.commit(account, byStreak, 'streak');
      const commitSlow = await slowEvent(world, { type: 'SESSION_RESET' });
      await tell(world, { type: 'KILL_SWITCH_SET', scope: ACCOUNT, state: 'REDUCING', by: 'PERSON', who: null });
      await commitSlow();
      const { capacity } = await store.load(account, { kind: 'ACCOUNT' });
      return capacity?.kill.account === 'REDUCING' ? [] : ['the reset lifted what a person had reduced'];
    },
  },
  {
    rule: 'EX-11 SL-11',
    race: 'a run of reconcile settles a restore while a person tells of the next',
    shows: /fences begin lower/,
    clause: 'restore as seen',
    book: { lines: [working(AAPL, 100)], free: '150' },
    run: async (world) => {
      const { store, account } = world.deps;
      const restored = (table: string): Event => ({ type: 'TABLE_RESTORED', table, fences: [], planned: [] });
      await tell(world, restored('restored-1'));
      const commitSlow = await slowEvent(world, { type: 'RESTORE_SETTLED', table: 'restored-1' });
      world.clock.at += 60_000;
      await tell(world, restored('restored-2'));
      await commitSlow();
      const { capacity } = await store.load(account, { kind: 'ACCOUNT' });
      const isKept = capacity?.restore?.fenceFloor === world.clock.at / 1000 && capacity.restore.isOpen;
      return isKept ? [] : ['fences begin lower than the second restore said, and its halt may be lifted'];
    },
  },
  {
    rule: 'SL-11',
    race: 'two runs of reconcile, the older of which saves last',
    shows: /sighting is lost/,
    clause: 'reconcile revision',
    book: { lines: [working(AAPL, 100)], free: '150' },
    script: { answersCancel: () => false },
    run: async (world) => {
      const isSave = (changes: readonly Change[]): boolean => changes.some((change) => change.kind === 'RECONCILE');
      const commitSlow = await slowly(world, (deps) => reconcile(deps, world.trace), isSave);
      await tell(world, withdrawn(AAPL));
      await deliverAll(world, actionsOf(world, AAPL));
      world.clock.at += 20_000;
      await reconcile(world.deps, world.trace);
      await commitSlow();
      const { reconcile: kept } = await world.deps.store.load(world.deps.account, { kind: 'RECONCILE' });
      return Object.keys(kept.sightings).length > 0 ? [] : ['a sighting is lost: what it saw will never be believed'];
    },
  },
];

const orders: readonly Scenario[] = [
  {
    rule: 'EX-9',
    race: 'two deliveries of one action at once',
    shows: /placed a second time/,
    clause: 'action state',
    book: { lines: [idle(AAPL, 100)], free: '150' },
    run: async (world) => {
      await world.deliver(steal(world, AAPL));
      const [place] = actionsOf(world, AAPL);
      const commitSlow = await slowly(world, (deps) => world.deliver(place ?? never(), deps), isSend);
      await world.deliver(place ?? never());
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'EX-9',
    race: 'two reports of an order believed absent both plan its cancel, and one has been sent',
    shows: /sent 2 times/,
    clause: 'action new',
    book: { lines: [working(AAPL, 100)], free: '150' },
    script: { answersCancel: () => false },
    run: async (world) => {
      const id = await orderIdOf(world, AAPL);
      await tell(world, { type: 'ORDER_ABSENT', actionId: `${id}:PLACE`, clientOrderId: id });
      const live = reported(world.venue.report(id));
      const commitSlow = await slowEvent(world, live);
      await tell(world, live);
      await deliverAll(world, actionsOf(world, AAPL));
      await commitSlow();
      await deliverAll(world, actionsOf(world, AAPL));
      const cancels = world.venue.calls.filter((call) => call.startsWith('CANCEL'));
      return cancels.length === 1 ? [] : [`one cancel sent ${cancels.length} times`];
    },
  },
  {
    rule: 'SL-10',
    race: 'two trades of a closed order, both matched against what it reported before',
    shows: /3 bought, 2 held/,
    clause: 'order revision',
    book: { lines: [working(AAPL, 10)], free: '150' },
    run: async (world) => {
      const id = await orderIdOf(world, AAPL);
      const [first, second] = [trade(world, id, 't1'), trade(world, id, 't2')];
      const ended = world.venue.orders.get(id);
      if (ended !== undefined) ended.status = 'CANCELLED';
      await tell(world, reported({ ...world.venue.report(id), trades: [] }));
      const late = (report: OrderReport): Event => reported({ ...report, status: 'CANCELLED' });
      const commitSlow = await slowEvent(world, late(first));
      await tell(world, late(second));
      await commitSlow();
      await tell(world, late(trade(world, id, 't3')));
      return unheld(world, AAPL);
    },
  },
  {
    rule: 'SL-10',
    race: 'one fill reported twice at once',
    shows: /used by the ledger/,
    clause: 'fill once',
    given: ['slot revision'],
    book: { lines: [working(AAPL, 10)], free: '150' },
    run: async (world) => {
      const id = await orderIdOf(world, AAPL);
      await tell(world, reported(trade(world, id, 't1')));
      const fill = reported(trade(world, id, 't2'));
      const commitSlow = await slowEvent(world, fill);
      await tell(world, fill);
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'SL-10',
    race: 'one webhook delivered twice at once',
    shows: /used by the ledger/,
    clause: 'webhook once',
    given: ['slot revision', 'fill once'],
    book: { lines: [working(AAPL, 10)], free: '150' },
    run: async (world) => {
      const id = await orderIdOf(world, AAPL);
      await tell(world, reported(trade(world, id, 't1'), 'w1'));
      const webhook = reported(trade(world, id, 't2'), 'w2');
      const commitSlow = await slowEvent(world, webhook);
      await tell(world, webhook);
      await commitSlow();
      return [];
    },
  },
  {
    rule: 'WS-1',
    race: 'an older batch of prices that comes late',
    shows: /older price/,
    clause: 'board revision',
    book: { lines: [working(AAPL, 10)], free: '150' },
    run: async (world) => {
      const commitSlow = await slowly(world, (deps) => world.deliver(prices(world, '1.2', 500), deps));
      await world.deliver(prices(world, '1.3', 100));
      await commitSlow();
      const { board } = await world.deps.store.load(world.deps.account, { kind: 'ACCOUNT' });
      return board.quotes[AAPL]?.price.equals('1.3') === true ? [] : ['an older price stands in the place of a newer one'];
    },
  },
];

const never = (): never => {
  throw new Error('the scenario looked for what is not there');
};

/** Clauses that no race of today's rules can reach, each with the reason that they stay. */
export const SECOND_LOCKS: Partial<Record<ClauseName, string>> = {
  'capacity known': 'nothing moves room before equity has been read; and a difference cannot be added to what is not there',
  'kill as seen': 'a person sets the switch today and the last word counts; a rule that sets it (KS-2) must not undo a halt',
  'steal once': 'step 2 moves both slots and writes the order, each under a clause of its own',
};

export const SCENARIOS: readonly Scenario[] = [...room, ...slots, ...kills, ...limits, ...orders];
