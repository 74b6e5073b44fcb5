// A process that dies between any two steps of a position's life: what it left undone is done by what comes next (SL-7, EX-9).
import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../../../shared/errors.ts';
import { FIRST_MINUTE_OVER, MINUTE, OPENS, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

const MOVES = ['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'] as const;
const RECONCILE_MS = 30_000;
/** A stop may be missing for so long, seconds: two runs of reconcile and what they ask for. */
const LONGEST_UNCOVERED_MS = 65_000;

/** Brings something again until it is done, as a queue, a webhook and a schedule do. */
const again = async (work: () => Promise<unknown>): Promise<void> => {
  for (let tried = 1; ; tried += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || tried === 5) throw error;
    }
  }
};

/** The one step at which the process dies; 0: none. */
class Death {
  readonly #place: number;
  #isNear = false;
  steps = 0;

  constructor(place: number) {
    this.#place = place;
  }

  /** Counts steps from now on, or no more. */
  approach(isNear = true): void {
    this.#isNear = isNear;
  }

  strikes(): boolean {
    if (this.#isNear) this.steps += 1;
    return this.#isNear && this.steps === this.#place;
  }
}

/** One life, told minute by minute, with whatever dies in it. */
class Story {
  readonly life: Life;
  readonly #death: Death;
  #uncoveredSince: number | null = null;
  #reconciledAt = 0;

  constructor(life: Life, death: Death) {
    this.life = life;
    this.#death = death;
  }

  /** Whether the venue holds a position that neither a stop nor a sale sees to. */
  #look(): void {
    const { life } = this;
    const { world } = life;
    const isSold = life.slot.position.status === 'EXITING' || life.slot.position.status === 'LEAVING';
    const isCovered = life.atVenue === '0' || life.liveStops.length > 0 || isSold;
    this.#uncoveredSince = isCovered ? null : (this.#uncoveredSince ?? world.now);
    const since = this.#uncoveredSince ?? world.now;
    if (world.now - since > LONGEST_UNCOVERED_MS) throw new Error(`uncovered for ${(world.now - since) / 1000} s, ${life.state}`);
    if (life.atVenue.startsWith('-')) throw new Error('on the other side by accident');
  }

  async deliver(): Promise<void> {
    const { world } = this.life;
    for (;;) {
      this.#look();
      const [webhook] = world.venue.outbox;
      if (webhook !== undefined) {
        await again(() => world.deliverWebhook(webhook));
        world.venue.outbox.shift();
        continue;
      }
      const [queued] = world.queues.receivable();
      if (queued === undefined) return;
      await again(() => world.run(queued.message));
      world.queues.done(queued);
    }
  }

  /** Lets time pass up to an instant, with reconcile every half minute. */
  async until(at: number): Promise<void> {
    const { world } = this.life;
    while (world.now < at) {
      const next = world.queues.nextAt();
      world.now = Math.min(at, this.#reconciledAt + RECONCILE_MS, Math.max(world.now + 1, next ?? at));
      await this.deliver();
      if (world.now < this.#reconciledAt + RECONCILE_MS) continue;
      this.#reconciledAt = world.now;
      this.#death.approach(false);
      await again(() => world.reconcile());
      this.#death.approach();
      await this.deliver();
    }
  }

  async price(at: number, price: string): Promise<void> {
    await this.until(at);
    await again(() => this.life.see(price));
    await this.deliver();
  }

  /** Triggered, entered, protected, trailed, sold at a time of its own. */
  async tell(): Promise<void> {
    this.#reconciledAt = this.life.world.now;
    const at = (minute: number): number => OPENS + minute * MINUTE;
    for (const [minute, price] of PRICES) await this.price(at(minute), price);
    await this.until(at(17));
  }
}

/** Minutes after the open, in bars of five. */
const PRICES = [[1, '99'], [2, '99.5'], [3, '100'], [5, '100.3'], [8, '100.4'], [10, '100.5'], [11.5, '100.5'], [13, '100.5'], [14.5, '100.5']] as const;
const WATCH = { takeProfitMultiple: null, maxHold: { seconds: 9.5 * 60, barSeconds: null }, settings: { barMinutes: 5 } };

type Hooks = Pick<LifeOptions, 'store' | 'venue' | 'loses'>;

/** Tells a life in which one step is not done, and what it came to. */
const tell = async (traits: NonNullable<LifeOptions['traits']>, death: Death, hooks: Hooks): Promise<Life> => {
  const life = await watchingLife('buy', { at: FIRST_MINUTE_OVER - 30_000, traits, ...hooks, watch: WATCH });
  death.approach();
  await new Story(life, death).tell();
  return life;
};

const fillsOf = (life: Life, purpose: string): number => [...life.world.account.fills.values()].filter((fill) => fill.purpose === purpose).length;

/** What a life comes to, whatever died in it. */
const outcomeOf = (life: Life): unknown => ({
  state: life.state,
  atVenue: life.atVenue,
  stops: life.stops,
  actions: life.world.account.actions.size,
  free: life.world.free(),
  bought: fillsOf(life, 'ENTRY'),
  sold: fillsOf(life, 'EXIT') + fillsOf(life, 'STOP'),
  halted: life.world.account.capacity?.kill.symbols,
  anomalies: life.anomalies,
  races: life.world.telemetry.messages('RACE').length,
  entries: life.slot.attempts.count,
});

const CLEAN = {
  state: 'NONE/FLAT', atVenue: '0', stops: [], actions: 0, free: '20000', bought: 1, sold: 1, halted: {}, anomalies: [], races: 0, entries: 1,
};

/** Tells one life for each step that it may die at. */
const dieEverywhere = async (traits: NonNullable<LifeOptions['traits']>, hooksOf: (death: Death) => Hooks): Promise<void> => {
  const none = new Death(0);
  const clean = await tell(traits, none, hooksOf(none));
  expect(outcomeOf(clean)).toEqual(CLEAN);
  expect([clean.world.telemetry.messages('STOP_MOVED').length, clean.exits]).toEqual([1, ['MAX_HOLD']]);
  expect(none.steps).toBeGreaterThan(4);
  for (let place = 1; place <= none.steps; place += 1) {
    const what = `step ${place} of ${none.steps}`;
    const death = new Death(place);
    const life = await tell(traits, death, hooksOf(death)).catch((error: unknown) => {
      throw new Error(`${what}: ${String(error)}`, { cause: error });
    });
    expect({ what, outcome: outcomeOf(life) }).toEqual({ what, outcome: CLEAN });
  }
};

describe.each(MOVES)('EX-9 SL-7 a life with a death in it, stops moved by %s', (stopMoves) => {
  const traits = { stopMoves };

  it.each(['LOST_BEFORE', 'LOST_AFTER'] as const)('at any one commit, %s: nothing twice, nothing uncovered for long, flat in the end', async (kind) => {
    await dieEverywhere(traits, (death) => ({ store: { fate: () => (death.strikes() ? kind : 'KEPT') } }));
  });

  it('between a commit and any one of its rings: what was planned is made up for', async () => {
    await dieEverywhere(traits, (death) => ({ loses: () => death.strikes() }));
  });

  it.each(['LOST_BEFORE', 'LOST_AFTER'] as const)('in any one call to the venue, %s', async (kind) => {
    await dieEverywhere(traits, (death) => ({ venue: { fate: () => (death.strikes() ? { kind } : { kind: 'OK' }) } }));
  });
});
