// What fees leave of a fill: less than a lot, or more places than a ledger keeps; it is held, watched and let go (SL-4, EX-7).
import { describe, expect, it } from '@jest/globals';
import { addend } from '../../../shared/adapters/dynamo/attributes.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import { usedBy } from '../../../shared/domain/room.ts';
import { d, market } from '../../support/builders.ts';
import type { WatchInput } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const COIN = 'BTC/USD';

/** A buy of one coin that rests at 100, at a venue with such rules. */
const resting = async (rules: Partial<MarketRules>, watch: Partial<WatchInput> = {}): Promise<World> => {
  const world = await World.open();
  world.venue.listed.set(COIN, market(COIN, rules));
  world.account.markets.set(COIN, market(COIN, rules));
  await world.plan(1, [{ symbol: COIN, limit: '100', quantity: '1', takeProfit: null, maxAttempts: 1, ...watch }]);
  await world.tick({ [COIN]: '100.1' });
  expect(world.state(COIN)).toBe('WORKING/FLAT');
  return world;
};

const anomalies = (world: World): readonly unknown[] => world.telemetry.fields('ANOMALY', 'kind');

describe('SL-4 EX-7 a fill of which a fee leaves less than a lot', () => {
  const bought = async (quantity: string, filled: string): Promise<World> => {
    const world = await resting({ lotSize: d(1) }, { quantity });
    world.venue.baseFeeRate = d('0.001');
    world.venue.fill(world.order(COIN).clientOrderId, filled, '100');
    await world.drain();
    return world;
  };

  it('is watched while more may be bought, and is no position without a stop', async () => {
    const world = await bought('5', '1');
    expect([world.state(COIN), world.held(COIN), world.stop(COIN)]).toEqual(['WORKING/OPEN', '0.999', { status: 'WATCHED', reason: 'BELOW_MIN_QUANTITY' }]);
    await world.pass(70);
    await world.tick({ [COIN]: '100.2' });
    expect([world.state(COIN), anomalies(world)]).toEqual(['WORKING/OPEN', []]);
  });

  it('gets its stop as soon as enough is held', async () => {
    const world = await bought('5', '1');
    world.venue.fill(world.order(COIN).clientOrderId, '3', '100');
    await world.drain();
    expect([world.held(COIN), world.stopOrder(COIN).quantity.toFixed()]).toEqual(['3.996', '3']);
  });

  it('goes at the next look once nothing more is bought: no order could sell it, and it blocks no other entry', async () => {
    const world = await bought('1', '1');
    expect(world.state(COIN)).toBe('NONE/OPEN');
    await world.tick({ [COIN]: '100.2' });
    expect([world.state(COIN), world.free()]).toEqual(['NONE/FLAT', '20000']);
    expect([world.telemetry.fields('POSITION_CLOSED', 'dust'), world.telemetry.fields('POSITION_CLOSED', 'reason')]).toEqual([['0.999'], ['TOO_SMALL']]);
    expect(anomalies(world)).toEqual([]);
  });
});

describe('WS-2 SL-4 SL-10 a fee with more places than the ledger keeps beside the price', () => {
  it('leaves a position that can be written, held no larger than it is, and its stop', async () => {
    const world = await resting({ tickSize: d('0.000000000001') });
    const { clientOrderId } = world.order(COIN);
    const trade = { tradeId: 'x', price: d('99.123456789012'), quantity: d(1), fee: { asset: 'BTC', amount: d('0.001234567890123456') }, liquidity: null, at: world.now };
    const told = world.venue.report(world.venue.order(clientOrderId));
    const report = { ...told, status: 'FILLED', filledQuantity: d(1), averagePrice: trade.price, trades: [trade] } as const;
    expect(await world.report(report)).toBe('COMMITTED');
    expect(world.held(COIN)).toBe('0.99876543');
    expect(world.stopOrder(COIN).quantity.toFixed()).toBe('0.99876543');
    expect(() => addend(usedBy(world.slot(COIN)).total)).not.toThrow();
  });

  it('is kept to its last digit where the price leaves room for it', async () => {
    const world = await resting({});
    const { clientOrderId } = world.order(COIN);
    const trade = { tradeId: 'x', price: d('99.5'), quantity: d(1), fee: { asset: 'BTC', amount: d('0.001234567890123456') }, liquidity: null, at: world.now };
    const told = world.venue.report(world.venue.order(clientOrderId));
    await world.report({ ...told, status: 'FILLED', filledQuantity: d(1), averagePrice: trade.price, trades: [trade] });
    expect(world.held(COIN)).toBe('0.998765432109876544');
  });
});

describe('EX-7 SL-11 what fees leave at the venue of one position after the other', () => {
  /** Three times 3.33 are bought at 100 and sold at 101; each time 0.00667 of a lot of 0.01 cannot be sold. */
  const traded = async (): Promise<World> => {
    const world = await World.open({ settings: { maxAttempts: 3 } });
    const rules = { lotSize: d('0.01'), minQuantity: d('0.01') };
    world.venue.listed.set(COIN, market(COIN, rules));
    world.account.markets.set(COIN, market(COIN, rules));
    world.venue.baseFeeRate = d('0.001');
    await world.plan(1, [{ symbol: COIN, limit: '100', quantity: '3.33', takeProfit: '101', maxAttempts: 3 }]);
    for (let times = 0; times < 3; times += 1) {
      await world.tick({ [COIN]: '100' });
      await world.tick({ [COIN]: '101' });
      await world.pass(40);
    }
    return world;
  };
  const looked = async (world: World): Promise<void> => {
    for (let times = 0; times < 4; times += 1) {
      await world.pass(40);
      await world.reconcile();
    }
  };

  it('is known and nobody else\'s, though it is more than a lot by now', async () => {
    const world = await traded();
    await looked(world);
    expect([world.state(COIN), world.venue.held(COIN).toFixed(), world.slot(COIN).dust.toFixed()]).toEqual(['NONE/FLAT', '0.02001', '0.02001']);
    expect([anomalies(world), world.telemetry.fields('POSITION_MISMATCH', 'symbol')]).toEqual([[], []]);
  });

  it('may be swept up by a person: it is forgotten without an alarm, and nothing else is', async () => {
    const world = await traded();
    world.venue.trade({ symbol: COIN, side: 'sell', quantity: d('0.02001'), price: d('101') });
    await looked(world);
    expect([world.state(COIN), world.slot(COIN).dust.toFixed(), anomalies(world)]).toEqual(['NONE/FLAT', '0', []]);
  });

  it('does not hide what is nobody\'s: more than that is foreign', async () => {
    const world = await traded();
    world.venue.trade({ symbol: COIN, side: 'buy', quantity: d('5'), price: d('101') });
    await looked(world);
    expect(anomalies(world)).toEqual(['FOREIGN_POSITION']);
  });
});
