// The life of one position, long or short: a test is written for the long, and for the short its prices mirror at 100.
import type { Change } from '../../shared/domain/decision.ts';
import { toPlain } from '../../shared/domain/decimal.ts';
import type { ExitReason, Order, Slot } from '../../shared/domain/slot.ts';
import type { Side } from '../../shared/domain/watch.ts';
import { d } from './builders.ts';
import type { WatchInput } from './builders.ts';
import type { VenueOrder } from './memory-venue.ts';
import { filledOf } from './memory-venue.ts';
import type { WorldOptions } from './world.ts';
import { World } from './world.ts';

/** Both sides, for `describe.each`. */
export const SIDES = [['long', 'buy'], ['short', 'sell']] as const;
/** NYSE's open on the Wednesday that the tests are set in, and the minute after it, before which nothing triggers. */
export const OPENS = Date.UTC(2025, 5, 4, 13, 30);
export const FIRST_MINUTE_OVER = OPENS + 60_000;
export const MINUTE = 60_000;

export interface LifeOptions extends WorldOptions {
  readonly watch?: Partial<WatchInput>;
}

export class Life {
  readonly world: World;
  readonly side: Side;
  readonly symbol: string;
  /** The changes of every commit that was written, in order. */
  readonly commits: readonly (readonly Change[])[];

  constructor(world: World, terms: { readonly side: Side; readonly symbol: string; readonly commits: readonly (readonly Change[])[] }) {
    this.world = world;
    this.side = terms.side;
    this.symbol = terms.symbol;
    this.commits = terms.commits;
  }

  /** A long's price as this side has it. */
  p(price: string): string {
    return this.side === 'buy' ? price : d(200).minus(price).toFixed();
  }

  get slot(): Slot {
    return this.world.slot(this.symbol);
  }

  get state(): string {
    return this.world.state(this.symbol);
  }

  get held(): string {
    return this.world.held(this.symbol);
  }

  /** Units at the venue, a short's above zero too. */
  get atVenue(): string {
    const held = this.world.venue.held(this.symbol);
    return toPlain(this.side === 'buy' ? held : held.negated());
  }

  /** Reasons of the sales that were planned. */
  get exits(): readonly unknown[] {
    return this.world.telemetry.fields('EXIT_PLANNED', 'reason');
  }

  get closings(): readonly unknown[] {
    return this.world.telemetry.fields('POSITION_CLOSED', 'reason');
  }

  get anomalies(): readonly unknown[] {
    return this.world.telemetry.fields('ANOMALY', 'kind');
  }

  /** Where the position is protected, as a long's price; 'none' where nothing protects it. */
  get stopPrice(): string {
    const { position } = this.slot;
    if (position.status === 'FLAT' || position.status === 'FOREIGN') return 'none';
    return position.stopPrice === null ? 'none' : this.p(position.stopPrice.toFixed());
  }

  get takeProfit(): string {
    const { position } = this.slot;
    if (position.status === 'FLAT' || position.status === 'FOREIGN' || position.rules.takeProfit === null) return 'none';
    return this.p(position.rules.takeProfit.toFixed());
  }

  /** The stops that rest at the venue, a long's price × what is left of each. */
  get stops(): readonly string[] {
    return this.liveStops.map((order) => `${this.p((order.stopPrice ?? d(0)).toFixed())} x ${toPlain(order.quantity.minus(filledOf(order)))}`);
  }

  get liveStops(): readonly VenueOrder[] {
    return this.world.venue.live().filter((order) => order.symbol === this.symbol && order.reduceOnly && order.stopPrice !== null);
  }

  get liveStop(): VenueOrder {
    const [first] = this.liveStops;
    if (first === undefined) throw new Error('no stop rests at the venue');
    return first;
  }

  get entry(): Order {
    return this.world.order(this.symbol);
  }

  get stopOrder(): Order {
    return this.world.stopOrder(this.symbol);
  }

  /** What the venue was asked for, such as `place STOP`, from a call on. */
  calls(from = 0): readonly string[] {
    return this.world.venue.calls.slice(from).map(({ kind, clientOrderId }) => `${kind} ${this.world.account.orders.get(clientOrderId)?.order.purpose ?? '?'}`);
  }

  /** Moves the price at the venue, reads it and lets everything happen. */
  async tick(price: string): Promise<void> {
    await this.world.tick({ [this.symbol]: this.p(price) });
  }

  /** Moves the price and reads it; nothing is delivered yet. */
  async see(price: string): Promise<void> {
    await this.world.see({ [this.symbol]: this.p(price) });
  }

  /** Reads a price that the venue's orders do not follow. */
  async quote(price: string): Promise<void> {
    await this.world.quote({ [this.symbol]: this.p(price) });
  }

  /** The price as it will be read at an instant. */
  async tickAt(at: number, price: string): Promise<void> {
    this.world.now = at - 1000;
    await this.tick(price);
  }

  async seeAt(at: number, price: string): Promise<void> {
    this.world.now = at - 1000;
    await this.see(price);
  }

  /** Sends the next action of a queue to the venue, and does nothing else. */
  async send(kind: 'ACTION' | 'STOP_ACTION'): Promise<void> {
    if (!(await this.world.step(({ message }) => message.kind === kind))) throw new Error(`no ${kind} is waiting`);
  }

  async drain(): Promise<void> {
    await this.world.drain();
  }

  /** Fills a part of an order, at a long's price. */
  fill(order: { readonly clientOrderId: string }, quantity: string, price: string): void {
    this.world.venue.fill(order.clientOrderId, quantity, this.p(price));
  }

  async look(): Promise<string> {
    return this.world.outcome({ type: 'SLOT_CHECKED', ref: { symbol: this.symbol, slot: 'main' } });
  }

  async want(): Promise<string> {
    return this.world.outcome({ type: 'ENTRY_WANTED', ref: { symbol: this.symbol, slot: 'main' }, maySteal: false });
  }

  async leaveFor(reason: ExitReason): Promise<void> {
    const { world } = this;
    if (reason === 'AUTO_EXIT') world.now = Date.UTC(2025, 5, 4, 19, 15);
    await world.readEquity();
    await world.session('AUTO_EXIT');
  }
}

/** A watch of kind `stop`: triggered at 99, a buy-stop at 100, protected 20 ticks below what it fills at. */
export const stopWatch = (side: Side, changes: Partial<WatchInput> = {}): WatchInput => {
  const p = (price: string): string => (side === 'buy' ? price : d(200).minus(price).toFixed());
  return { symbol: 'AAPL', side, trigger: p('99'), limit: p('100'), quantity: '10', ...changes };
};

/** A watch of kind `stop` that waits, a minute after the open. */
export const watchingLife = async (side: Side, { watch = {}, ...options }: LifeOptions = {}): Promise<Life> => {
  const commits: (readonly Change[])[] = [];
  const world = await World.open({
    at: FIRST_MINUTE_OVER,
    ...options,
    store: {
      ...options.store,
      onTry: (changes, owner, lost) => {
        options.store?.onTry?.(changes, owner, lost);
        if (lost === null) commits.push(changes);
      },
    },
  });
  const given = stopWatch(side, watch);
  await world.plan(1, [given]);
  return new Life(world, { side, symbol: given.symbol, commits });
};

/** Triggered: its buy-stop rests at 100 while the price is 99. */
export const armedLife = async (side: Side, options: LifeOptions = {}): Promise<Life> => {
  const life = await watchingLife(side, options);
  await life.tick('99');
  return life;
};

/** A position of 10, entered at 100, its stop at 99.8 confirmed. */
export const openLife = async (side: Side, options: LifeOptions = {}): Promise<Life> => {
  const life = await armedLife(side, options);
  await life.tick('100');
  return life;
};

/** Places of the commits that hold a change that fits. */
export const commitsWith = (life: Life, fits: (change: Change) => boolean): readonly number[] =>
  life.commits.flatMap((changes, place) => (changes.some(fits) ? [place] : []));

export const isFillOf = (purpose: Order['purpose']) => (change: Change): boolean => change.kind === 'FILL' && change.fill.purpose === purpose;
export const isPlanOf = (purpose: Order['purpose']) => (change: Change): boolean =>
  change.kind === 'ACTION' && change.before === null && change.after?.purpose === purpose && change.after.intent.kind === 'PLACE';
