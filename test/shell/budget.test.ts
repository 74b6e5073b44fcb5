// The budget as functions share it, and what it means for actions, look-ups and reads.
import { describe, expect, it } from '@jest/globals';
import { createBudgetedExchange } from '../../shared/budgeted-exchange.ts';
import type { RateLimit } from '../../shared/domain/rate-budget.ts';
import type { Outcome, VenuePause } from '../../shared/domain/event.ts';
import { VenueHeldError, VenueReadError } from '../../shared/errors.ts';
import type { Budget, PlaceOrder, VenueCall } from '../../shared/ports.ts';
import { pollQuotes } from '../../shared/poll-quotes.ts';
import { createSharedBudget } from '../../shared/shared-budget.ts';
import { findVenueBudget } from '../../shared/venue-budgets.ts';
import type { VenueBudget } from '../../shared/venue-budgets.ts';
import { VENUE_NAMES } from '../../shared/venue-names.ts';
import { NOON, d } from '../support/builders.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';
import { MemoryStates } from '../support/memory-states.ts';
import { CountingTelemetry, World } from '../support/world.ts';
import type { WorldOptions } from '../support/world.ts';

const LIMIT: RateLimit = { meter: 'WEIGHT', burst: 10, refill: 1, everyMs: 1_000 };
const limited = (...limits: readonly RateLimit[]): VenueBudget => ({ ...findVenueBudget('paper'), limits });
const BANNED: VenuePause = { kind: 'BANNED', milliseconds: 30_000 };
const refused = (code: string): Outcome => ({ kind: 'REFUSED', code });
const NO_FUNDS = refused('NO_FUNDS');
const ids = { fraction: () => 0.5 };
const trace = { account: 'a', source: 'tick', requestId: 'r', correlationId: 'c' } as const;

const desk = (venue: VenueBudget = limited(LIMIT)) => {
  const states = new MemoryStates();
  const telemetry = new CountingTelemetry();
  const slept: number[] = [];
  const time = { now: NOON };
  const clock = {
    now: () => time.now,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      time.now += milliseconds;
    },
  };
  const container = (): Budget => createSharedBudget({ venue, states, clock, ids, telemetry });
  return { states, telemetry, slept, time, container };
};

/** Asks so often and tells how often it was let go. */
const asked = async (budget: Budget, times: number, call: VenueCall = 'CANCEL', priority: 'URGENT' | 'ENTRY' | 'READ' = 'URGENT'): Promise<number> => {
  let gone = 0;
  for (let time = 0; time < times; time += 1) if ((await budget.ask(call, priority)).kind === 'GO') gone += 1;
  return gone;
};

describe('EX-4 one budget for all functions', () => {
  it('two containers together get what one would', async () => {
    const { container, time } = desk();
    const [one, other] = [container(), container()];
    const gone = [await asked(one, 6, 'PLACE', 'ENTRY'), await asked(other, 6, 'PLACE', 'ENTRY')];
    // Two of ten are the reserve.
    expect(gone).toEqual([6, 2]);
    time.now += 1_000;
    expect(await asked(one, 3, 'PLACE', 'ENTRY')).toBe(1);
  });

  it('a container that was overtaken decides again on what is there', async () => {
    const { container, states, time } = desk();
    const [one, other] = [container(), container()];
    await asked(one, 1);
    await asked(other, 1);
    states.meanwhile = () => {
      states.stored = { ...(states.stored ?? fail()), revision: 99, pause: { kind: 'BANNED', until: time.now + 5_000, times: 1 } };
    };
    expect(await other.ask('PLACE', 'ENTRY')).toEqual({ kind: 'LATER', reason: 'BANNED', milliseconds: 5_000 });
    expect(states.conflicts).toBeGreaterThan(0);
  });

  it('where there is plenty, a hundred calls at once cost five writes and one read', async () => {
    const { container, states } = desk(limited({ meter: 'WEIGHT', burst: 2_000, refill: 2_000, everyMs: 60_000 }));
    const budget = container();
    expect(await asked(budget, 100)).toBe(100);
    expect([states.reads, states.writes]).toEqual([1, 5]);
  });

  it('a venue that counts nothing costs a read now and then and no write', async () => {
    const { container, states, time } = desk(findVenueBudget('paper'));
    const budget = container();
    await asked(budget, 50);
    time.now += 4_999;
    await asked(budget, 50, 'PLACE', 'ENTRY');
    await budget.placed({ kind: 'UNKNOWN', reason: 'lost' });
    expect([states.reads, states.writes]).toEqual([1, 0]);
    time.now += 1;
    await asked(budget, 1);
    expect([states.reads, states.writes]).toEqual([2, 0]);
  });
});

describe('EX-4 who waits, and who does not', () => {
  it('a stop, an exit or a cancel waits its turn and then goes', async () => {
    const { container, slept } = desk();
    const budget = container();
    expect(await asked(budget, 12)).toBe(12);
    expect(slept).toEqual([1_000, 1_000]);
  });

  it('it waits three seconds at most; for more it is to come again', async () => {
    const { container, slept } = desk(limited({ ...LIMIT, everyMs: 4_000 }));
    const budget = container();
    await asked(budget, 10);
    expect(await budget.ask('CANCEL', 'URGENT')).toEqual({ kind: 'LATER', reason: 'BUDGET', milliseconds: 4_000 });
    expect(slept).toEqual([]);
  });

  it('a clock that stands still ends the waiting', async () => {
    const { states, telemetry } = desk();
    const budget = createSharedBudget({ venue: limited(LIMIT), states, ids, telemetry, clock: { now: () => NOON, sleep: async () => undefined } });
    await asked(budget, 10);
    expect((await budget.ask('CANCEL', 'URGENT')).kind).toBe('LATER');
  });

  it('an entry is held at its reserve at once, and the change of one is shed', async () => {
    const { container, slept, telemetry } = desk();
    const budget = container();
    await asked(budget, 8, 'PLACE', 'ENTRY');
    expect(await budget.ask('PLACE', 'ENTRY')).toEqual({ kind: 'LATER', reason: 'BUDGET', milliseconds: 1_000 });
    expect(await budget.ask('AMEND', 'REPRICE')).toEqual({ kind: 'SHED' });
    expect((await budget.ask('AMEND', 'URGENT')).kind).toBe('GO');
    expect([slept, telemetry.counted.get('venue_waits_total'), telemetry.counted.get('venue_sheds_total')]).toEqual([[], 1, 1]);
  });
});

describe('EX-9 while the table is away', () => {
  it('stops, exits, cancels and look-ups go, entries and reads do not', async () => {
    const { container, states } = desk();
    states.away = true;
    const budget = container();
    expect(await budget.ask('PLACE', 'URGENT')).toEqual({ kind: 'GO' });
    expect(await budget.ask('PLACE', 'ENTRY')).toEqual({ kind: 'LATER', reason: 'TABLE', milliseconds: 5_000 });
    expect((await budget.ask('QUOTES', 'READ')).kind).toBe('LATER');
    await expect(budget.placed(NO_FUNDS)).resolves.toBeUndefined();
  });

  it('a ban that this container was told of holds nonetheless', async () => {
    const { container, states } = desk();
    const budget = container();
    states.away = true;
    await budget.paused(BANNED);
    expect(await budget.ask('PLACE', 'URGENT')).toEqual({ kind: 'LATER', reason: 'BANNED', milliseconds: 30_000 });
  });
});

describe('EX-9 a ban or a rate limit holds every call of every container until it ends', () => {
  it.each([['BANNED', 30_000], ['RATE_LIMITED', 20_000]] as const)('%s', async (kind, milliseconds) => {
    const { container, time, telemetry } = desk();
    const [one, other] = [container(), container()];
    await one.paused({ kind, milliseconds });
    for (const budget of [one, other]) {
      expect(await budget.ask('CANCEL', 'URGENT')).toEqual({ kind: 'LATER', reason: kind, milliseconds });
      expect((await budget.ask('QUOTES', 'READ')).kind).toBe('LATER');
      expect((await budget.ask('PLACE', 'ENTRY')).kind).toBe('LATER');
    }
    expect(telemetry.counted.get('venue_banned') ?? 0).toBe(kind === 'BANNED' ? 7 : 0);
    time.now += milliseconds;
    expect([await asked(one, 1), await asked(other, 1)]).toEqual([1, 1]);
  });

  it('what another container met is heeded after five seconds at the latest', async () => {
    const { container, time } = desk(findVenueBudget('paper'));
    const [one, other] = [container(), container()];
    expect(await asked(other, 1)).toBe(1);
    await one.paused(BANNED);
    time.now += 5_000;
    expect((await other.ask('QUOTES', 'READ')).kind).toBe('LATER');
  });
});

describe('EX-9 a clock that goes back', () => {
  it('keeps nobody from hearing of a ban that another container met', async () => {
    const { container, time } = desk(findVenueBudget('paper'));
    const [one, other] = [container(), container()];
    expect(await asked(other, 1)).toBe(1);
    time.now -= 3_600_000;
    await one.paused(BANNED);
    time.now += 5_000;
    expect((await other.ask('QUOTES', 'READ')).kind).toBe('LATER');
  });
});

describe('EX-9 the circuit', () => {
  it('three identical refusals at different containers stop the entries of all, not their stops; one try a minute goes', async () => {
    const { container, time, telemetry } = desk(findVenueBudget('paper'));
    const [one, other, third] = [container(), container(), container()];
    await one.placed(NO_FUNDS);
    await other.placed(NO_FUNDS);
    expect(await asked(third, 1, 'PLACE', 'ENTRY')).toBe(1);
    await other.placed(NO_FUNDS);
    time.now += 5_000;
    for (const budget of [one, other, third]) expect(await budget.ask('PLACE', 'ENTRY')).toEqual({ kind: 'CIRCUIT_OPEN' });
    expect([await asked(one, 3, 'PLACE'), await asked(one, 1, 'CANCEL'), await asked(one, 1, 'QUOTES', 'READ')]).toEqual([3, 1, 1]);
    time.now += 60_000;
    const tries = [await asked(one, 5, 'PLACE', 'ENTRY'), await asked(other, 5, 'PLACE', 'ENTRY'), await asked(third, 5, 'PLACE', 'ENTRY')];
    expect(tries).toEqual([1, 0, 0]);
    expect(telemetry.counted.get('venue_circuit_open')).toBeGreaterThan(0);
  });

  it('tokens in hand make no second try of one', async () => {
    const { container, time } = desk(limited({ meter: 'WEIGHT', burst: 2_000, refill: 2_000, everyMs: 60_000 }));
    const budget = container();
    for (let place = 0; place < 3; place += 1) await budget.placed(NO_FUNDS);
    time.now += 60_000;
    expect(await asked(budget, 1, 'CANCEL')).toBe(1);
    expect(await asked(budget, 5, 'PLACE', 'ENTRY')).toBe(1);
  });

  it('an accepted try closes it for all', async () => {
    const { container, time } = desk(findVenueBudget('paper'));
    const [one, other] = [container(), container()];
    for (let time = 0; time < 3; time += 1) await one.placed(NO_FUNDS);
    expect(await asked(other, 1, 'PLACE', 'ENTRY')).toBe(0);
    time.now += 60_000;
    expect(await asked(one, 1, 'PLACE', 'ENTRY')).toBe(1);
    await one.placed({ kind: 'ACCEPTED', report: reportOf() });
    time.now += 5_000;
    expect([await asked(one, 2, 'PLACE', 'ENTRY'), await asked(other, 2, 'PLACE', 'ENTRY')]).toEqual([2, 2]);
  });
});

const reportOf = () => ({
  clientOrderId: 'x', exchangeOrderId: null, symbol: 'AAPL', status: 'OPEN', filledQuantity: d(0), averagePrice: null, quantity: null, limit: null,
  stopPrice: null, refusal: null, trades: [], at: NOON,
} as const);

const fail = (): never => {
  throw new Error('nothing is stored');
};

/** A world whose venue stands behind the budget, as the functions have it. */
const budgeted = async (venue: VenueBudget, options: WorldOptions = {}) => {
  const world = new World(options);
  const states = new MemoryStates();
  const budget = createSharedBudget({ venue, states, clock: world.deps.clock, ids, telemetry: world.telemetry });
  Object.assign(world.deps, { budget, exchange: createBudgetedExchange(world.venue, budget) });
  await world.readEquity();
  return { world, states, budget };
};

const aapl = (limit = '100', quantity = '10') => ({ symbol: 'AAPL', limit, quantity, takeProfit: '120' });
const SCARCE = limited({ meter: 'ORDERS', burst: 10, refill: 1, everyMs: 30_000 });
/** Uses up all but so many. */
const leave = async (budget: Budget, tokens: number): Promise<void> => {
  await asked(budget, 10 - tokens);
};

describe('EX-4 EX-9 entries that have no turn', () => {
  it('stay planned and unsent; their turn comes by a delayed ring', async () => {
    const { world, budget } = await budgeted(SCARCE);
    await leave(budget, 2);
    await world.plan(1, [aapl()]);
    await world.tick({ AAPL: '100.5' });
    expect([world.state('AAPL'), world.venue.departed.length, [...world.account.actions.values()].map(({ state }) => state)]).toEqual(['PLACING/FLAT', 0, ['PLANNED']]);
    await world.pass(31);
    expect([world.state('AAPL'), world.venue.departed.length]).toEqual(['WORKING/FLAT', 1]);
  });

  it('are rung less and less often while they wait: Lambda ends a loop at sixteen hops', async () => {
    const world = await World.open({ budget: { ...FREE_BUDGET, ask: async () => ({ kind: 'LATER', reason: 'BUDGET', milliseconds: 1_000 }) } });
    await world.plan(1, [aapl()]);
    await world.tick({ AAPL: '100.5' });
    await world.pass(59);
    const delays = world.queues.sent.filter(({ kind }) => kind === 'LOOKUP');
    const rings = world.queues.sent.filter(({ kind }) => kind === 'ACTION');
    expect([delays.length, rings.length]).toEqual([6, 6]);
    await world.pass(300);
    expect(world.queues.sent.filter(({ kind }) => kind === 'LOOKUP' || kind === 'ACTION').length).toBeLessThanOrEqual(13);
  });

  it('are void once their minute is over, and their room returns', async () => {
    const { world, budget } = await budgeted(limited({ meter: 'ORDERS', burst: 10, refill: 1, everyMs: 3_600_000 }));
    await leave(budget, 2);
    await world.plan(1, [aapl()]);
    await world.tick({ AAPL: '100.5' });
    expect(world.free()).toBe('19000');
    world.now += 61_000;
    await world.reconcile();
    await world.drain();
    expect([world.state('AAPL'), world.free(), world.venue.departed]).toEqual(['NONE/FLAT', '20000', []]);
  });
});

describe('EX-4 a shed change of an entry', () => {
  const working = async (): Promise<Awaited<ReturnType<typeof budgeted>>> => {
    const desk = await budgeted(SCARCE);
    await desk.world.plan(1, [aapl()]);
    await desk.world.tick({ AAPL: '100.5' });
    await leave(desk.budget, 4);
    return desk;
  };
  const terms = (world: World): string[] => [world.order('AAPL').limit?.toFixed() ?? '', world.order('AAPL').quantity.toFixed()];

  it('is given up without a call; the order works on at its old terms and the room that it had claimed returns', async () => {
    const { world } = await working();
    const before = world.free();
    await world.plan(2, [aapl('100.1', '11')]);
    expect(world.free()).toBe('18898.9');
    await world.drain();
    expect([world.state('AAPL'), terms(world), world.free(), world.account.actions.size]).toEqual(['WORKING/FLAT', ['100', '10'], before, 0]);
    expect([world.venue.callsOf('amend'), world.slot('AAPL').watch?.limit.toFixed()]).toEqual([[], '100.1']);
  });

  it('is tried again when the next plan finds it differing', async () => {
    const { world } = await working();
    await world.plan(2, [aapl('100.1')]);
    await world.drain();
    world.now += 120_000;
    await world.readEquity();
    await world.plan(3, [aapl('100.1')]);
    await world.drain();
    expect([terms(world), world.venue.callsOf('amend').length]).toEqual([['100.1', '10'], 1]);
  });

  it('applies the plan that came meanwhile', async () => {
    const { world } = await working();
    await world.plan(2, [aapl('100.1')]);
    await world.plan(3, []);
    await world.drain();
    expect([world.state('AAPL'), world.venue.callsOf('amend').length, world.venue.callsOf('cancel').length]).toEqual(['NONE/FLAT', 0, 1]);
  });
});

describe('EX-9 an open circuit in the pipeline', () => {
  it('three refused entries alike stop the fourth before it is sent, and its room returns; a stop and a cancel go', async () => {
    const { world } = await budgeted(findVenueBudget('paper'));
    const open = { symbol: 'TSLA', limit: '100', quantity: '10' };
    await world.plan(1, [open]);
    await world.tick({ TSLA: '100.5' });
    world.venue.next('place', ...Array.from({ length: 3 }, () => ({ kind: 'REFUSED', code: 'NO_FUNDS' }) as const));
    await world.plan(2, [open, ...['AAPL', 'MSFT', 'NVDA', 'BTC/USD'].map((symbol) => ({ symbol, limit: '100', quantity: '10' }))]);
    await world.tick({ AAPL: '100.5', MSFT: '100.5', NVDA: '100.5', 'BTC/USD': '100.5' });
    expect(world.venue.departed).toHaveLength(4);
    expect(world.telemetry.fields('ENTRY_VOID', 'reason')).toEqual(['CIRCUIT_OPEN']);
    expect(world.free()).toBe('19000');
    await world.tick({ TSLA: '99.5' });
    expect([world.held('TSLA'), world.stop('TSLA').status]).toEqual(['10', 'PLACED']);
    expect(world.stopOrder('TSLA').status).toBe('OPEN');
  });
});

describe('EX-9 a ban in the pipeline', () => {
  it('is taken from an order’s answer: nothing more is asked until it ends, and then the same order goes once', async () => {
    const { world } = await budgeted(findVenueBudget('paper'));
    await world.plan(1, [aapl()]);
    await world.see({ AAPL: '100.5' });
    const place = world.venue.place.bind(world.venue);
    let calls = 0;
    Object.assign(world.venue, { place: async (order: PlaceOrder): Promise<Outcome> => {
      calls += 1;
      return calls === 1 ? { kind: 'NOT_SENT', reason: '418', pause: BANNED } : place(order);
    } });
    await world.drain();
    expect([calls, world.state('AAPL')]).toEqual([1, 'PLACING/FLAT']);
    await world.pass(29);
    expect(calls).toBe(1);
    await world.pass(3);
    expect([calls, world.state('AAPL'), world.venue.departed.length]).toEqual([2, 'WORKING/FLAT', 1]);
  });

  it('is taken from a read’s answer, which is thrown on', async () => {
    const { world } = await budgeted(findVenueBudget('paper'));
    let reads = 0;
    Object.assign(world.venue, { quotes: async () => {
      reads += 1;
      throw new VenueReadError('429', { pause: { kind: 'RATE_LIMITED', milliseconds: 10_000 } });
    } });
    const { exchange } = world.deps;
    await expect(exchange.quotes(['AAPL'])).rejects.toThrow('429');
    await expect(exchange.quotes(['AAPL'])).rejects.toThrow(VenueHeldError);
    await expect(exchange.equity()).rejects.toMatchObject({ reason: 'RATE_LIMITED', milliseconds: 10_000 });
    expect(reads).toBe(1);
  });

  it('lets a poll of prices and a reconcile skip quietly, counted and without a warning', async () => {
    const { world, budget } = await budgeted(findVenueBudget('paper'));
    await world.plan(1, [aapl()]);
    await budget.paused(BANNED);
    await pollQuotes(world.deps, trace);
    await world.reconcile();
    expect(world.queues.sent.filter(({ kind }) => kind === 'QUOTES')).toEqual([]);
    expect(world.telemetry.messages('VENUE_UNREADABLE')).toEqual([]);
    expect(world.telemetry.counted.get('venue_waits_total')).toBeGreaterThan(3);
  });

  it('keeps a look-up for later instead of failing it, and an absence is not thought to be heard', async () => {
    const { world, budget } = await budgeted(findVenueBudget('paper'));
    await world.plan(1, [aapl()]);
    await world.see({ AAPL: '100.5' });
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.drain();
    await budget.paused(BANNED);
    await world.pass(29);
    expect(world.state('AAPL')).toBe('PLACING/FLAT');
    await world.pass(5);
    expect([world.state('AAPL'), world.venue.departed.length]).toEqual(['WORKING/FLAT', 1]);
  });
});

/** What venues document, by the venue: the most of a meter in a window of milliseconds. */
const DOCUMENTED: Readonly<Record<string, readonly (readonly [RateLimit['meter'], number, number])[]>> = {
  paper: [],
  alpaca: [['WEIGHT', 200, 60_000]],
  'alpaca-crypto': [['WEIGHT', 200, 60_000]],
  binance: [['WEIGHT', 6_000, 60_000], ['ORDERS', 100, 10_000], ['ORDERS', 200_000, 86_400_000]],
  binanceusdm: [['WEIGHT', 2_400, 60_000], ['ORDERS', 300, 10_000], ['ORDERS', 1_200, 60_000]],
  bybit: [['WEIGHT', 600, 5_000], ['ORDERS', 10, 1_000]],
  coinbase: [['WEIGHT', 30, 1_000]],
  okx: [['WEIGHT', 20, 2_000], ['ORDERS', 60, 2_000]],
};

describe('EX-4 what each venue lets be asked', () => {
  it.each(VENUE_NAMES)('%s is known, with the page that says so', (venue) => {
    const budget = findVenueBudget(venue);
    expect(budget.venue).toBe(venue);
    if (venue !== 'paper') expect(budget.source).toMatch(/^https:\/\//);
  });

  it.each(VENUE_NAMES)('%s: every call can be paid from full buckets by whoever makes it', (venue) => {
    const { limits, costs } = findVenueBudget(venue);
    for (const { meter, burst } of limits) {
      for (const cost of Object.values(costs)) expect(cost[meter] + burst * 0.4).toBeLessThanOrEqual(Math.max(burst, cost[meter] === 0 ? Infinity : 0));
    }
  });

  it.each(Object.entries(DOCUMENTED))('%s: no window holds more than it documents, though buckets were full and leases were spent late', (venue, documented) => {
    const { limits } = findVenueBudget(venue);
    expect(limits.map(({ meter, everyMs }) => [meter, everyMs])).toEqual(documented.map(([meter, , everyMs]) => [meter, everyMs]));
    for (const [place, { burst, refill, everyMs }] of limits.entries()) {
      const lease = Math.min(5_000, everyMs / 2);
      const [, most] = documented[place] ?? fail();
      expect(burst + Math.floor((refill * (everyMs + lease)) / everyMs)).toBeLessThanOrEqual(most);
      expect(burst + refill).toBeGreaterThan(most * 0.7);
    }
  });

  it('kraken’s counters are ours, with what flows off during a lease left free', () => {
    expect(findVenueBudget('kraken').limits).toEqual([
      { meter: 'WEIGHT', burst: 14, refill: 1, everyMs: 3_000 },
      { meter: 'ORDERS', burst: 59, refill: 1, everyMs: 1_000 },
    ]);
  });
});
