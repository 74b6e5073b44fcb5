// What an order came to is told once, whoever tells it how often (EX-12); how long the venue took, too (EX-8).
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const FACTS = ['ORDER_PLACED', 'ORDER_FILLED', 'ORDER_CANCELLED', 'ORDER_REJECTED'] as const;
const factsOf = (world: World): readonly string[] =>
  world.telemetry.notes.filter(({ name }) => FACTS.some((each) => each === name)).map(({ name, fields }) => `${name} ${String(fields['purpose'])} ${String(fields['fillRate'])}`);

const planned = async (quantity = '4'): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity, maxAttempts: 1, takeProfit: '120' }]);
  return world;
};

describe('EX-12 the facts of an order', () => {
  it('are its placement and its end, each once, though the venue repeats both', async () => {
    const world = await planned();
    await world.tick({ AAPL: '100.1' });
    const { clientOrderId } = world.order('AAPL');
    await world.report(world.venue.report(world.venue.order(clientOrderId)));
    world.venue.fill(clientOrderId, '4');
    await world.drain();
    await world.report(world.venue.report(world.venue.order(clientOrderId)));
    expect(factsOf(world)).toEqual(['ORDER_PLACED ENTRY null', 'ORDER_FILLED ENTRY 1', 'ORDER_PLACED STOP null']);
  });

  it('are both told by a report of its end alone', async () => {
    const world = await planned();
    world.venue.fillShare = d(1);
    await world.tick({ AAPL: '99.9' });
    expect(factsOf(world).slice(0, 2)).toEqual(['ORDER_PLACED ENTRY null', 'ORDER_FILLED ENTRY 1']);
  });

  it('say how much had filled of one that was cancelled', async () => {
    const world = await planned();
    await world.tick({ AAPL: '100.1' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '1');
    world.venue.end(clientOrderId, 'CANCELLED');
    await world.drain();
    expect(factsOf(world).filter((fact) => fact.includes('ENTRY'))).toEqual(['ORDER_PLACED ENTRY null', 'ORDER_CANCELLED ENTRY 0.25']);
  });

  it('are not told again by a fill of before the cancel that comes after it (EX-2)', async () => {
    const world = await planned();
    await world.tick({ AAPL: '100.1' });
    const { clientOrderId } = world.order('AAPL');
    world.venue.end(clientOrderId, 'CANCELLED');
    await world.drain();
    world.venue.fill(clientOrderId, '1');
    await world.drain();
    expect(world.held('AAPL')).toBe('1');
    expect(factsOf(world).filter((fact) => fact.includes('ENTRY'))).toEqual(['ORDER_PLACED ENTRY null', 'ORDER_CANCELLED ENTRY 0']);
  });

  it('are a refusal alone where the venue refuses it', async () => {
    const world = await planned();
    world.venue.next('place', { kind: 'REFUSED', code: 'NO_FUNDS' });
    await world.tick({ AAPL: '100.1' });
    expect(factsOf(world)).toEqual(['ORDER_REJECTED ENTRY null']);
  });

  it('are none of an order that the venue never had: it is neither placed nor cancelled', async () => {
    const world = await planned();
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.tick({ AAPL: '100.1' });
    await world.pass(60);
    expect(world.telemetry.messages('ORDER_ABSENT')).toHaveLength(1);
    expect(factsOf(world).filter((fact) => !fact.startsWith('ORDER_PLACED'))).toEqual([]);
  });

  it('count the entries of the day at the first fill of each, not at every part', async () => {
    const world = await planned();
    await world.tick({ AAPL: '100.1' });
    const { clientOrderId } = world.order('AAPL');
    for (const part of ['1', '1', '2']) {
      world.venue.fill(clientOrderId, part);
      await world.drain();
    }
    expect(world.telemetry.fields('FILL', 'entriesToday')).toEqual([1, null, null]);
  });
});

describe('EX-8 send to acknowledgement', () => {
  const slow = (world: World) => world.telemetry.notes.filter(({ name }) => name === 'ORDER_SLOW').map(({ level, fields }) => [level, fields['venue'], fields['kind'], fields['ms']]);
  /** A placement whose call is answered after so many milliseconds. */
  const answeredAfter = async (ms: number): Promise<World> => {
    const world = await planned();
    const { exchange } = world.deps;
    const place = exchange.place.bind(exchange);
    Object.assign(exchange, {
      place: async (order: Parameters<typeof place>[0]) => {
        const outcome = await place(order);
        world.now += ms;
        return outcome;
      },
    });
    await world.tick({ AAPL: '100.1' });
    return world;
  };

  it('is measured by venue and kind, and a warning above 500 ms, not at it', async () => {
    const world = await answeredAfter(500);
    expect([world.telemetry.counted.get('order_latency_ms'), slow(world)]).toEqual([500, []]);
    expect(slow(await answeredAfter(501))).toEqual([['WARN', 'paper', 'PLACE', 501]]);
  });

  it('is never less than nothing, though a clock went back', async () => {
    expect((await answeredAfter(-5)).telemetry.counted.get('order_latency_ms')).toBe(0);
  });

  it('is measured where the answer is lost, too: by the look-up that finds the order', async () => {
    const world = await planned();
    world.webhooksHeld = true;
    world.venue.next('place', { kind: 'LOST_AFTER' });
    await world.tick({ AAPL: '100.1' });
    expect(world.telemetry.counted.get('order_latency_ms')).toBeUndefined();
    await world.pass(10);
    expect(slow(world)).toEqual([['WARN', 'paper', 'PLACE', 2000]]);
  });

  it('is not measured of an order that the venue never had', async () => {
    const world = await planned();
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    await world.tick({ AAPL: '100.5' });
    await world.pass(60);
    const [first] = world.telemetry.fields('ORDER_ABSENT', 'clientOrderId');
    expect(slow(world).length).toBe(0);
    expect(typeof first).toBe('string');
  });
});
