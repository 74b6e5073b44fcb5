// Reports late, doubled, out of order and of every form: the same fills give the same position.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sum } from '../../../shared/domain/decimal.ts';
import { isHeld } from '../../../shared/domain/position-moves.ts';
import type { OrderReport } from '../../../shared/domain/order-report.ts';
import { d } from '../../support/builders.ts';
import type { Form } from '../../support/memory-venue.ts';
import { World } from '../../support/world.ts';

const FORMS: readonly Form[] = ['FULL', 'LAST_TRADE', 'CUMULATIVE', 'TRADES'];

const working = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
  await world.tick({ AAPL: '100.5' });
  world.webhooksHeld = true;
  return world;
};

/** What is left of a world that matters: where the slot stands, what is held, at what price, and the room. */
const outcome = (world: World): unknown => {
  const { position } = world.slot('AAPL');
  const lots = isHeld(position) ? position.lots : [];
  return [world.state('AAPL'), world.held('AAPL'), sum(lots.map((lot) => lot.price.times(lot.quantity))).toFixed(), world.free()];
};

const parts = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 300 }), price: fc.integer({ min: 9800, max: 10_000 }) }), { minLength: 1, maxLength: 4 });

describe('SL-10 EX-2 fills counted once, whatever the order of reports', () => {
  it('any order, any doubling, any form that says how much: the same position and the same room', async () => {
    await fc.assert(
      fc.asyncProperty(parts, fc.constantFrom('CANCELLED', 'EXPIRED', null), fc.infiniteStream(fc.nat(999)), async (trades, end, draws) => {
        const draw = (below: number): number => Number(draws.next().value) % below;
        const world = await working();
        const { clientOrderId } = world.order('AAPL');
        const reports: OrderReport[] = [];
        const tell = (): void => {
          // An average that does not come out even would round; the venue here quotes what the trades say.
          for (const form of ['FULL', FORMS[draw(4)] ?? 'FULL'] as const) reports.push(world.venue.report(world.venue.order(clientOrderId), form));
        };
        for (const { quantity, price } of trades) {
          world.venue.fill(clientOrderId, d(quantity).dividedBy(100), d(price).dividedBy(100));
          tell();
        }
        if (end !== null) {
          world.venue.end(clientOrderId, end);
          tell();
        }
        const straight = await working();
        for (const report of reports.filter((each) => each.trades.length > 0)) await straight.report(report);
        if (end !== null) for (const report of reports.slice(-2)) await straight.report(report);

        const shuffled = [...reports, ...reports.filter(() => draw(3) === 0)];
        for (let place = shuffled.length - 1; place > 0; place -= 1) {
          const other = draw(place + 1);
          [shuffled[place], shuffled[other]] = [shuffled[other] ?? fail(), shuffled[place] ?? fail()];
        }
        for (const report of shuffled) await world.report(report);
        const filled = sum(world.venue.order(clientOrderId).trades.map((trade) => trade.quantity));
        expect(world.held('AAPL')).toBe(filled.toFixed());
        expect(world.state('AAPL')).toBe(straight.state('AAPL'));
        expect(world.held('AAPL')).toBe(straight.held('AAPL'));
      }),
      { numRuns: 150 },
    );
  });

  it('with trades named in every report, also the same prices and the same room', async () => {
    await fc.assert(
      fc.asyncProperty(parts, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8, maxLength: 8 }), async (trades, order) => {
        const outcomes = [];
        for (const places of [[0, 1, 2, 3, 4, 5, 6, 7], order]) {
          const world = await working();
          const { clientOrderId } = world.order('AAPL');
          const reports = trades.map(({ quantity, price }) => {
            world.venue.fill(clientOrderId, d(quantity).dividedBy(100), d(price).dividedBy(100));
            return world.venue.report(world.venue.order(clientOrderId), 'TRADES');
          });
          for (const place of places) {
            const report = reports[place % reports.length];
            if (report !== undefined) await world.report(report);
          }
          outcomes.push(outcome(world));
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 60 },
    );
  });
});

const fail = (): never => {
  throw new Error('out of bounds');
};

describe('SL-10 a cumulative quantity without trades', () => {
  it('counts its increase under an id of its own, and trades that come later are matched, never added', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '3', '99');
    const first = world.venue.report(world.venue.order(clientOrderId), 'CUMULATIVE');
    world.venue.fill(clientOrderId, '2', '98');
    const second = world.venue.report(world.venue.order(clientOrderId), 'CUMULATIVE');
    const named = world.venue.report(world.venue.order(clientOrderId), 'TRADES');
    for (const report of [first, second, named, first, named]) await world.report(report);
    expect(outcome(world)).toEqual(['WORKING/OPEN', '5', '493', '19007']);
    const ids = [...world.account.fills.values()].map((fill) => `${fill.tradeId.replace(clientOrderId, '')} ${fill.counted.toFixed()}`);
    expect(ids).toEqual(['#3 3', '#5 2', `${named.trades[0]?.tradeId} 0`, `${named.trades[1]?.tradeId} 0`]);
  });

  it('the word FILLED alone is the whole order', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    const report = world.venue.report(world.venue.order(clientOrderId), 'BARE');
    await world.report({ ...report, status: 'FILLED' });
    await world.report({ ...report, status: 'FILLED' });
    expect(outcome(world)).toEqual(['NONE/OPEN', '10', '1000', '19000']);
  });

  it('the words FILLED or PARTIALLY_FILLED with nothing filled are not believed', async () => {
    const world = await working();
    const report = world.venue.report(world.venue.order(world.order('AAPL').clientOrderId));
    for (const status of ['FILLED', 'PARTIALLY_FILLED'] as const) await world.report({ ...report, status });
    expect(outcome(world)).toEqual(['WORKING/FLAT', '0', '0', '19000']);
  });

  it('a trade that a report names twice counts once', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '3', '99');
    const report = world.venue.report(world.venue.order(clientOrderId), 'TRADES');
    await world.report({ ...report, trades: [...report.trades, ...report.trades] });
    expect(outcome(world)).toEqual(['WORKING/OPEN', '3', '297', '19003']);
  });
});

describe('EX-2 an end that is not undone', () => {
  it.each(['OPEN', 'SUBMITTED', 'PENDING', 'REJECTED', 'EXPIRED'] as const)('a cancelled order stays so when told %s', async (status) => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.end(clientOrderId, 'CANCELLED');
    const report = world.venue.report(world.venue.order(clientOrderId));
    await world.report(report);
    const before = [world.account.orders.get(clientOrderId), world.slot('AAPL')];
    expect(await world.report({ ...report, status })).toBe('NOTHING_NEW');
    expect([world.account.orders.get(clientOrderId), world.slot('AAPL')]).toEqual(before);
  });

  it('an older, smaller cumulative quantity takes nothing back', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '3', '99');
    const old = world.venue.report(world.venue.order(clientOrderId));
    world.venue.fill(clientOrderId, '3', '99');
    await world.report(world.venue.report(world.venue.order(clientOrderId)));
    await world.report(old);
    expect(world.held('AAPL')).toBe('6');
  });

  it('a venue may cancel by itself: the room returns and the watch goes on', async () => {
    const world = await working();
    world.venue.end(world.order('AAPL').clientOrderId, 'EXPIRED');
    world.webhooksHeld = false;
    await world.drain();
    expect([outcome(world), world.slot('AAPL').watch === null]).toEqual([['NONE/FLAT', '0', '0', '20000'], false]);
  });
});

describe('SL-10 a webhook', () => {
  it('is recorded with its effect, and a repeat changes nothing', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.fill(clientOrderId, '3', '99');
    const report = world.venue.report(world.venue.order(clientOrderId));
    expect(await world.report(report, 'W-1')).toBe('COMMITTED');
    expect(await world.report({ ...report, filledQuantity: d(9) }, 'W-1')).toBe('WEBHOOK_SEEN');
    expect([world.held('AAPL'), world.account.webhooks.has('W-1')]).toEqual(['3', true]);
  });

  it('without an effect is not recorded, so that one that could not be read yet may come again', async () => {
    const world = await working();
    const { clientOrderId } = world.order('AAPL');
    world.venue.end(clientOrderId, 'CANCELLED');
    const order = world.venue.order(clientOrderId);
    expect(await world.report(world.venue.report(order, 'BARE'), 'W-1')).toBe('LOOK_UP');
    expect(world.account.webhooks.size).toBe(0);
    expect(await world.report(world.venue.report(order, 'FULL'), 'W-1')).toBe('COMMITTED');
  });

  it('of an order that is not ours changes nothing; a fill of it halts the symbol, once (SL-13)', async () => {
    const world = await working();
    const report = world.venue.report(world.venue.order(world.order('AAPL').clientOrderId));
    const before = world.commits;
    expect(await world.report({ ...report, clientOrderId: 'somebody-else' }, 'W-1')).toBe('FOREIGN_ORDER');
    expect(await world.report({ ...report, clientOrderId: 'somebody-else', filledQuantity: d(3) }, 'W-2')).toBe('COMMITTED');
    expect(await world.report({ ...report, clientOrderId: 'somebody-else', filledQuantity: d(3) }, 'W-3')).toBe('FOREIGN_ORDER');
    expect([world.commits, world.telemetry.messages('ANOMALY').length]).toEqual([before + 1, 1]);
    expect([world.state('AAPL'), world.account.capacity?.kill.symbols]).toEqual(['WORKING/FLAT', { AAPL: 'HALTED' }]);
  });
});
