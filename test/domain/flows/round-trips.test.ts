// Fills that close lots make round trips, in the commit that counts them; what fills say is what round trips and lots say (EX-6).
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cashExplained, cashTold, unitsExplained, unitsTold } from '../../../infra/local/replay/told-cash.ts';
import type { Fee } from '../../../shared/domain/order-report.ts';
import { tripsOfReport } from '../../../shared/domain/trip-changes.ts';
import { resultOf } from '../../../shared/domain/trip.ts';
import { takeFromLots } from '../../../shared/domain/trips.ts';
import type { Side } from '../../../shared/domain/watch.ts';
import { d } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const COIN = 'BTC/USD';
const usd = (amount: string): Fee => ({ asset: 'USD', amount: d(amount) });

const booksOf = ({ account }: World) => ({ fills: [...account.fills.values()], trips: [...account.trips.values()], slots: [...account.slots.values()] });

/** Puts a price on the board that a fee in that asset is converted by. */
const seeBnb = async (world: World): Promise<void> => {
  const quotes = { 'BNB/USD': { price: d('600.1234'), at: world.now } };
  await world.apply({ type: 'QUOTES_SEEN', quotes, grids: [], featured: [] });
};

/** An entry of so many coins that rests at 100. */
const resting = async (quantity: string, side: Side = 'buy', version = 1, world?: World): Promise<World> => {
  const open = world ?? (await World.open({ equity: '1000000' }));
  await open.plan(version, [{ symbol: COIN, side, limit: '100', quantity, takeProfit: null, maxAttempts: version }]);
  await open.tick({ [COIN]: side === 'buy' ? '100.1' : '99.9' });
  await seeBnb(open);
  return open;
};

const buys = async (world: World, quantity: string, price: string, fee: Fee | null): Promise<void> => {
  world.venue.nextFees.push(fee);
  world.venue.fill(world.order(COIN).clientOrderId, quantity, price);
  await world.drain();
};

const stopFills = async (world: World, quantity: string, price: string, fee: Fee | null): Promise<void> => {
  world.venue.nextFees.push(fee);
  world.venue.fill(world.stopOrder(COIN).clientOrderId, quantity, price);
  await world.drain();
};

const tripsIn = (world: World) => booksOf(world).trips.flatMap((record) => record.trips);
const money = (world: World) => tripsIn(world).map((trip) => [trip.quantity.toFixed(), trip.commission?.toFixed() ?? null, resultOf(trip).net?.toFixed() ?? null]);

describe('EX-6 round trips of a position', () => {
  it('are one for each pair of lots, with commissions shared by quantity, in the commit of the fill', async () => {
    const world = await resting('4');
    await buys(world, '1', '100', usd('0.1'));
    await buys(world, '3', '99', usd('0.3'));
    world.telemetry.notes.length = 0;
    await stopFills(world, '2', '95', usd('0.2'));
    expect(money(world)).toEqual([['1', '0.2', '-5.2'], ['1', '0.2', '-4.2']]);
    expect(world.telemetry.fields('ROUND_TRIP', 'pnlBps')).toEqual([-520, -424.242424242]);
    expect(world.telemetry.fields('ROUND_TRIP', 'policy')).toEqual(['STOP_FILLED', 'STOP_FILLED']);
    const { position } = world.slot(COIN);
    expect(position).toMatchObject({ lots: [{ quantity: d(2), commission: d('0.2') }] });
  });

  it('say which trades closed which, and how long that took, and are written once', async () => {
    const world = await resting('1');
    await buys(world, '1', '100', null);
    world.now += 61_999;
    const stop = world.stopOrder(COIN).clientOrderId;
    await stopFills(world, '1', '95', null);
    expect(world.telemetry.fields('ROUND_TRIP', 'holdSeconds')).toEqual([61]);
    expect(tripsIn(world)).toMatchObject([{ direction: 'long', entryPrice: d(100), exitPrice: d(95) }]);
    const [entered, left] = booksOf(world).fills;
    expect(tripsIn(world)).toMatchObject([{ entryTradeId: entered?.tradeId, exitTradeId: left?.tradeId }]);
    expect(await world.report(world.venue.report(world.venue.order(stop)))).toBe('NOTHING_NEW');
    expect(tripsIn(world)).toHaveLength(1);
  });

  it('keep maker or taker with each fill', async () => {
    const world = await resting('2');
    world.venue.liquidity = 'MAKER';
    await buys(world, '1', '100', null);
    world.venue.liquidity = 'TAKER';
    await buys(world, '1', '100', null);
    expect(booksOf(world).fills.map(({ liquidity }) => liquidity)).toEqual(['MAKER', 'TAKER']);
    expect(world.telemetry.fields('FILL', 'liquidity')).toEqual(['MAKER', 'TAKER']);
  });

  it('convert a fee in another asset by the board, one in the base by the fill, and leave unknown what has no rate', async () => {
    const world = await resting('3');
    await buys(world, '1', '100', { asset: 'BNB', amount: d('0.001') });
    await buys(world, '1', '99', { asset: 'BTC', amount: d('0.001') });
    await buys(world, '1', '98', { asset: 'XYZ', amount: d('1') });
    expect(booksOf(world).fills.map(({ commission }) => commission?.toFixed() ?? null)).toEqual(['0.6001234', '0.099', null]);
    await stopFills(world, '2.999', '95', null);
    expect(money(world)).toEqual([['1', '0.6001234', '-5.6001234'], ['0.999', '0.099', '-4.095'], ['1', null, null]]);
    expect(world.telemetry.fields('ROUND_TRIP', 'net')[2]).toBeNull();
    expect(world.telemetry.fields('ROUND_TRIP', 'pnlBps')[2]).toBeNull();
  });

  it('do not convert by a price that is stale', async () => {
    const world = await resting('1');
    world.now += 121_000;
    await buys(world, '1', '100', { asset: 'BNB', amount: d('0.001') });
    expect(booksOf(world).fills.map(({ commission }) => commission)).toEqual([null]);
  });

  it('count a rebate as a gain', async () => {
    const world = await resting('1');
    await buys(world, '1', '100', usd('-0.05'));
    await stopFills(world, '1', '100', usd('-0.01'));
    expect(money(world)).toEqual([['1', '-0.06', '0.06']]);
  });

  it('keep what of a position leaves without a fill: the crumb that a base fee made too small', async () => {
    const world = await World.open({ equity: '1000000' });
    const coarse = { symbol: COIN, assetClass: 'crypto', rules: { tickSize: d('0.01'), lotSize: d(1), minQuantity: d(0), minNotional: d(1), priceBand: null } } as const;
    world.venue.listed.set(COIN, coarse);
    world.account.markets.set(COIN, coarse);
    await resting('1', 'buy', 1, world);
    await buys(world, '1', '100', { asset: 'BTC', amount: d('0.001') });
    await world.tick({ [COIN]: '100.2' });
    expect(world.state(COIN)).toBe('NONE/FLAT');
    const books = booksOf(world);
    expect(books.trips).toMatchObject([{ policy: 'NO_FILL', trips: [], lost: [{ quantity: d('0.999'), commission: d('0.1') }] }]);
    expect(cashExplained(books).toFixed()).toBe(cashTold(books).toFixed());
  });

  it('keep a commission that is told when its lots have gone', async () => {
    const world = await resting('1');
    world.venue.form = 'CUMULATIVE';
    const entry = world.order(COIN).clientOrderId;
    await buys(world, '1', '100', usd('0.1'));
    await stopFills(world, '1', '95', usd('0.2'));
    await world.report(world.venue.report(world.venue.order(entry)));
    const books = booksOf(world);
    expect(books.trips.map(({ late }) => late?.toFixed())).toContain('0.1');
    expect(books.trips.flatMap((record) => record.trips)).toHaveLength(1);
  });

  it('leave what the ledger cannot keep of a lot to those that left without a fill, and lose no digit of it', () => {
    const lots = [
      { tradeId: 'L1', price: d('99.123456789012'), quantity: d('1.12345678'), commission: d('0.3'), at: 1 },
      { tradeId: 'L2', price: d('98'), quantity: d(1), commission: d('0.2'), at: 2 },
    ];
    const part = { tradeId: 'X', price: d(101), quantity: d('0.1234567891'), counted: d('0.1234567891'), fee: null, commission: d('0.01'), liquidity: null, at: 3 };
    const { left, lost, trips } = takeFromLots({ side: 'buy', lots }, [part]);
    expect([left.map(({ quantity }) => quantity.toFixed()), lost.map(({ quantity }) => quantity.toFixed())]).toEqual([['0.99999999', '1'], ['0.0000000009']]);
    const paid = [...left, ...lost].map(({ commission }) => commission ?? d(0)).reduce((total, each) => total.plus(each), trips[0]?.commission ?? d(0));
    expect([paid.toFixed(), trips.length]).toEqual(['0.51', 1]);
  });

  it('are divided where there are too many for one item, and lose none', async () => {
    const world = await resting('1');
    await buys(world, '1', '100', null);
    const slot = world.slot(COIN);
    const { position } = slot;
    if (position.status !== 'OPEN') throw new Error(position.status);
    const lots = Array.from({ length: 1_201 }, (_, place) => ({ tradeId: `L${place}`, price: d(100), quantity: d(1), commission: d('0.1'), at: world.now }));
    const stop = world.stopOrder(COIN);
    const record = world.account.orders.get(stop.clientOrderId);
    if (record === undefined) throw new Error('no record');
    const part = { tradeId: 'X', price: d(101), quantity: d(1_201), counted: d(1_201), fee: null, commission: d(0), liquidity: null, at: world.now };
    const reported = {
      slot: { ...slot, position: { ...position, lots } }, record, before: stop, after: stop, parts: [part],
      report: world.venue.report(world.venue.order(stop.clientOrderId)), context: { now: world.now } as never, snapshot: {} as never,
    };
    const changes = tripsOfReport(reported, slot);
    expect(changes.map((change) => (change.kind === 'TRIP' ? change.record.trips.length : 0))).toEqual([500, 500, 201]);
    expect(new Set(changes.map((change) => (change.kind === 'TRIP' ? change.record.id : ''))).size).toBe(3);
  });
});

interface Leg {
  readonly units: number;
  readonly cents: number;
  readonly fee: Fee | null;
}

const legs = (assets: readonly (readonly [string, string])[]): fc.Arbitrary<readonly Leg[]> =>
  fc.array(
    fc.record({ units: fc.integer({ min: 1, max: 7 }), cents: fc.integer({ min: 9_600, max: 10_400 }), asset: fc.constantFrom(...assets), feeUnits: fc.integer({ min: -99, max: 999 }) }).map(
      ({ units, cents, asset: [asset, unit], feeUnits }) => ({
        units, cents,
        // What is taken out of what was bought is never given back.
        fee: feeUnits === 0 ? null : { asset, amount: d(unit).times(asset === 'BTC' ? Math.abs(feeUnits) : feeUnits) },
      }),
    ),
    { minLength: 1, maxLength: 4 },
  );
const MONEY = ['USD', '0.0001'] as const;
const THIRD = ['BNB', '0.0000007'] as const;
const OUT_OF_IT = ['BTC', '0.00001'] as const;
const round = fc.constantFrom<Side>('buy', 'sell').chain((side) =>
  fc.record({ side: fc.constant(side), entries: legs(side === 'buy' ? [MONEY, THIRD, OUT_OF_IT] : [MONEY, THIRD]), exits: legs([MONEY, THIRD]) }),
);
type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const price = ({ cents }: Leg): string => d(cents).dividedBy(100).toFixed();

/** Fills the stop until nothing is left that could be sold. */
const closeBy = async (world: World, exits: readonly Leg[]): Promise<void> => {
  for (let place = 0; world.slot(COIN).position.status === 'OPEN'; place += 1) {
    const leg = exits[place % exits.length];
    const { quantity, filledQuantity } = world.stopOrder(COIN);
    const left = quantity.minus(filledQuantity);
    const part = place >= exits.length || left.lessThan(leg?.units ?? 0) ? left : d(leg?.units ?? 0);
    await stopFills(world, part.toFixed(), leg === undefined ? '95' : price(leg), leg?.fee ?? null);
  }
};

const play = async (rounds: readonly Round[], isClosed: boolean): Promise<World> => {
  const world = await World.open({ equity: '1000000' });
  for (const [place, { side, entries, exits }] of rounds.entries()) {
    await resting(String(sum(entries.map(({ units }) => units))), side, place + 1, world);
    for (const leg of entries) await buys(world, String(leg.units), price(leg), leg.fee);
    if (isClosed || place + 1 < rounds.length) await closeBy(world, exits);
    await world.pass(1);
  }
  return world;
};

describe('EX-6 what the fills say is what the round trips and the open lots say, to the last digit', () => {
  it('through every decision: partial fills, flips, fees in three assets, rebates', async () => {
    let [flips, taken] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 4 }), fc.boolean(), async (rounds, isClosed) => {
        const books = booksOf(await play(rounds, isClosed));
        expect(books.fills.every(({ commission }) => commission !== null)).toBe(true);
        expect(cashExplained(books).toFixed()).toBe(cashTold(books).toFixed());
        expect(unitsExplained(books).toFixed()).toBe(unitsTold(books).toFixed());
        flips += rounds.filter(({ side }, place) => place > 0 && rounds[place - 1]?.side !== side).length;
        taken += books.trips.flatMap((record) => record.trips).length;
      }),
      { numRuns: 40 },
    );
    expect(Math.min(flips, taken)).toBeGreaterThan(10);
  });
});
