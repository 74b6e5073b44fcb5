// Entries in parts at a venue that does as it likes, in a process that forgets: what is bought in the end is what was wanted.
import { describe, expect, it } from '@jest/globals';
import { isHeld } from '../../../shared/domain/position-moves.ts';
import { sum } from '../../../shared/domain/decimal.ts';
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { heldQuantity } from '../../../shared/domain/room.ts';
import { isLive } from '../../../shared/domain/order-lifecycle.ts';
import type { EntryStyle } from '../../../shared/domain/watch.ts';
import { StoreUnavailableError } from '../../../shared/errors.ts';
import { chanceOf } from '../../concurrency/chance.ts';
import type { Chance } from '../../concurrency/chance.ts';
import { filledOf } from '../../support/memory-venue.ts';
import type { Fate, VenueOrder } from '../../support/memory-venue.ts';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const RUNS = 40;
const STEPS = 40;
const WANTED = 37;
const FATES: readonly Fate[] = [{ kind: 'LOST_BEFORE' }, { kind: 'LOST_AFTER' }, { kind: 'NOT_SENT' }, { kind: 'LATE', afterMs: 4000 }];

interface Figures {
  readonly orders: number;
  readonly partly: number;
  readonly deaths: number;
}

/** One entry, step by step; a death is whatever a commit, a call or a message was about to do. */
class Run {
  readonly #chance: Chance;
  readonly #world: World;
  #isWild = true;
  #deaths = 0;

  constructor(seed: number) {
    this.#chance = chanceOf(seed);
    this.#world = new World({
      traits: { amends: this.#chance.happens(0.7) },
      store: { fate: () => (this.#isWild && this.#chance.happens(0.04) ? this.#chance.pick(['LOST_BEFORE', 'LOST_AFTER'] as const) : 'KEPT') },
      loses: () => this.#isWild && this.#chance.happens(0.05),
    });
  }

  get entries(): readonly VenueOrder[] {
    return [...this.#world.venue.orders.values()].filter(({ reduceOnly }) => !reduceOnly);
  }

  get bought(): Decimal {
    return sum(this.entries.map(filledOf));
  }

  #style(): EntryStyle {
    const { whole, happens } = this.#chance;
    if (happens(0.4)) return { kind: 'ICEBERG', shown: d(whole(1, 9)) };
    return { kind: 'TWAP', slices: whole(2, 12), durationSeconds: whole(30, 600) };
  }

  /** What fails is a process that died: it is brought again by nobody, and what comes next finds it undone. */
  async #survives(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#deaths += 1;
    }
  }

  /** Everything that waits, in turn; a message whose process dies comes again, or is lost with it. */
  async #drain(): Promise<void> {
    const { queues, venue } = this.#world;
    for (let count = 0; count < 300; count += 1) {
      const webhook = venue.outbox.shift();
      if (webhook !== undefined) {
        if (!this.#isWild || !this.#chance.happens(0.1)) await this.#survives(() => this.#world.deliverWebhook(webhook));
        continue;
      }
      const [queued] = queues.receivable();
      if (queued === undefined) return;
      if (!this.#isWild || this.#chance.happens(0.9)) queues.done(queued);
      await this.#survives(() => this.#world.run(queued.message));
    }
  }

  #moveVenue(): void {
    const { venue } = this.#world;
    venue.fillShare = d(this.#chance.pick(['1', '1', '0.5', '0.3', '0']));
    const live = this.entries.filter(({ status }) => isLive(status));
    for (const order of live) {
      const rest = order.quantity.minus(filledOf(order));
      if (this.#chance.happens(0.25)) venue.fill(order.clientOrderId, this.#chance.happens(0.5) ? rest : rest.dividedBy(2).toDecimalPlaces(8));
      else if (this.#chance.happens(0.1)) venue.end(order.clientOrderId, 'CANCELLED');
    }
    if (this.#chance.happens(0.3)) venue.next(this.#chance.pick(['place', 'place', 'cancel'] as const), this.#chance.pick(FATES));
  }

  async #see(price: string): Promise<void> {
    this.#world.venue.setPrice('AAPL', d(price));
    await this.#survives(() => this.#world.quote({ AAPL: price }));
    await this.#drain();
  }

  async #pass(seconds: number): Promise<void> {
    this.#world.now += seconds * 1000;
    this.#world.venue.runLate();
    await this.#drain();
  }

  #check(): void {
    if (this.bought.greaterThan(WANTED)) throw new Error(`bought ${this.bought.toFixed()} of ${WANTED}`);
  }

  async run(): Promise<Figures> {
    const world = this.#world;
    this.#isWild = false;
    await world.readEquity();
    await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: String(WANTED), takeProfit: '150', style: this.#style(), maxAttempts: 1 }]);
    this.#isWild = true;
    for (let step = 0; step < STEPS; step += 1) {
      this.#moveVenue();
      await this.#see(this.#chance.pick(['99.9', '100.2', '100.5']));
      await this.#pass(this.#chance.whole(1, 25));
      if (this.#chance.happens(0.3)) await this.#survives(() => world.reconcile());
      await this.#drain();
      this.#check();
    }
    await this.#heal();
    return { orders: this.entries.length, partly: this.entries.filter((order) => filledOf(order).greaterThan(0) && filledOf(order).lessThan(order.quantity)).length, deaths: this.#deaths };
  }

  /** Nothing goes wrong any more, and time passes until everything is known. */
  async #heal(): Promise<void> {
    const world = this.#world;
    this.#isWild = false;
    world.venue.fillShare = d(1);
    for (let count = 0; count < 40 && !(count > 5 && this.#isOver()); count += 1) {
      // A position without a stop for too long halts its symbol (SL-13), and a person has looked.
      await world.kill('ACTIVE', { kind: 'SYMBOL', symbol: 'AAPL' });
      await this.#see('99.9');
      await this.#pass(25);
      await world.reconcile();
      await this.#drain();
      this.#check();
    }
  }

  #isOver(): boolean {
    return this.bought.equals(WANTED) && this.#world.slot('AAPL').entry.status === 'NONE';
  }

  /** What the slot says, beside what the venue does. */
  verdict() {
    const { position, attempts, parts, entry } = this.#world.slot('AAPL');
    return {
      bought: this.bought.toFixed(),
      held: isHeld(position) ? heldQuantity(position.lots).toFixed() : '0',
      entry: entry.status,
      parts,
      attempts: attempts.count,
    };
  }
}

describe('EX-1 EX-2 EX-9 SL-10 parts, fills, cancels, lost answers and restarts at random', () => {
  it('Σ filled is what was wanted in the end and never above it, and counts as one entry', async () => {
    const figures: Figures[] = [];
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const run = new Run(seed);
      figures.push(await run.run());
      expect({ seed, ...run.verdict() }).toEqual({ seed, bought: String(WANTED), held: String(WANTED), entry: 'NONE', parts: null, attempts: 1 });
    }
    const total = (of: keyof Figures): number => figures.reduce((count, each) => count + each[of], 0);
    expect(total('orders') / RUNS).toBeGreaterThan(5);
    expect(total('partly')).toBeGreaterThan(RUNS / 2);
    expect(total('deaths')).toBeGreaterThan(RUNS);
  }, 60_000);
});
