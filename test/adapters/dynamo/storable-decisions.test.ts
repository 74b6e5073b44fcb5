import { describe, expect, it } from '@jest/globals';
import { MOST_WRITES } from '../../../shared/adapters/dynamo/commit.ts';
import { writesOf } from '../../../shared/adapters/dynamo/change-writes.ts';
import type { Change } from '../../../shared/domain/decision.ts';
import type { OrderReport, Trade } from '../../../shared/domain/order-report.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

// The memory store takes what the table would refuse: here every commit is put into the table's words as well.
const requireStorable = (changes: readonly Change[]): void => {
  const writes = writesOf(changes, new Set());
  if (writes.length > MOST_WRITES) throw new Error(`a commit of ${writes.length} items`);
};

const openWorld = (settings: Partial<Settings> = {}): World => new World({ settings, store: { onTry: requireStorable } });

const working = async (): Promise<World> => {
  const world = openWorld();
  await world.readEquity();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: null }]);
  await world.tick({ AAPL: '100.5' });
  world.webhooksHeld = true;
  return world;
};

const reportOf = (world: World, changes: Partial<OrderReport>): OrderReport => ({
  clientOrderId: world.order('AAPL').clientOrderId,
  exchangeOrderId: 'x',
  symbol: 'AAPL',
  status: 'PARTIALLY_FILLED',
  filledQuantity: null,
  averagePrice: null,
  quantity: null,
  limit: null,
  stopPrice: null,
  refusal: null,
  trades: [],
  at: world.now,
  ...changes,
});

const trades = (count: number, price: string, quantity: string, at: number): readonly Trade[] =>
  Array.from({ length: count }, (_, index) => ({ tradeId: `t${index}`, price: d(price), quantity: d(quantity), fee: null, liquidity: null, at }));

const notionalOf = (world: World): string => {
  const { position } = world.slot('AAPL');
  const lots = 'lots' in position ? position.lots : [];
  return lots.reduce((total, lot) => total.plus(lot.price.times(lot.quantity)), d(0)).toFixed();
};

describe('SL-10 a report is never more than a transaction holds', () => {
  it('counts an order of many trades at once: some by name, the rest as one part, the whole to the last digit', async () => {
    const world = await working();
    const all = trades(120, '99', '0.01', world.now);
    expect(await world.report(reportOf(world, { filledQuantity: d('1.2'), averagePrice: d('99'), trades: all }))).toBe('COMMITTED');
    expect([world.held('AAPL'), notionalOf(world)]).toEqual(['1.2', '118.8']);
  });

  it('adds nothing when the same trades come again', async () => {
    const world = await working();
    const report = reportOf(world, { filledQuantity: d('1.2'), averagePrice: d('99'), trades: trades(120, '99', '0.01', world.now) });
    for (let time = 1; time <= 4; time += 1) await world.report(report);
    expect([world.held('AAPL'), notionalOf(world)]).toEqual(['1.2', '118.8']);
  });

  it('counts the rest with the next reports where the venue gives no cumulative quantity', async () => {
    const world = await working();
    const report = reportOf(world, { trades: trades(120, '99', '0.01', world.now) });
    for (let time = 1; time <= 3; time += 1) await world.report(report);
    expect([world.held('AAPL'), notionalOf(world)]).toEqual(['1.2', '118.8']);
  });
});

describe('WS-2 what fills is counted at a price that the ledger keeps to the last digit', () => {
  const endless = '66.66666666666666666666666666666666667';
  it.each<readonly [string, Partial<OrderReport>]>([
    ['an average without end of nine places of quantity', { filledQuantity: d('1.123456789'), averagePrice: d(endless) }],
    ['a trade of twelve and nine places', { trades: trades(1, '99.123456789012', '1.123456789', 0) }],
    ['a trade of 37 digits', { trades: trades(1, endless, '1.5', 0) }],
  ])('%s', async (_name, changes) => {
    const world = await working();
    expect(await world.report(reportOf(world, changes))).toBe('COMMITTED');
    expect(world.state('AAPL')).toBe('WORKING/OPEN');
  });

  it('an average that says that the increase cost nothing', async () => {
    const world = await working();
    await world.report(reportOf(world, { filledQuantity: d(1) }));
    expect(await world.report(reportOf(world, { filledQuantity: d('1.5'), averagePrice: d(endless) }))).toBe('COMMITTED');
    expect(world.held('AAPL')).toBe('1.5');
  });

  it('and leaves a price as it is that the ledger can keep', async () => {
    const world = await working();
    await world.report(reportOf(world, { trades: trades(1, '99.12345678', '1.12345678', 0) }));
    expect(notionalOf(world)).toBe(d('99.12345678').times('1.12345678').toFixed());
  });
});

describe('WS-2 the cap follows an equity of any length', () => {
  it.each([
    ['1', '10123.123456789012345678901'],
    ['0.333333', '10123.1234567890123456'],
    ['0.3333333333333333', '-1.0000000000000000000000001'],
  ])('share %s of equity %s', async (share, equity) => {
    const world = openWorld({ capacityCrypto: d(share) });
    world.venue.equityNow = d('10000.00000000000000000000000007');
    await world.reconcile();
    world.now += 1000;
    world.venue.equityNow = d(equity);
    await world.reconcile();
    const { capacity } = world.account;
    expect(capacity?.equityAt).toBe(world.now);
    expect(capacity?.cap.lessThanOrEqualTo(d(equity).times(2))).toBe(true);
    expect(capacity?.free.equals(capacity.cap)).toBe(true);
  });
});
