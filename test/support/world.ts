// The whole core in one process: its own shell over a memory store, queues and a venue, with a clock set by hand.
import { acceptPlan } from '../../shared/accept-plan.ts';
import type { PlanReduction } from '../../shared/accept-reductions.ts';
import { applyEvent } from '../../shared/apply-event.ts';
import type { Applied } from '../../shared/apply-event.ts';
import type { KillScope } from '../../shared/domain/account.ts';
import type { Change, Note } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import { Decimal, toPlain } from '../../shared/domain/decimal.ts';
import type { Event } from '../../shared/domain/event.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import type { HoursName } from '../../shared/domain/session-window.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Order, Slot, Stop } from '../../shared/domain/slot.ts';
import { stopOf } from '../../shared/domain/slot-orders.ts';
import type { Message } from '../../shared/messages.ts';
import type { PlanSettings } from '../../shared/own-settings.ts';
import { checkProtection } from '../../shared/check-protection.ts';
import { measuredStore } from '../../shared/measured-store.ts';
import { performAction } from '../../shared/perform-action.ts';
import { performActions } from '../../shared/perform-actions.ts';
import { attemptSteal, readPrices } from '../../shared/read-prices.ts';
import { reconcile } from '../../shared/reconcile.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import { resetSession, runSession, setKillSwitch } from '../../shared/sessions.ts';
import type { KillOrder, SessionKind } from '../../shared/sessions.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import type { Budget, TraceContext, VenueTraits } from '../../shared/ports.ts';
import { ACCOUNT, NOON, PAPER_TRAITS, calendar, d, market, planWatch, settings } from './builders.ts';
import type { WatchInput } from './builders.ts';
import { FREE_BUDGET } from './free-budget.ts';
import { checkAccount } from './ledger-rules.ts';
import type { Account, StoreHooks } from './memory-store.ts';
import { createMemoryStore } from './memory-store.ts';
import type { Queued } from './memory-queues.ts';
import { MemoryQueues } from './memory-queues.ts';
import type { VenueHooks, Webhook } from './memory-venue.ts';
import { MemoryVenue } from './memory-venue.ts';

export interface WorldOptions {
  readonly settings?: Partial<Settings>;
  readonly at?: number;
  readonly equity?: string;
  readonly traits?: Partial<VenueTraits>;
  readonly symbols?: readonly string[];
  readonly pause?: (operation: string) => Promise<void>;
  readonly fraction?: () => number;
  readonly store?: Pick<StoreHooks, 'fate' | 'onTry'>;
  readonly venue?: Pick<VenueHooks, 'fate' | 'form'>;
  readonly loses?: (message: Message) => boolean;
  readonly budget?: Budget;
}

export const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'TSLA', 'BTC/USD', 'ETH/USD'];
const MOST_DELIVERIES = 500;

const trace = (source: TraceContext['source']): TraceContext => ({ account: ACCOUNT, source, requestId: 'r', correlationId: 'c' });

/** Counts what is told, and forgets the rest. */
export class CountingTelemetry {
  readonly notes: Note[] = [];
  readonly counted = new Map<string, number>();

  record(note: Note): void {
    this.notes.push(note);
  }

  count(metric: string, value: number): void {
    this.counted.set(metric, (this.counted.get(metric) ?? 0) + value);
  }

  messages(name: string): readonly string[] {
    return this.notes.filter((note) => note.name === name).map((note) => note.message);
  }

  /** One field of every note of a name. */
  fields(name: string, field: string): readonly unknown[] {
    return this.notes.filter((note) => note.name === name).map((note) => note.fields[field]);
  }
}

export class World {
  now: number;
  readonly deps: VenueDeps;
  readonly venue: MemoryVenue;
  readonly queues: MemoryQueues;
  readonly telemetry = new CountingTelemetry();
  /** Webhooks reach the account as soon as anything is drained; a test may hold them back. */
  webhooksHeld = false;
  /** Symbols whose positions are not what our fills say, because a test has the venue say so (SL-11). */
  readonly unexplained = new Set<string>();
  commits = 0;
  readonly #peek: (account: string) => Account;
  readonly #pause: (operation: string) => Promise<void>;

  constructor(options: WorldOptions = {}) {
    this.now = options.at ?? NOON;
    this.#pause = options.pause ?? (() => Promise.resolve());
    const clock = { now: () => this.now, sleep: () => this.#pause('sleep') };
    const traits = { ...PAPER_TRAITS, ...options.traits };
    const pause = this.#pause;
    const store = createMemoryStore({ ...options.store, pause, onCommit: (changes, before, after) => this.#audit(changes, before, after) });
    this.#peek = store.peek;
    this.venue = new MemoryVenue({ ...options.venue, clock, traits, pause, onChange: () => this.#checkLiveOrders() });
    this.queues = new MemoryQueues({ clock, pause, ...(options.loses === undefined ? {} : { loses: options.loses }) });
    let ids = 0;
    this.deps = {
      account: ACCOUNT,
      settings: settings(options.settings),
      calendar,
      store: measuredStore(store, { clock, telemetry: this.telemetry }),
      queues: this.queues,
      clock,
      ids: { next: () => `id-${(ids += 1)}`, fraction: options.fraction ?? (() => 0.5) },
      telemetry: this.telemetry,
      traits,
      exchange: this.venue,
      budget: options.budget ?? FREE_BUDGET,
    };
    for (const symbol of options.symbols ?? SYMBOLS) {
      this.venue.listed.set(symbol, market(symbol));
      store.peek(ACCOUNT).markets.set(symbol, market(symbol));
    }
    if (options.equity !== undefined) this.venue.equityNow = d(options.equity);
  }

  /** A world whose equity has been read. */
  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.readEquity();
    return world;
  }

  get account(): Account {
    return this.#peek(ACCOUNT);
  }

  slot(symbol: string, slot = 'main'): Slot {
    const found = this.account.slots.get(slotKey({ symbol, slot }));
    if (found === undefined) throw new Error(`no slot ${symbol}`);
    return found;
  }

  /** `entry/position` of a slot. */
  state(symbol: string): string {
    const { entry, position } = this.slot(symbol);
    return `${entry.status}/${position.status}`;
  }

  order(symbol: string): Order {
    const { entry } = this.slot(symbol);
    if (!('order' in entry)) throw new Error(`${symbol} has no order: ${entry.status}`);
    return entry.order;
  }

  exit(symbol: string): Order {
    const { position } = this.slot(symbol);
    if (position.status !== 'EXITING') throw new Error(`${symbol} has no exit: ${position.status}`);
    return position.exit;
  }

  /** What protects a position of ours. */
  stop(symbol: string): Stop {
    const stop = stopOf(this.slot(symbol).position);
    if (stop === null) throw new Error(`${symbol} holds nothing of ours`);
    return stop;
  }

  stopOrder(symbol: string): Order {
    const stop = this.stop(symbol);
    if (stop.status === 'NONE' || stop.status === 'WATCHED') throw new Error(`${symbol} has no stop order: ${stop.status}`);
    return stop.order;
  }

  held(symbol: string): string {
    const { position } = this.slot(symbol);
    if (!isHeld(position)) return '0';
    return toPlain(position.lots.reduce((total, lot) => total.plus(lot.quantity), d(0)));
  }

  free(): string {
    const { capacity } = this.account;
    return capacity === null ? 'unknown' : toPlain(capacity.free);
  }

  async apply(event: Event): Promise<Applied> {
    return applyEvent(this.deps, event, trace('action'));
  }

  /** Applies an event and says what became of it: COMMITTED or the reason why nothing did. */
  async outcome(event: Event): Promise<string> {
    const applied = await this.apply(event);
    return applied.reason ?? applied.kind;
  }

  async readEquity(): Promise<void> {
    await this.apply({ type: 'EQUITY_READ', equity: this.venue.equityNow, at: this.now });
  }

  async plan(version: number, watches: readonly WatchInput[], strategy = 'alpha', own: PlanSettings = {}) {
    return acceptPlan(this.deps, { strategy, version, settings: own, watches: watches.map(planWatch), grids: [], reductions: [] }, trace('plan'));
  }

  /** A plan that asks for no entries, and for less of what is held. */
  async reduce(version: number, reductions: readonly PlanReduction[], watches: readonly WatchInput[] = []) {
    return acceptPlan(this.deps, { strategy: 'alpha', version, settings: {}, watches: watches.map(planWatch), grids: [], reductions }, trace('plan'));
  }

  /** Moves prices at the venue and reads them a second later, with the equity of then. Nothing is delivered yet. */
  async see(prices: Readonly<Record<string, string>>): Promise<void> {
    for (const [symbol, price] of Object.entries(prices)) this.venue.setPrice(symbol, d(price));
    await this.quote(prices);
  }

  /** Reads prices that the venue's own book does not follow. */
  async quote(prices: Readonly<Record<string, string>>): Promise<void> {
    this.now += 1000;
    await this.readEquity();
    const quotes = Object.entries(prices).map(([symbol, price]) => [symbol, { price: d(price), at: this.now }] as const);
    await readPrices(this.deps, Object.fromEntries(quotes), trace('tick'));
  }

  /** Moves prices, reads them and lets everything that follows at this moment happen. */
  async tick(prices: Readonly<Record<string, string>>): Promise<void> {
    await this.see(prices);
    await this.drain();
  }

  async reconcile(): Promise<void> {
    await reconcile(this.deps, trace('schedule'));
  }

  async session(kind: SessionKind | 'PRE_OPEN_RESET', hours: HoursName = 'NYSE'): Promise<void> {
    if (kind === 'PRE_OPEN_RESET') await resetSession(this.deps, hours, trace('schedule'));
    else await runSession(this.deps, kind, trace('schedule'));
  }

  async kill(state: KillOrder['state'], scope: KillScope = { kind: 'ACCOUNT' }): Promise<void> {
    await setKillSwitch(this.deps, { scope, state, who: 'a person' }, trace('schedule'));
  }

  async perform(actionId: string): Promise<string> {
    return performAction(this.deps, actionId, trace('action'));
  }

  async lookUp(actionId: string, symbol: string, hop = 0): Promise<string> {
    return resolveAction(this.deps, { actionId, symbol, hop }, trace('action'));
  }

  async report(report: OrderReport, webhookId: string | null = null): Promise<string> {
    return this.outcome({ type: 'ORDER_REPORTED', report, webhookId });
  }

  async deliverWebhook(webhook: Webhook): Promise<void> {
    await this.apply({ type: 'ORDER_REPORTED', report: webhook.report, webhookId: webhook.id });
  }

  async run(message: Message): Promise<void> {
    switch (message.kind) {
      case 'ACTION':
      case 'STOP_ACTION':
        for (const error of (await performActions(this.deps, [{ ...message, trace: trace('action') }], Infinity)).values()) throw error;
        return;
      case 'LOOKUP':
        await resolveAction(this.deps, message, trace('action'));
        return;
      case 'WATCHDOG':
        return checkProtection(this.deps, message, trace('tick'));
      case 'STEAL':
        return attemptSteal(this.deps, message, trace('tick'));
      case 'QUOTES':
        return readPrices(this.deps, Object.fromEntries(message.quotes.map(({ symbol, price, at }) => [symbol, { price: new Decimal(price), at }])), trace('tick'));
      case 'QUOTE_TICK':
      case 'RECONCILE_TICK':
        return this.reconcile();
    }
  }

  /** Takes the next message of a queue and works on it. False when there is none now. */
  async step(pick: (queued: Queued) => boolean = () => true): Promise<boolean> {
    const queued = this.queues.receivable().find(pick);
    if (queued === undefined) return false;
    this.queues.done(queued);
    await this.run(queued.message);
    return true;
  }

  /** Delivers everything that can be delivered at this moment. */
  async drain(): Promise<void> {
    for (let count = 0; count < MOST_DELIVERIES; count += 1) {
      const webhook = this.webhooksHeld ? undefined : this.venue.outbox.shift();
      if (webhook !== undefined) {
        await this.deliverWebhook(webhook);
        continue;
      }
      if (!(await this.step())) return;
    }
    throw new Error(`still busy after ${MOST_DELIVERIES} deliveries`);
  }

  /** Lets time pass, with every delayed message and late call at its own moment. */
  async pass(seconds: number): Promise<void> {
    const until = this.now + seconds * 1000;
    while (this.now < until) {
      this.now = Math.min(until, Math.max(this.now, this.queues.nextAt() ?? until, this.now + 1000));
      this.venue.runLate();
      await this.drain();
    }
  }

  #audit(changes: readonly Change[], before: Account, after: Account): void {
    this.commits += 1;
    checkAccount(changes, before, after, this.unexplained);
  }

  /** EW-7: a slot never has two live entries at the venue. */
  #checkLiveOrders(): void {
    const slots = new Map<string, string>();
    for (const { clientOrderId } of this.venue.live()) {
      const record = this.account.orders.get(clientOrderId);
      if (record === undefined) throw new Error(`INVARIANT: the venue has ${clientOrderId}, which nobody planned`);
      const key = `${slotKey(record.ref)} ${record.order.purpose}`;
      const other = slots.get(key);
      const mayOverlap = record.order.purpose === 'STOP' && this.deps.traits.stopMoves === 'PLACE_FIRST';
      if (other !== undefined && !mayOverlap) throw new Error(`INVARIANT: ${key} has two live orders, ${other} and ${clientOrderId}`);
      slots.set(key, clientOrderId);
    }
  }
}
