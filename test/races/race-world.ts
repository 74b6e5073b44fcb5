// One account on the embedded engine and a venue that forgives nothing, with everything that two sources race through.
import { acceptPlan } from '../../shared/accept-plan.ts';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { createDynamoStore } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { applyEvent } from '../../shared/apply-event.ts';
import { checkProtection } from '../../shared/check-protection.ts';
import type { Change, Note } from '../../shared/domain/decision.ts';
import type { Event } from '../../shared/domain/event.ts';
import { NO_MOVE, addRoom, usedBy } from '../../shared/domain/room.ts';
import type { Message } from '../../shared/messages.ts';
import { performAction } from '../../shared/perform-action.ts';
import type { Exchange, PlaceOrder, Store, TraceContext, VenueTraits } from '../../shared/ports.ts';
import { attemptSteal, readPrices } from '../../shared/read-prices.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import type { TestTable } from '../concurrency/table.ts';
import { ACCOUNT, PAPER_TRAITS, calendar, d, market, planWatch, settings } from '../support/builders.ts';
import type { WatchInput } from '../support/builders.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';
import { MemoryQueues } from '../support/memory-queues.ts';
import type { Account } from '../support/memory-store.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { MemoryVenue } from '../support/memory-venue.ts';
import { gatedExchange, gatedStore } from './gates.ts';
import type { Gates } from './gates.ts';

/** A Wednesday, 09:40 in New York: the first hour, in which a trigger counts. */
export const MORNING = Date.UTC(2025, 5, 4, 13, 40, 0);
const SECOND = 1000;
const MOST_STEPS = 80;
const MOST_LOOKUPS = 3;

export const traceOf = (source: TraceContext['source']): TraceContext => ({ account: ACCOUNT, source, requestId: 'r', correlationId: 'c' });

const isSend = (change: Change): boolean =>
  change.kind === 'ACTION' && change.after?.state === 'SENT' && change.after.purpose === 'ENTRY' && change.after.intent.kind === 'PLACE';
const isHalt = (change: Change): boolean => change.kind === 'KILL' && change.state === 'HALTED';

export interface WorldTerms {
  readonly symbols?: readonly string[];
  readonly equity?: string;
  readonly traits?: Partial<VenueTraits>;
}

/**
 * It is made ready in memory and raced on the engine. Nothing but our own guards stands between a race and a loss: the
 * venue knows no reduce-only, and takes an id as often as it is sent.
 */
export class RaceWorld {
  now = MORNING;
  readonly venue: MemoryVenue;
  readonly queues: MemoryQueues;
  readonly deps: VenueDeps;
  readonly notes: Note[] = [];
  /** What the venue and the table have seen that must never be. */
  readonly offences: string[] = [];
  readonly #memory = createMemoryStore();
  readonly #exchange: Exchange;
  #store: Store = this.#memory;
  #gates: Gates | null = null;
  #isHalted = false;
  #twins = 0;
  #ids = 0;

  constructor({ symbols = ['AAPL'], equity = '10000', traits = {} }: WorldTerms) {
    const clock = { now: () => this.now, sleep: () => Promise.resolve() };
    this.venue = new MemoryVenue({ clock, traits: { ...PAPER_TRAITS, ...traits } });
    this.venue.equityNow = d(equity);
    this.queues = new MemoryQueues({ clock });
    this.#exchange = this.#unforgiving();
    for (const symbol of symbols) {
      this.venue.listed.set(symbol, market(symbol));
      this.account.markets.set(symbol, market(symbol));
    }
    this.deps = {
      account: ACCOUNT,
      settings: settings({ workStealingEnabled: false }),
      calendar,
      store: this.#watched(),
      queues: this.queues,
      clock,
      ids: { next: () => `id-${(this.#ids += 1)}`, fraction: () => 0 },
      telemetry: { record: (note) => void this.notes.push(note), count: () => undefined },
      traits: this.venue.traits,
      exchange: this.#exchange,
      budget: FREE_BUDGET,
    };
  }

  /** The account as it was made ready in memory. */
  get account(): Account {
    return this.#memory.peek(ACCOUNT);
  }

  /** Moves the account to the engine, where every write is made without the clauses named. */
  async moveTo(table: TestTable, partition: string, without: readonly ClauseName[]): Promise<void> {
    const { ids, clock } = this.deps;
    const engine = createDynamoStore({ client: table.client, tableName: table.tableName, ids, clock }, { without });
    const store = ofPartition(engine, partition);
    for (const [place, changes] of changesOf(this.account).entries()) await store.commit(ACCOUNT, changes, `ready-${place}`);
    this.#store = store;
  }

  /** The same invocation's ports with a gate before and after every call; its clock may be ahead of, or behind, the others'. */
  actor(name: string, aheadMs = 0): VenueDeps {
    const call = <Answer>(what: string, effect: () => Promise<Answer>): Promise<Answer> => this.call(name, what, effect);
    return {
      ...this.deps,
      clock: { ...this.deps.clock, now: () => this.now + aheadMs },
      store: gatedStore(this.deps.store, call),
      exchange: gatedExchange(this.#exchange, call),
    };
  }

  /** Makes one call, or several as one, between two gates. */
  call<Answer>(actor: string, what: string, effect: () => Promise<Answer>): Promise<Answer> {
    return this.#gates === null ? effect() : this.#gates.call(actor, what, effect);
  }

  /** Runs actors at once, one call at a time. */
  async race(gates: Gates, actors: readonly (readonly [string, () => Promise<unknown>])[]): Promise<readonly string[]> {
    this.#gates = gates;
    const failures = await gates.run(actors);
    this.#gates = null;
    return failures;
  }

  async apply(event: Event): Promise<void> {
    await applyEvent(this.deps, event, traceOf('action'));
  }

  async plan(watches: readonly WatchInput[]): Promise<void> {
    await acceptPlan(this.deps, { strategy: 'alpha', version: 1, settings: {}, watches: watches.map(planWatch), grids: [], reductions: [] }, traceOf('plan'));
  }

  async readEquity(): Promise<void> {
    await this.apply({ type: 'EQUITY_READ', equity: this.venue.equityNow, at: this.now });
  }

  quotes(prices: Readonly<Record<string, string>>) {
    return Object.fromEntries(Object.entries(prices).map(([symbol, price]) => [symbol, { price: d(price), at: this.now }] as const));
  }

  /** Moves prices, reads them and lets everything that follows at this moment happen. */
  async tick(prices: Readonly<Record<string, string>>): Promise<void> {
    this.now += SECOND;
    await this.readEquity();
    for (const [symbol, price] of Object.entries(prices)) this.venue.setPrice(symbol, d(price));
    await readPrices(this.deps, this.quotes(prices), traceOf('tick'));
    await this.deliverAll();
  }

  /** Writes prices to the board and dies before it does anything about them. */
  async seeOnly(prices: Readonly<Record<string, string>>): Promise<void> {
    for (const [symbol, price] of Object.entries(prices)) this.venue.setPrice(symbol, d(price));
    const grids = Object.keys(prices).map((symbol) => ({ symbol, grid: { opensAt: MORNING - 600 * SECOND, barMinutes: 15 } }));
    await this.apply({ type: 'QUOTES_SEEN', quotes: this.quotes(prices), grids, featured: [] });
  }

  /** Hands over what the queues hold for the venue now, and what that sends; the answer says whether there was anything. */
  async deliverMessages(deps: VenueDeps = this.deps, isWanted: (message: Message) => boolean = () => true): Promise<boolean> {
    for (let steps = 0; ; steps += 1) {
      const queued = this.queues.receivable().find(({ message }) => isWanted(message));
      if (queued === undefined || steps > MOST_STEPS) return steps > 0;
      this.queues.done(queued);
      await this.#run(deps, queued.message);
    }
  }

  /** Tells the account what the venue has to tell, oldest first. */
  async deliverWebhooks(deps: VenueDeps = this.deps): Promise<boolean> {
    const isAny = this.venue.outbox.length > 0;
    for (let webhook = this.venue.outbox.shift(); webhook !== undefined; webhook = this.venue.outbox.shift()) {
      await applyEvent(deps, { type: 'ORDER_REPORTED', report: webhook.report, webhookId: webhook.id }, traceOf('webhook'));
    }
    return isAny;
  }

  async deliverAll(): Promise<void> {
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const isBusy = (await this.deliverWebhooks()) || (await this.deliverMessages());
      if (!isBusy && !(await this.#deliverUnrung())) return;
    }
    throw new Error(`still busy after ${MOST_STEPS} rounds`);
  }

  /** Lets the look-ups come that unknown or refused answers have asked for. */
  async lookUp(): Promise<void> {
    for (let times = 0; times < MOST_LOOKUPS && this.queues.waiting.some(({ message }) => message.kind === 'LOOKUP'); times += 1) {
      this.now += 5 * SECOND;
      await this.deliverAll();
    }
  }

  async #deliverUnrung(): Promise<boolean> {
    // A FIFO queue drops a ring that it has seen; reconcile rings again, and so does this.
    const planned = (await this.deps.store.openActions(ACCOUNT)).filter((action) => action.state === 'PLANNED');
    for (const action of planned) await performAction(this.deps, action.id, traceOf('action'));
    return planned.length > 0;
  }

  async #run(deps: VenueDeps, message: Message): Promise<void> {
    switch (message.kind) {
      case 'ACTION':
      case 'STOP_ACTION':
        await performAction(deps, message.actionId, traceOf('action'));
        return;
      case 'LOOKUP':
        await resolveAction(deps, message, traceOf('action'));
        return;
      case 'WATCHDOG':
        return checkProtection(deps, message, traceOf('tick'));
      case 'STEAL':
        return attemptSteal(deps, message, traceOf('tick'));
      case 'QUOTES':
      case 'QUOTE_TICK':
      case 'RECONCILE_TICK':
        return;
    }
  }

  #watched(): Store {
    const bare: Store = {
      load: (account, scope) => this.#store.load(account, scope),
      commit: (account, changes, owner) => this.#store.commit(account, changes, owner),
      findAction: (account, actionId) => this.#store.findAction(account, actionId),
      openActions: (account) => this.#store.openActions(account),
      audit: (account) => this.#store.audit(account),
      findMarket: (account, symbol) => this.#store.findMarket(account, symbol),
      saveMarkets: (account, markets) => this.#store.saveMarkets(account, markets),
    };
    return {
      ...bare,
      commit: async (account, changes, owner) => {
        await bare.commit(account, changes, owner);
        if (this.#isHalted && changes.some(isSend)) this.offences.push('entered after a halt: its send was committed to once the switch was thrown');
        this.#isHalted ||= changes.some(isHalt);
      },
    };
  }

  #unforgiving(): Exchange {
    const { venue } = this;
    const place = ({ intent, ...order }: PlaceOrder) => {
      const twin = venue.orders.get(order.clientOrderId);
      if (twin !== undefined) {
        venue.orders.delete(order.clientOrderId);
        venue.orders.set(`${order.clientOrderId}~${(this.#twins += 1)}`, twin);
      }
      return venue.place({ ...order, intent: { ...intent, reduceOnly: false } });
    };
    return {
      traits: venue.traits,
      batches: null,
      place,
      cancel: (order) => venue.cancel(order),
      amend: (order) => {
        const stood = venue.orders.get(order.clientOrderId)?.stopPrice ?? null;
        const { stopPrice } = order.intent;
        if (stood !== null && stopPrice?.lessThan(stood) === true) this.offences.push(`stop moved down: ${stood.toFixed()} to ${stopPrice.toFixed()}`);
        return venue.amend(order);
      },
      findOrder: (order) => venue.findOrder(order),
      openOrders: () => venue.openOrders(),
      conditionalOrders: () => venue.conditionalOrders(),
      recentTrades: (cursor) => venue.recentTrades(cursor),
      findPosition: (symbol) => venue.findPosition(symbol),
      positions: () => venue.positions(),
      markets: () => venue.markets(),
      quotes: (symbols) => venue.quotes(symbols),
      equity: () => venue.equity(),
    };
  }
}

/** Every account of the races has one name, since ids are made of it, and each a partition of its own. */
const ofPartition = (store: Store, partition: string): Store => ({
  load: (_, scope) => store.load(partition, scope),
  commit: (_, changes, owner) => store.commit(partition, changes, owner),
  findAction: (_, actionId) => store.findAction(partition, actionId),
  openActions: () => store.openActions(partition),
  audit: () => store.audit(partition),
  findMarket: (_, symbol) => store.findMarket(partition, symbol),
  saveMarkets: (_, markets) => store.saveMarkets(partition, markets),
});

/** Everything of an account, as commits that write it anew: the ledger without its rooms first. */
const changesOf = ({ capacity, board, slots, actions, orders, fills, webhooks }: Account): readonly (readonly Change[])[] => {
  if (capacity === null) throw new Error('an account whose equity was never read');
  const { cap, capOfClass } = capacity;
  const anew = { ...capacity, free: cap, freeOfClass: capOfClass, sequence: 0 };
  const move = [...slots.values()].map(usedBy).reduce(addRoom, NO_MOVE);
  return [
    [{ kind: 'EQUITY', before: null, after: anew }],
    [
      { kind: 'ROOM', move, require: null },
      ...(board.revision === 0 ? [] : [{ kind: 'QUOTES', before: { revision: 0, quotes: {}, bars: {}, features: {} }, after: board } as const]),
      ...[...slots.values()].map((after): Change => ({ kind: 'SLOT', before: null, after, guard: 'STATE' })),
      ...[...orders.values()].map((after): Change => ({ kind: 'ORDER', before: null, after })),
      ...[...actions.values()].map((after): Change => ({ kind: 'ACTION', before: null, after })),
      ...[...fills.values()].map((fill): Change => ({ kind: 'FILL', fill })),
      ...[...webhooks].map((id): Change => ({ kind: 'WEBHOOK', id, at: MORNING })),
    ],
  ];
};
