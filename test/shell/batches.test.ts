// A batch of messages worked together: the order of work, the venue's batch calls, and one send each whatever breaks.
import { describe, expect, it } from '@jest/globals';
import { createHandler } from '../../functions/order-action/handler.ts';
import { placeActionId } from '../../shared/domain/action.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import { performActions } from '../../shared/perform-actions.ts';
import type { Budget, Exchange, OrderRef, PlaceOrder } from '../../shared/ports.ts';
import { batch, context, failedIds } from '../functions/fakes.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';
import { World } from '../support/world.ts';

const SYMBOLS = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF', 'GGG', 'HHH', 'III', 'JJJ'];
const trace = { account: 'paper-1', source: 'action', requestId: 'r', correlationId: 'c' } as const;

/** What the batch call of the venue does beside placing: answers fewer, fails, or answers as it is told. */
type Bend = (outcomes: readonly Outcome[]) => readonly Outcome[];
interface Terms {
  readonly most?: number;
  readonly places?: Bend;
  readonly cancels?: Bend;
  readonly batches?: boolean;
}

/** A venue whose calls are written down as they came: singles by name, batches with what they held. */
const writing = (world: World, terms: Terms = {}) => {
  const calls: string[] = [];
  const { most = 20, places = (outcomes) => outcomes, cancels = (outcomes) => outcomes, batches = true } = terms;
  const venue = world.venue;
  const note = (kind: string, ids: readonly string[]): void => void calls.push(`${kind} ${ids.map((id) => id.split('-')[1]).join(',')}`);
  const exchange: Exchange = {
    traits: venue.traits,
    place: async (order) => {
      note('place', [order.clientOrderId]);
      return venue.place(order);
    },
    cancel: async (order) => {
      note('cancel', [order.clientOrderId]);
      return venue.cancel(order);
    },
    amend: async (order) => {
      note('amend', [order.clientOrderId]);
      return venue.amend(order);
    },
    batches: batches
      ? {
          mostPlaced: most,
          mostCancelled: most,
          place: async (orders: readonly PlaceOrder[]) => {
            note('PLACES', orders.map(({ clientOrderId }) => clientOrderId));
            return places(await Promise.all(orders.map((order) => venue.place(order))));
          },
          cancel: async (orders: readonly OrderRef[]) => {
            note('CANCELS', orders.map(({ clientOrderId }) => clientOrderId));
            return cancels(await Promise.all(orders.map((order) => venue.cancel(order))));
          },
        }
      : null,
    findOrder: (order) => venue.findOrder(order),
    openOrders: () => venue.openOrders(),
    conditionalOrders: () => venue.conditionalOrders(),
    recentTrades: (cursor) => venue.recentTrades(cursor),
    positions: () => venue.positions(),
    findPosition: (symbol) => venue.findPosition(symbol),
    markets: () => venue.markets(),
    quotes: (symbols) => venue.quotes(symbols),
    equity: () => venue.equity(),
  };
  Object.assign(world.deps, { exchange });
  return calls;
};

const watches = (count: number, limit = '100') => SYMBOLS.slice(0, count).map((symbol) => ({ symbol, limit, quantity: '10' }));
const near = (count: number) => Object.fromEntries(SYMBOLS.slice(0, count).map((symbol) => [symbol, '100.5']));

/** So many entries planned and rung for, none sent. */
const planned = async (count: number, terms: Terms = {}) => {
  const world = await World.open({ symbols: SYMBOLS, equity: '1000000' });
  const calls = writing(world, terms);
  await world.plan(1, watches(count));
  await world.see(near(count));
  world.webhooksHeld = true;
  return { world, calls };
};

/** Takes every action that rings now as one batch. */
const rung = (world: World) => {
  const waiting = world.queues.waiting.filter(({ message }) => message.kind === 'ACTION');
  for (const queued of waiting) world.queues.done(queued);
  return waiting.flatMap(({ message }) => (message.kind === 'ACTION' ? [{ actionId: message.actionId, symbol: message.symbol, trace }] : []));
};
const work = (world: World, rings = rung(world), deadline = Infinity) => performActions(world.deps, rings, deadline);
const states = (world: World, count: number): string[] => SYMBOLS.slice(0, count).map((symbol) => world.slot(symbol).entry.status);
const all = (count: number, status: string): string[] => Array.from({ length: count }, () => status);

describe('EX-4 many of a kind go together', () => {
  it.each([[3, ['place AAA', 'place BBB', 'place CCC']], [4, ['PLACES AAA,BBB,CCC,DDD']]] as const)('%s placements', async (count, expected) => {
    const { world, calls } = await planned(count);
    expect([...(await work(world))]).toEqual([]);
    expect(calls).toEqual(expected);
    expect([states(world, count), world.account.actions.size]).toEqual([all(count, 'WORKING'), 0]);
  });

  it.each([[5, 5], [6, 1]] as const)('%s cancels', async (count, made) => {
    const { world, calls } = await planned(count);
    await work(world);
    await world.plan(2, []);
    calls.length = 0;
    await work(world);
    expect(calls).toHaveLength(made);
    expect(states(world, count)).toEqual(all(count, 'NONE'));
  });

  it('as many at once as the venue takes', async () => {
    const { world, calls } = await planned(10, { most: 4 });
    await work(world);
    expect(calls).toEqual(['PLACES AAA,BBB,CCC,DDD', 'PLACES EEE,FFF,GGG,HHH', 'PLACES III,JJJ']);
    expect(states(world, 10)).toEqual(all(10, 'WORKING'));
  });

  it('in parallel where the venue has no batch call', async () => {
    const { world, calls } = await planned(5, { batches: false });
    let under = 0;
    let most = 0;
    const { place } = world.deps.exchange;
    Object.assign(world.deps.exchange, {
      place: async (order: PlaceOrder) => {
        under += 1;
        most = Math.max(most, under);
        await Promise.resolve();
        const outcome = await place(order);
        under -= 1;
        return outcome;
      },
    });
    await work(world);
    expect([most, calls.length, states(world, 5)]).toEqual([5, 5, all(5, 'WORKING')]);
  });
});

describe('EX-4 the order of work', () => {
  it('cancels, then amendments, then placements, in whatever order they were rung', async () => {
    const { world, calls } = await planned(2);
    await work(world);
    calls.length = 0;
    await world.plan(2, [{ symbol: 'AAA', limit: '100.1', quantity: '10' }, { symbol: 'CCC', limit: '100', quantity: '10' }]);
    await world.see({ CCC: '100.5' });
    const rings = rung(world);
    await work(world, rings.toReversed());
    const inOrder = [...calls];
    expect(inOrder).toEqual(['cancel BBB', 'amend AAA', 'place CCC']);
  });

  it('an exit is placed before an entry', async () => {
    const world = await World.open({ symbols: SYMBOLS, equity: '1000000' });
    await world.plan(1, [{ symbol: 'AAA', limit: '100', quantity: '10', takeProfit: '101' }]);
    await world.tick({ AAA: '99.9' });
    await world.plan(2, [{ symbol: 'AAA', limit: '100', quantity: '10', takeProfit: '101' }, { symbol: 'BBB', limit: '100', quantity: '10' }]);
    const calls = writing(world);
    await world.see({ AAA: '101.5', BBB: '100.5' });
    while (await world.step(({ message }) => message.kind === 'STOP_ACTION'));
    calls.length = 0;
    const rings = rung(world);
    await work(world, rings.toSorted((a, b) => (a.symbol < b.symbol ? 1 : -1)));
    expect([rings.length, calls]).toEqual([2, ['place AAA', 'place BBB']]);
  });

  it('two actions of one slot never go in the same round: a cancel stays behind the change it was rung after', async () => {
    const { world, calls } = await planned(1);
    await work(world);
    calls.length = 0;
    await world.plan(2, [{ symbol: 'AAA', limit: '100.1', quantity: '10' }]);
    await world.kill('HALTED');
    const rings = rung(world);
    expect(rings.map(({ actionId }) => actionId.split(':')[1])).toEqual(['AMEND', 'CANCEL']);
    await work(world, rings);
    expect([calls, states(world, 1)]).toEqual([['amend AAA', 'cancel AAA'], ['NONE']]);
  });
});

describe('EX-9 exactly one send each, whatever breaks', () => {
  const sentIds = (world: World): number => new Set(world.venue.departed).size;

  it('a batch delivered twice, and rings of one action twice in it, send each once', async () => {
    const { world, calls } = await planned(5);
    const rings = rung(world);
    await work(world, [...rings, ...rings]);
    await work(world, rings);
    expect([calls, world.venue.departed.length, sentIds(world)]).toEqual([['PLACES AAA,BBB,CCC,DDD,EEE'], 5, 5]);
  });

  it('a crash between the commits and the call leaves each SENT, and each is looked up, not sent', async () => {
    const { world, calls } = await planned(5);
    const rings = rung(world);
    const { batches } = world.deps.exchange;
    const crash = new Promise<never>(() => undefined);
    Object.assign(world.deps.exchange, { batches: { ...batches, place: () => crash } });
    void work(world, rings);
    while ([...world.account.actions.values()].some(({ state }) => state === 'PLANNED')) await new Promise(setImmediate);
    Object.assign(world.deps.exchange, { batches });
    expect([...(await work(world, rings))]).toEqual([]);
    expect([calls, world.queues.waiting.filter(({ message }) => message.kind === 'LOOKUP').length]).toEqual([[], 5]);
    await world.pass(60);
    expect([world.venue.departed, states(world, 5)]).toEqual([[], all(5, 'NONE')]);
  });

  it('a batch call that ends badly after it took effect leaves its orders unknown: they are found, and none is sent again', async () => {
    const { world } = await planned(5, {
      places: () => {
        throw new Error('socket hang up');
      },
    });
    expect([...(await work(world))]).toEqual([]);
    expect(states(world, 5)).toEqual(all(5, 'PLACING'));
    await world.pass(5);
    expect([states(world, 5), world.venue.departed.length]).toEqual([all(5, 'WORKING'), 5]);
  });

  it('an answer list that is too short leaves what is missing in it unknown', async () => {
    const { world } = await planned(5, { places: (outcomes) => outcomes.slice(0, 3) });
    await work(world);
    expect(states(world, 5)).toEqual([...all(3, 'WORKING'), ...all(2, 'PLACING')]);
    await world.pass(5);
    expect([states(world, 5), world.venue.departed.length]).toEqual([all(5, 'WORKING'), 5]);
  });

  it('one refused fails only itself', async () => {
    const { world } = await planned(5);
    world.venue.next('place', { kind: 'OK' }, { kind: 'REFUSED', code: 'NO' }, { kind: 'OK' });
    await work(world);
    expect(states(world, 5)).toEqual(['WORKING', 'NONE', 'WORKING', 'WORKING', 'WORKING']);
  });

  it('one whose answer cannot be brought in fails only itself; when it comes again it is looked up', async () => {
    const { world } = await planned(5);
    const rings = rung(world);
    const { store } = world.deps;
    const second = placeActionId(world.order('BBB').clientOrderId);
    let broken = true;
    Object.assign(world.deps, {
      store: { ...store, load: async (account: string, scope: Parameters<typeof store.load>[1]) => {
        if (broken && scope.kind === 'ORDER' && scope.actionIds.includes(second)) throw new Error('the table is away');
        return store.load(account, scope);
      } },
    });
    expect([...(await work(world, rings))].map(([place, { message }]) => [place, message])).toEqual([[1, 'the table is away']]);
    expect(states(world, 5)).toEqual(['WORKING', 'PLACING', 'WORKING', 'WORKING', 'WORKING']);
    broken = false;
    await work(world, rings.slice(1, 2));
    await world.pass(5);
    expect([world.slot('BBB').entry.status, world.venue.departed.length]).toEqual(['WORKING', 5]);
  });

  it('what comes behind a failure of its symbol is given back with it, and not performed before it', async () => {
    const { world, calls } = await planned(1);
    await work(world);
    calls.length = 0;
    await world.plan(2, [{ symbol: 'AAA', limit: '100.1', quantity: '10' }]);
    await world.kill('HALTED');
    const rings = rung(world);
    const { store } = world.deps;
    const first = rings[0]?.actionId;
    Object.assign(world.deps, { store: { ...store, findAction: async (account: string, id: string) => {
      if (id === first) throw new Error('the table is away');
      return store.findAction(account, id);
    } } });
    expect([...(await work(world, rings)).keys()]).toEqual([0, 1]);
    expect(calls).toEqual([]);
  });

  it('an entry killed before its commit is not in the batch call, and its room returns', async () => {
    const { world, calls } = await planned(5);
    const rings = rung(world);
    await world.kill('HALTED', { kind: 'SYMBOL', symbol: 'CCC' });
    await work(world, rings);
    expect(calls).toEqual(['PLACES AAA,BBB,DDD,EEE']);
    expect([world.slot('CCC').entry.status, world.venue.departed.length]).toEqual(['NONE', 4]);
  });

  it('an action whose turn has not come stays out of the call and planned', async () => {
    const { world, calls } = await planned(5);
    let turns = 0;
    const budget: Budget = { ...FREE_BUDGET, ask: async () => ((turns += 1) === 2 ? { kind: 'LATER', reason: 'BUDGET', milliseconds: 5_000 } : { kind: 'GO' }) };
    Object.assign(world.deps, { budget });
    await work(world);
    expect(calls).toEqual(['PLACES AAA,CCC,DDD,EEE']);
    expect([...world.account.actions.values()].map(({ state }) => state)).toEqual(['PLANNED']);
    await world.pass(6);
    expect([world.venue.departed.length, sentIds(world)]).toEqual([5, 5]);
  });

  it('none waits for the turns of others once it is SENT: its quiet time would be over before it went', async () => {
    const { world } = await planned(5);
    const budget: Budget = { ...FREE_BUDGET, ask: async () => {
      world.now += 6_000;
      return { kind: 'GO' };
    } };
    Object.assign(world.deps, { budget });
    const { batches } = world.deps.exchange;
    const ages: number[] = [];
    Object.assign(world.deps.exchange, { batches: { ...batches, place: async (orders: readonly PlaceOrder[]) => {
      for (const { sentAt } of world.account.actions.values()) ages.push(world.now - (sentAt ?? 0));
      return batches?.place(orders) ?? [];
    } } });
    await work(world);
    expect(ages).toEqual([0, 0, 0, 0, 0]);
  });

  it('what could not be sent within seconds of its commit is not sent, and goes again as the same order', async () => {
    const { world, calls } = await planned(6, { most: 2 });
    const { batches } = world.deps.exchange;
    Object.assign(world.deps.exchange, { batches: { ...batches, place: async (orders: readonly PlaceOrder[]) => {
      const outcomes = await batches?.place(orders);
      world.now += 10_000;
      return outcomes ?? [];
    } } });
    await work(world);
    expect(calls).toEqual(['PLACES AAA,BBB']);
    expect([...world.account.actions.values()].map(({ state, notSent }) => [state, notSent])).toEqual(Array.from({ length: 4 }, () => ['PLANNED', 1]));
    Object.assign(world.deps.exchange, { batches });
    await work(world);
    expect([states(world, 6), world.venue.departed.length, sentIds(world)]).toEqual([all(6, 'WORKING'), 6, 6]);
  });

  it('an entry whose minute ends while others wait for their turn is not sent', async () => {
    const { world, calls } = await planned(5);
    let turns = 0;
    const budget: Budget = { ...FREE_BUDGET, ask: async () => {
      turns += 1;
      if (turns === 3) world.now += 61_000;
      return { kind: 'GO' };
    } };
    Object.assign(world.deps, { budget });
    await work(world);
    expect([calls, world.venue.departed, states(world, 5)]).toEqual([[], [], all(5, 'NONE')]);
  });

  it('what the invocation has no time for is rung again and not begun', async () => {
    const { world, calls } = await planned(5);
    const rings = rung(world);
    expect([...(await work(world, rings, world.now))]).toEqual([]);
    expect([calls, world.queues.waiting.filter(({ message }) => message.kind === 'ACTION').length]).toEqual([[], 5]);
    await work(world);
    expect(states(world, 5)).toEqual(all(5, 'WORKING'));
  });
});

describe('EX-4 a batch of a FIFO queue', () => {
  const message = (actionId: string, symbol: string) => ({ schema: 1, kind: 'ACTION', account: 'paper-1', correlationId: 'c', actionId, symbol });

  it('gives back what failed and what cannot be read with all behind it in its group; the rest is done', async () => {
    const { world, calls } = await planned(4);
    const rings = rung(world);
    const bodies = [
      { ...message(rings[0]?.actionId ?? '', 'AAA'), hop: 1 },
      { kind: 'NOBODY' },
      message(rings[1]?.actionId ?? '', 'BBB'),
      message(rings[2]?.actionId ?? '', 'CCC'),
    ];
    const event = batch(bodies.map((body) => ('actionId' in body ? { ...body, account: world.deps.account } : body)), { fifo: true, groups: ['AAA', 'BBB', 'BBB', 'CCC'] });
    const response = await createHandler(world.deps)(event, context());
    expect(failedIds(response)).toEqual(['m2', 'm3']);
    expect(calls).toEqual(['place AAA', 'place CCC']);
  });

  it('does not begin what would outlast the invocation', async () => {
    const { world, calls } = await planned(1);
    const [ring] = rung(world);
    const event = batch([{ ...message(ring?.actionId ?? '', 'AAA'), account: world.deps.account }], { fifo: true, groups: ['AAA'] });
    expect(failedIds(await createHandler(world.deps)(event, context({ getRemainingTimeInMillis: () => 25_000 })))).toEqual([]);
    expect(calls).toEqual([]);
    expect(world.queues.waiting.filter(({ message: sent }) => sent.kind === 'ACTION')).toHaveLength(1);
  });
});
