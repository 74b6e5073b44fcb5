// A hostile day, seeded: every interleaving of invocations, crashes at any round trip, lost rings, late and doubled news.
import { setImmediate } from 'node:timers/promises';
import { ConflictError, StoreUnavailableError, VenueReadError } from '../../shared/errors.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import type { StopMoves } from '../../shared/domain/context.ts';
import { isAcknowledged } from '../../shared/domain/order-progress.ts';
import { isHeld, tradableQuantity } from '../../shared/domain/position-moves.ts';
import { remainingQuantity } from '../../shared/domain/room.ts';
import { adoptPosition } from '../../shared/adopt-position.ts';
import { explainedIn, foreignQuantity } from '../../shared/domain/reconcile-positions.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import { isLive } from '../../shared/domain/order-lifecycle.ts';
import { ordersIn } from '../../shared/domain/slot-orders.ts';
import type { KillState } from '../../shared/domain/account.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { Order } from '../../shared/domain/slot.ts';
import type { EntryStyle } from '../../shared/domain/watch.ts';
import { NOON, market } from './builders.ts';
import type { WatchInput } from './builders.ts';
import type { StoreHooks } from './memory-store.ts';
import type { Fate, Form, VenueOrder } from './memory-venue.ts';
import { filledOf } from './memory-venue.ts';
import { World } from './world.ts';

const textOf = (order: Pick<Order, 'quantity' | 'limit' | 'stopPrice'>, filled: Decimal): string =>
  `${filled.toFixed()}/${order.quantity.toFixed()}@${order.limit?.toFixed() ?? 'market'} from ${order.stopPrice?.toFixed() ?? 'now'}`;

/** The invocation died where it stood. */
class Crash extends Error {}

interface Gate {
  readonly operation: string;
  readonly since: number;
  readonly open: () => void;
  readonly kill: () => void;
}

const isExpected = (error: unknown): boolean =>
  error instanceof Crash || error instanceof ConflictError || error instanceof StoreUnavailableError || error instanceof VenueReadError;

/** A small generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const SYMBOLS = ['AAPL', 'MSFT', 'NVDA', 'BTC/USD', 'ETH/USD'];
const TICK = new Decimal('0.01');
const MINUTE = 60_000;
/** Just after the open, at noon, and just before and after positions are left for the close. */
const BEGINNINGS = [-85, -85, -85, 0, 0, 248].map((minutes) => NOON + minutes * MINUTE);
const STOP_MOVES: readonly StopMoves[] = ['AMEND', 'AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'];
const FORMS: readonly Form[] = ['FULL', 'FULL', 'LAST_TRADE', 'CUMULATIVE', 'TRADES', 'BARE'];
const MOST_TASKS = 4;
/** No invocation stalls longer than this, and no call is later: together they stay within the venue's quiet time. */
const LONGEST_STALL_MS = 3000;
const LATEST_CALL_MS = 10_000;

export interface Figures {
  readonly commits: number;
  readonly steals: number;
  readonly fills: number;
  /** Positions that were confirmed to be protected, stops that moved, and stops that filled. */
  readonly protections: number;
  readonly moves: number;
  readonly stopped: number;
  readonly exits: number;
  readonly crashes: number;
  readonly conflicts: number;
}

/** On a clean day invocations cross and messages come in any order, but nothing fails and nothing is lost. */
export interface DayOptions extends Pick<StoreHooks, 'onTry'> {
  readonly clean?: boolean;
  /** Entries are carried out in every way there is, not only as orders that rest (EX-1). */
  readonly styles?: boolean;
}

export class RandomMachine {
  readonly world: World;
  readonly #random: () => number;
  readonly #gates: Gate[] = [];
  #running = 0;
  #calm = true;
  #crashes = 0;
  #failure: Error | null = null;
  #version = 1;
  readonly #untold = new Set<string>();
  readonly #sides = new Map<string, 'buy' | 'sell'>();
  readonly #clean: boolean;
  readonly #styles: boolean;
  readonly #symbols: readonly string[];
  readonly #stopShare: number;
  readonly #refusesStops: boolean;
  readonly #trades: boolean;
  readonly #mostEntries: number;
  readonly log: string[] = [];

  constructor(seed: number, { clean = false, styles = false, ...hooks }: DayOptions = {}) {
    this.#random = seeded(seed);
    this.#styles = styles;
    this.#clean = clean;
    this.#symbols = SYMBOLS.slice(0, this.#pick([2, 5, 5, 5]));
    const stopMoves = this.#pick(STOP_MOVES);
    const settings: Partial<Settings> = {
      workStealingCooldownSeconds: 30,
      workStealingFightThreshold: 2,
      workStealingFightCooldownSeconds: 60,
      workStealingDistance: this.#pick(['absolute', 'absolute', 'side-aware']),
      capacityCrypto: new Decimal(this.#pick([1, 1, 0.6])),
      capacityStock: new Decimal(this.#pick([1, 1, 0.7])),
      triggerWindowMinutes: this.#pick([60, 390]),
      barMinutes: this.#pick([1, 1, 15]),
      limitStopRatio: new Decimal(this.#pick(['0.05', '0.004'])),
    };
    this.world = new World({
      settings,
      traits: { amends: this.#chance(0.8), stopMoves },
      symbols: this.#symbols,
      at: this.#pick(BEGINNINGS),
      pause: (operation) => this.#pause(operation),
      fraction: () => this.#random(),
      store: { ...hooks, fate: () => this.#storeFate() },
      venue: { fate: (kind, id) => this.#venueFate(kind, id), form: (order) => this.#formOf(order) },
      loses: () => !this.#calm && this.#goesWrong(0.05),
    });
    this.world.venue.immediateStops = this.#pick(['REFUSE', 'REFUSE', 'TRIGGER']);
    this.world.venue.baseFeeRate = new Decimal(this.#pick(['0', '0', '0.001']));
    const mayOverlap = stopMoves === 'PLACE_FIRST' || !this.world.venue.baseFeeRate.isZero();
    this.world.venue.keepsReduceOnly = mayOverlap || this.#chance(0.5);
    const takesFees = !this.world.venue.baseFeeRate.isZero();
    // Of what is bought to cover a short, such a fee would leave a part uncovered: no venue that lends takes it there.
    for (const symbol of this.#symbols) this.#sides.set(symbol, this.#chance(0.15) && !(takesFees && symbol.includes('/')) ? 'sell' : 'buy');
    this.#stopShare = this.#pick([0, 0, 0.3, 0.8]);
    this.#refusesStops = this.#chance(0.1);
    this.#mostEntries = this.#pick([1, 2, 20, 20]);
    this.#trades = !clean && this.#chance(0.1);
    if (this.#chance(0.15)) this.#setSmallest('1500');
  }

  /** The venue takes no order below this notional, so that a part of a fill can be too small for a stop. */
  #setSmallest(minNotional: string): void {
    for (const symbol of this.#symbols) {
      const listed = market(symbol, { minNotional: new Decimal(minNotional) });
      this.world.venue.listed.set(symbol, listed);
      this.world.account.markets.set(symbol, listed);
    }
  }

  /** Runs one schedule of so many steps, then lets the venue heal and checks that everything is resolved. */
  async run(steps: number): Promise<Figures> {
    this.world.venue.equityNow = new Decimal(5000);
    await this.world.readEquity();
    await this.#newPlan();
    if (this.#chance(0.7)) await this.#fillTheRoom();
    this.#calm = false;
    for (let step = 0; step < steps && this.#failure === null; step += 1) {
      this.world.venue.answerForm = this.#clean ? 'FULL' : this.#pick(FORMS);
      this.world.venue.fillShare = new Decimal(this.#pick([1, 1, 0.5, 0.25]));
      this.#oneStep();
      await setImmediate();
      if (this.#chance(0.03)) await this.#interlude();
    }
    await this.#heal();
    this.#throwFailure();
    this.#checkAgreement();
    this.#checkPromises();
    const { account, telemetry, commits } = this.world;
    const conflicts = telemetry.counted.get('commit_conflicts_total') ?? 0;
    const told = (name: string): number => telemetry.messages(name).length;
    return {
      commits,
      steals: account.steals.length,
      fills: account.fills.size,
      protections: told('PROTECTED'),
      moves: told('STOP_MOVED'),
      stopped: [...account.fills.values()].filter((fill) => fill.purpose === 'STOP').length,
      exits: told('EXIT_PLANNED'),
      crashes: this.#crashes,
      conflicts,
    };
  }

  /** Most days begin with orders that rest too far away, in the way of those to come. */
  async #fillTheRoom(): Promise<void> {
    for (const slot of [...this.world.account.slots.values()]) {
      if (slot.watch === null) continue;
      const away = slot.watch.side === 'buy' ? 1.0062 : 0.9938;
      await this.world.tick({ [slot.symbol]: slot.watch.limit.times(away).toFixed(2) });
    }
  }

  #oneStep(): void {
    try {
      const draw = this.#random();
      if (this.#gates.length > 0 && draw < 0.6) this.#moveGate();
      else if (this.#running < MOST_TASKS && draw < 0.8) this.#startMessage();
      else if (this.#running < MOST_TASKS && draw < 0.9) this.#startWebhook();
      else if (this.#running < MOST_TASKS) this.#startOther();
      else this.#moveGate();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A while in which one thing follows the other, as it mostly does. */
  async #interlude(): Promise<void> {
    await this.#settle();
    if (!this.#isBusy()) this.world.now += Math.floor(this.#random() * 90_000);
    this.world.venue.runLate();
    this.#movePrice();
    await this.#settle();
    for (let count = 0; count < 12 && this.#failure === null; count += 1) {
      if (this.#chance(0.5)) this.#startWebhook();
      else this.#startMessage();
      await this.#settle();
    }
  }

  /** Lets every invocation that is under way end. */
  async #settle(): Promise<void> {
    for (let count = 0; count < 2000 && this.#running > 0; count += 1) {
      while (this.#gates.length > 0) this.#moveGate();
      await setImmediate();
    }
  }

  #startOther(): void {
    const draw = this.#random();
    if (draw < 0.5) this.#movePrice();
    else if (draw < 0.62) this.#passTime();
    else if (draw < 0.67) this.#start('plan', () => this.#newPlan());
    else if (draw < 0.77) this.#start('reconcile', () => this.world.reconcile());
    else if (draw < 0.87) this.#moveVenue();
    else if (draw < 0.91) this.#start('session', () => this.world.session(this.#pick(['EXPIRY', 'AUTO_EXIT', 'CRYPTO_RUN', 'PRE_OPEN_RESET'] as const)));
    else if (draw < 0.93) this.#start('kill', () => this.#throwSwitch());
    else if (draw < 0.94) this.#start('person', () => this.#adopt());
    else if (draw < 0.96) this.#moveEquity();
    else if (!this.#clean) this.world.venue.failingReads = 1;
  }

  #start(name: string, work: () => Promise<unknown>, onEnd: (failed: boolean) => void = () => undefined): void {
    this.#running += 1;
    this.log.push(`${this.world.now - NOON} start ${name}`);
    void work().then(
      () => onEnd(false),
      (error: unknown) => {
        if (!isExpected(error)) this.#fail(error);
        this.log.push(`failed ${name}: ${error instanceof Error ? error.message : String(error)}`);
        onEnd(true);
      },
    ).finally(() => {
      this.#running -= 1;
    });
  }

  #startMessage(): void {
    const ready = this.world.queues.receivable();
    if (ready.length === 0) return this.#startWebhook();
    const queued = this.#pick(ready);
    queued.inFlight = true;
    queued.received += 1;
    const { message } = queued;
    this.#start(`${message.kind} ${'actionId' in message ? message.actionId : ''}`, () => this.world.run(message), (failed) => {
      queued.inFlight = false;
      // At least once: a message that was worked on may come again, and one that fails too often is set aside.
      if (failed ? queued.received > 4 : !this.#goesWrong(0.1)) this.world.queues.done(queued);
    });
    // Its visibility ran out while it was worked on: a second invocation takes it up beside the first.
    if (this.#goesWrong(0.05)) queued.inFlight = false;
  }

  #startWebhook(): void {
    const { outbox } = this.world.venue;
    if (outbox.length === 0) return;
    const webhook = this.#pick(outbox);
    const forget = (): void => {
      const place = outbox.indexOf(webhook);
      if (place >= 0) outbox.splice(place, 1);
    };
    if (this.#goesWrong(0.1) && !this.#untold.has(webhook.report.clientOrderId)) return forget();
    this.#start(`webhook ${webhook.report.clientOrderId} ${webhook.report.status}`, () => this.world.deliverWebhook(webhook), (failed) => {
      if (!failed && !this.#goesWrong(0.15)) forget();
    });
  }

  #movePrice(): void {
    const symbol = this.#pick(this.#symbols);
    const price = this.#priceOf(symbol);
    this.world.venue.setPrice(symbol, price);
    this.world.now += 1;
    const at = this.world.now;
    this.#start(`price ${symbol} ${price.toFixed()}`, () =>
      this.world.run({ schema: 1, kind: 'QUOTES', account: 'paper-1', correlationId: 'c', quotes: [{ symbol, price: price.toFixed(), at }] }),
    );
  }

  #slotsOf(symbol: string): readonly Slot[] {
    return [...this.world.account.slots.values()].filter((slot) => slot.symbol === symbol);
  }

  /** Prices at which something of a symbol happens. */
  #levelsOf(symbol: string): readonly Decimal[] {
    return this.#slotsOf(symbol).flatMap(({ watch, position }) => {
      const watched = watch === null ? [] : [watch.limit, ...(watch.kind === 'stop' ? [watch.trigger] : [])];
      const held = isHeld(position) ? [position.stopPrice, position.stopPrice, position.rules.takeProfit] : [];
      return [...watched, ...held.filter((price) => price !== null)];
    });
  }

  /** At a price where something happens, a tick or more beside it, or near a limit that is watched for. */
  #priceOf(symbol: string): Decimal {
    const level = this.#pickMaybe(this.#levelsOf(symbol));
    if (level !== null && this.#chance(0.6)) return level.plus(TICK.times(this.#pick([-20, -3, -1, 0, 0, 1, 3, 20])));
    return this.#priceNear(symbol);
  }

  /** Mostly on the side where the order rests. */
  #priceNear(symbol: string): Decimal {
    const slots = this.#slotsOf(symbol);
    const limit = slots.find((slot) => slot.watch !== null)?.watch?.limit ?? new Decimal(99.5);
    const away = this.#pick([0.001, 0.002, 0.0045, 0.005, 0.006, 0.006, 0.0062, 0.006 - this.#random() * 0.008]);
    const side = this.#sides.get(symbol) === 'sell' ? -1 : 1;
    return limit.times(1 + away * side).toDecimalPlaces(2);
  }

  #passTime(): void {
    if (this.#isBusy()) return;
    const step = Math.floor(this.#pick([500, 2000, 5000, 20_000, 60_000]) * this.#random());
    const oldest = Math.min(this.world.now, ...this.#gates.map((gate) => gate.since));
    if (this.#running > 0 && this.world.now + step - oldest > LONGEST_STALL_MS) return;
    this.world.now += step;
    this.world.venue.runLate();
  }

  /** Where nothing goes wrong the queues are worked on at once. */
  #isBusy(): boolean {
    const { queues, venue } = this.world;
    return this.#clean && (this.#running > 0 || queues.receivable().length > 0 || venue.outbox.length > 0);
  }

  #watch(symbol: string): WatchInput {
    const side = this.#sides.get(symbol) ?? 'buy';
    const isLong = side === 'buy';
    const limit = new Decimal((99 + this.#random()).toFixed(2));
    const quantity = (20 + this.#random() * 50).toFixed(this.#pick([0, 2, 8]));
    const below = (ticks: number): string => limit.plus(TICK.times(isLong ? -ticks : ticks)).toFixed();
    const kind: Partial<WatchInput> = this.#chance(this.#stopShare)
      ? { trigger: below(this.#pick([1, 5, 30])), takeProfit: null }
      : { takeProfit: below(-40), stop: this.#chance(0.5) ? below(this.#pick([10, 40, 200])) : null };
    return {
      ...kind,
      symbol,
      slot: this.#chance(0.15) ? 'second' : 'main',
      side,
      limit: limit.toFixed(),
      quantity,
      pnl: this.#chance(0.1) ? null : (this.#random() * 10).toFixed(1),
      mode: this.#chance(0.05) ? 'probe' : 'normal',
      maxHold: this.#chance(0.15) ? { seconds: 60, barSeconds: null } : null,
      expiresAt: this.#chance(0.25) ? this.world.now + Math.floor(this.#random() * 120_000) : null,
      maxAttempts: this.#mostEntries,
      ...('trigger' in kind || !this.#styles ? {} : { style: this.#style(quantity) }),
    };
  }

  #style(quantity: string): EntryStyle {
    return this.#pick<EntryStyle>([
      { kind: 'PLAIN' },
      { kind: 'MAKER' },
      { kind: 'TAKER' },
      { kind: 'TWAP', slices: this.#pick([2, 5, 20]), durationSeconds: this.#pick([30, 120, 600]) },
      { kind: 'ICEBERG', shown: new Decimal(quantity).dividedBy(this.#pick([2, 4])).toDecimalPlaces(2) },
    ]);
  }

  async #newPlan(): Promise<void> {
    const older = this.#chance(0.15) ? 1 : 0;
    const version = this.#version - older;
    if (older === 0) this.#version += 1;
    const strategy = this.#chance(0.85) ? 'alpha' : 'beta';
    const symbols = this.#symbols.filter(() => this.#chance(strategy === 'alpha' ? 0.8 : 0.3));
    await this.world.plan(version, symbols.map((symbol) => this.#watch(symbol)), strategy);
  }

  async #throwSwitch(): Promise<void> {
    const state = this.#pick<KillState>(['ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED']);
    const scope = this.#pick([
      { kind: 'ACCOUNT' },
      { kind: 'CLASS', assetClass: 'stock' },
      { kind: 'SYMBOL', symbol: this.#pick(this.#symbols) },
    ] as const);
    await this.world.kill(this.#chance(0.7) ? 'ACTIVE' : state, scope);
  }

  #moveEquity(): void {
    this.world.venue.equityNow = new Decimal((3000 + this.#random() * 5000).toFixed(2));
    this.world.now += 1;
    this.#start('equity', () => this.world.readEquity());
  }

  /** A person takes over what nobody's order explains, and lets its symbol go on. */
  async #adopt(): Promise<void> {
    const slot = this.#pickMaybe([...this.world.account.slots.values()].filter(({ position }) => position.status === 'FOREIGN'));
    if (slot === null) return;
    await adoptPosition(this.world.deps, slot.symbol, { account: this.world.deps.account, source: 'schedule', requestId: 'r', correlationId: 'c' });
    await this.world.kill('ACTIVE', { kind: 'SYMBOL', symbol: slot.symbol });
  }

  /** A person trades at the venue beside us: what we hold is sold in part or whole, or more is there than we bought. */
  #tradeByHand(): void {
    const { venue, unexplained } = this.world;
    const symbol = this.#pick(this.#symbols);
    const held = venue.held(symbol);
    const isSale = held.greaterThan(0) && this.#chance(0.7);
    const quantity = isSale ? held.times(this.#pick([1, 1, 0.5])).toDecimalPlaces(8) : new Decimal(5);
    const price = venue.prices.get(symbol);
    if (price === undefined || held.isNegative() || this.world.account.board.quotes[symbol] === undefined) return;
    unexplained.add(symbol);
    venue.trade({ symbol, side: isSale ? 'sell' : 'buy', quantity, price });
  }

  #moveVenue(): void {
    const { venue } = this.world;
    if (this.#trades && this.#chance(0.2)) return this.#tradeByHand();
    const order = this.#pickMaybe(venue.live());
    if (order === null) return;
    const rest = order.quantity.minus(filledOf(order));
    const draw = this.#random();
    const isUntouched = filledOf(order).isZero();
    if (!this.#clean && isUntouched && draw < 0.1) return venue.lose(order.clientOrderId);
    if (!this.#clean && isUntouched && draw < 0.15) return venue.end(order.clientOrderId, 'REJECTED');
    // A stop fills where its price comes, and no reduce-only order takes more than is there.
    if (order.reduceOnly) return draw < 0.9 || this.#clean ? undefined : venue.end(order.clientOrderId, 'CANCELLED');
    if (draw < 0.6) venue.fill(order.clientOrderId, rest.times(this.#pick([1, 0.5, 0.3])).toDecimalPlaces(8));
    else if (draw < 0.8) venue.end(order.clientOrderId, this.#pick(['CANCELLED', 'EXPIRED'] as const));
    else if (!this.#clean) this.#fillCancelled(venue.orders.values());
  }

  /** A part that was executed before a cancel, and told of after it (EX-2). */
  #fillCancelled(orders: Iterable<VenueOrder>): void {
    const order = this.#pickMaybe([...orders].filter((each) => each.status === 'CANCELLED' && !each.reduceOnly));
    if (order === null) return;
    const rest = order.quantity.minus(filledOf(order));
    const part = rest.times('0.1').toDecimalPlaces(8);
    if (!part.greaterThan(0)) return;
    // No poll asks for an order that has ended, so this news is late and doubled, but never lost.
    this.#untold.add(order.clientOrderId);
    this.world.venue.fill(order.clientOrderId, part);
  }

  #formOf(order: VenueOrder): Form {
    this.#checkSide(order);
    if (this.#calm || this.#clean) return 'FULL';
    const form = this.#pick(FORMS);
    // Of an order that has ended, a report that says nothing cannot tell of a late part.
    return form === 'BARE' && this.#untold.has(order.clientOrderId) ? 'TRADES' : form;
  }

  #venueFate(kind: string, clientOrderId: string): Fate {
    if (this.#calm || this.#clean) return { kind: 'OK' };
    if (this.#refusesStops && kind !== 'cancel' && clientOrderId.startsWith('S') && this.#chance(0.7)) return { kind: 'REFUSED', code: 'NO' };
    const draw = this.#random();
    if (draw < 0.7) return { kind: 'OK' };
    if (draw < 0.76) return kind === 'cancel' ? { kind: 'LOST_BEFORE' } : { kind: 'REFUSED', code: 'NO' };
    if (draw < 0.82) return { kind: 'NOT_SENT' };
    if (draw < 0.88) return { kind: 'LOST_BEFORE' };
    if (draw < 0.95) return { kind: 'LOST_AFTER' };
    return { kind: 'LATE', afterMs: Math.floor(this.#random() * LATEST_CALL_MS) };
  }

  #storeFate(): 'KEPT' | 'LOST_BEFORE' | 'LOST_AFTER' {
    const draw = this.#calm || this.#clean ? 1 : this.#random();
    return draw < 0.015 ? 'LOST_BEFORE' : draw < 0.03 ? 'LOST_AFTER' : 'KEPT';
  }

  #pause(operation: string): Promise<void> {
    if (this.#calm) return Promise.resolve();
    return new Promise((open, reject) => {
      const kill = (): void => reject(new Crash(operation));
      this.#gates.push({ operation, since: this.world.now, open, kill });
    });
  }

  #moveGate(): void {
    const gate = this.#pickMaybe(this.#gates);
    if (gate === null) return;
    this.#gates.splice(this.#gates.indexOf(gate), 1);
    if (!this.#goesWrong(0.02)) return gate.open();
    this.#crashes += 1;
    this.log.push(`crash at ${gate.operation}`);
    gate.kill();
  }

  async #heal(): Promise<void> {
    this.#calm = true;
    this.world.venue.answerForm = 'FULL';
    this.world.venue.failingReads = 0;
    await this.#settle();
    for (const queued of this.world.queues.waiting) queued.inFlight = false;
    this.world.venue.fillShare = new Decimal(1);
    try {
      for (let round = 0; round < 12 && this.#failure === null; round += 1) {
        await this.world.drain();
        this.world.now += 31_000;
        this.world.venue.runLate();
        for (const [symbol, price] of this.world.venue.prices) this.world.venue.setPrice(symbol, price);
        await this.world.reconcile();
        if (round >= 3 && this.#isQuiet()) break;
      }
      await this.world.drain();
    } catch (error) {
      this.#fail(error);
    }
  }

  #isQuiet(): boolean {
    const { account, queues, venue } = this.world;
    return account.actions.size === 0 && queues.waiting.length === 0 && venue.outbox.length === 0;
  }

  #checkAgreement(): void {
    const { account, venue } = this.world;
    const fault = (message: string): never => {
      throw new Error(`DISAGREEMENT: ${message}`);
    };
    if (account.actions.size > 0) fault(`actions left: ${[...account.actions.keys()].join(', ')}`);
    if (new Set(venue.departed).size !== venue.departed.length) fault('an order id was sent twice');
    const live = new Map(venue.live().map((order) => [order.clientOrderId, order]));
    for (const slot of account.slots.values()) {
      const { entry } = slot;
      const key = slotKey(slot);
      if (entry.status !== 'NONE' && entry.status !== 'WORKING') fault(`${key} is ${entry.status}`);
      if (slot.pending !== null) fault(`${key} has a plan pending`);
      this.#checkCover(slot, fault);
      const own = ordersIn(slot).map(({ order }) => order);
      if (entry.status === 'WORKING' && entry.amendment !== null) fault(`${key} is being amended`);
      for (const order of own) {
        const there = live.get(order.clientOrderId);
        if (there === undefined) return fault(`${order.clientOrderId} is live here and not at the venue`);
        live.delete(order.clientOrderId);
        const isSame = there.quantity.equals(order.quantity) && filledOf(there).equals(order.filledQuantity) && textOf(there, filledOf(there)) === textOf(order, order.filledQuantity);
        if (!isSame) fault(`${order.clientOrderId} is ${textOf(order, order.filledQuantity)} here, ${textOf(there, filledOf(there))} there`);
      }
    }
    if (live.size > 0) fault(`live at the venue and not here: ${[...live.keys()].join(', ')}`);
    this.#checkFills(fault);
  }

  #checkFills(fault: (message: string) => never): void {
    const { account, venue } = this.world;
    for (const order of venue.orders.values()) {
      if (order.clientOrderId.startsWith('hand')) continue;
      const counted = sum([...account.fills.values()].filter((fill) => fill.clientOrderId === order.clientOrderId).map((fill) => fill.counted));
      if (!counted.equals(filledOf(order))) fault(`${order.clientOrderId} filled ${filledOf(order).toFixed()}, counted ${counted.toFixed()}`);
      const record = account.orders.get(order.clientOrderId);
      if (!isLive(order.status) && record?.place === 'IN_SLOT') fault(`${order.clientOrderId} ended and is in a slot`);
    }
    for (const symbol of this.#symbols) {
      const slots = [...account.slots.values()].filter((slot) => slot.symbol === symbol);
      const held = sum(slots.map((slot) => explainedIn(slot).plus(foreignQuantity(slot.position))));
      if (!held.equals(venue.held(symbol))) fault(`${symbol}: ${held.toFixed()} held here, ${venue.held(symbol).toFixed()} there`);
    }
  }

  /** SL-4, SL-7: what is held in the end has a confirmed stop of just its size at its price, or a reason why not. */
  #checkCover(slot: Slot, fault: (message: string) => never): void {
    const { position } = slot;
    const key = slotKey(slot);
    if (position.status === 'FLAT' || position.status === 'FOREIGN') return;
    if (position.status !== 'OPEN') return fault(`${key} is ${position.status}`);
    const { stop, stopPrice } = position;
    if (stop.status === 'WATCHED') return;
    if (stop.status !== 'PLACED' || stopPrice === null) return fault(`${key} is held and its stop is ${stop.status}`);
    const isThere = isAcknowledged(stop.order.status) && stop.amendment === null && stop.former === null;
    if (!isThere || position.unprotectedSince !== null) fault(`${key} is held and its stop is not confirmed`);
    const wanted = `${tradableQuantity(position).toFixed()} at ${stopPrice.toFixed()}`;
    const found = `${remainingQuantity(stop.order).toFixed()} at ${stop.order.stopPrice?.toFixed() ?? 'market'}`;
    if (wanted !== found) fault(`${key} needs a stop of ${wanted} and has ${found}`);
  }

  /** Nobody trades but us: the venue never holds what our watches do not want. */
  #checkSide({ symbol }: VenueOrder): void {
    if (this.world.unexplained.has(symbol)) return;
    const held = this.world.venue.held(symbol);
    const isShort = this.#sides.get(symbol) === 'sell';
    if (isShort ? held.greaterThan(0) : held.lessThan(0)) this.#fail(new Error(`SIDE: ${held.toFixed()} of ${symbol} at the venue`));
  }

  /** EW-6: no slot enters more often than it may; an entry counts once something of it has filled. */
  #checkEntries(fault: (message: string) => never): void {
    const entries = [...this.world.account.fills.values()].filter((fill) => fill.purpose === 'ENTRY' && fill.counted.greaterThan(0));
    for (const [slot, { attempts }] of this.world.account.slots) {
      // The parts of an entry are one, which only the slot can tell from several.
      if (this.#styles && attempts.count <= this.#mostEntries) continue;
      const filled = new Set(entries.filter((fill) => slotKey(fill.ref) === slot).map((fill) => fill.clientOrderId));
      if (filled.size > this.#mostEntries) fault(`${slot} entered ${filled.size} times, ${this.#mostEntries} allowed`);
    }
  }

  /** What holds of a day as a whole. */
  #checkPromises(): void {
    const { venue, telemetry } = this.world;
    const fault = (message: string): never => {
      throw new Error(`PROMISE: ${message}`);
    };
    for (const { clientOrderId, stopPrice, limit } of venue.orders.values()) {
      for (const price of [stopPrice, limit]) if (price?.mod(TICK).isZero() === false) fault(`${clientOrderId} is at ${price.toFixed()}, between two ticks`);
    }
    const alarms = telemetry.notes.filter((note) => note.name === 'RACE' || note.name === 'ANOMALY');
    const counted = alarms.some((note) => note.fields['kind'] === 'ENTRIES_ABOVE_MAX');
    if (!counted) this.#checkEntries(fault);
    // Nobody but us trades here, so that no fault of a call or a message makes a position foreign or a fill unknown.
    const ours = alarms.filter(({ fields }) => fields['kind'] === 'ILLEGAL_TRANSITION' || !this.world.unexplained.has(String(fields['symbol'])));
    const never = ours.filter((note) => this.#clean || ['FOREIGN_POSITION', 'POSITION_GONE', 'UNKNOWN_FILL', 'NEGATIVE_POSITION', 'CAPACITY', 'ILLEGAL_TRANSITION'].includes(String(note.fields['kind'])));
    const [first] = never;
    if (first !== undefined) fault(`${first.message} ${JSON.stringify(first.fields)}`);
  }

  /** Chance that is none on a clean day. */
  #goesWrong(probability: number): boolean {
    return !this.#clean && this.#chance(probability);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  #pickMaybe<Item>(items: readonly Item[]): Item | null {
    return items.length === 0 ? null : this.#pick(items);
  }
}
