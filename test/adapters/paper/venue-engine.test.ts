import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decimal, sum, toPlain } from '../../../shared/domain/decimal.ts';
import { createVenueEngine } from '../../../shared/adapters/paper/venue-engine.ts';
import type { VenueEngine } from '../../../shared/adapters/paper/venue-engine.ts';
import type { Applied, NewOrder, StepPrice, VenueConfig } from '../../../shared/adapters/paper/venue-model.ts';
import { DEFAULT_VENUE_CONFIG } from '../../../shared/adapters/paper/venue-model.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';

const d = (text: string | number): Decimal => new Decimal(text);
const AT = 1_700_000_000_000;

interface Bench {
  readonly engine: VenueEngine;
  place(order: Partial<NewOrder>): Applied;
  price(price: string, more?: Partial<StepPrice>): Applied;
  cancel(clientOrderId: string): Applied;
  amend(clientOrderId: string, quantity: string, limit: string | null, stopPrice?: string): Applied;
  told(applied: Applied): readonly string[];
}

const bench = (config: Partial<VenueConfig> = {}): Bench => {
  const markets = defaultMarkets(['AAPL', 'MSFT', 'BTCUSD']);
  const engine = createVenueEngine({ ...DEFAULT_VENUE_CONFIG, markets, ...config });
  let time = AT;
  const at = (): number => (time += 1000);
  return {
    engine,
    place: (order) =>
      engine.apply({
        kind: 'PLACE',
        at: at(),
        order: { clientOrderId: 'a', symbol: 'AAPL', side: 'buy', quantity: d(10), limit: d(100), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...order },
      }),
    price: (price, more = {}) =>
      engine.apply({ kind: 'PRICES', stepId: `s${time}`, at: at(), prices: [{ symbol: 'AAPL', price: d(price), sellable: true, ...more }] }),
    cancel: (clientOrderId) => engine.apply({ kind: 'CANCEL', at: at(), clientOrderId }),
    amend: (clientOrderId, quantity, limit, stopPrice) =>
      engine.apply({
        kind: 'AMEND', at: at(), clientOrderId, quantity: d(quantity),
        limit: limit === null ? null : d(limit), stopPrice: stopPrice === undefined ? null : d(stopPrice),
      }),
    told: (applied) =>
      applied.events.map(({ type, order, fill }) =>
        [type, order.clientOrderId, order.status, ...(fill === null ? [] : [`${toPlain(fill.quantity)}@${toPlain(fill.price)}`])].join(' ')),
  };
};

/** A bench that holds ten shares bought at 100. */
const holding = (config: Partial<VenueConfig> = {}): Bench => {
  const b = bench(config);
  b.price('100');
  b.place({ clientOrderId: 'held' });
  return b;
};

describe('EX-2 an order at the paper venue fills', () => {
  it.each([
    ['buy', '99.99', ['FILLED a FILLED 10@100']],
    ['buy', '100', ['FILLED a FILLED 10@100']],
    ['buy', '100.01', []],
    ['sell', '99.99', []],
    ['sell', '100', ['FILLED a FILLED 10@100']],
    ['sell', '100.01', ['FILLED a FILLED 10@100']],
  ] as const)('a resting %s at 100 when the price comes to %s', (side, price, expected) => {
    const b = bench();
    expect(b.told(b.place({ side }))).toEqual(['ACKNOWLEDGED a OPEN']);
    expect(b.told(b.price(price))).toEqual(expected);
  });

  it('on arrival, at its own limit and not at the better price', () => {
    const b = bench();
    b.price('95');
    expect(b.told(b.place({}))).toEqual(['ACKNOWLEDGED a OPEN', 'FILLED a FILLED 10@100']);
    expect(toPlain(b.engine.cash())).toBe('9000');
    expect(toPlain(b.engine.equity())).toBe('9950');
  });

  it('a market order at the current price', () => {
    const b = bench();
    b.price('95.125');
    expect(b.told(b.place({ limit: null }))).toEqual(['ACKNOWLEDGED a OPEN', 'FILLED a FILLED 10@95.125']);
  });

  it('first come, first served where the volume is short, and the rest stays', () => {
    const b = bench({ fillShareOfVolume: d('0.1') });
    b.place({ clientOrderId: 'first' });
    b.place({ clientOrderId: 'second' });
    expect(b.told(b.price('99', { volume: d(150) }))).toEqual(['FILLED first FILLED 10@100', 'FILLED second PARTIALLY_FILLED 5@100']);
    expect(b.told(b.place({ clientOrderId: 'third' }))).toEqual(['ACKNOWLEDGED third OPEN']);
    expect(b.told(b.price('99', { volume: d(70) }))).toEqual(['FILLED second FILLED 5@100', 'FILLED third PARTIALLY_FILLED 2@100']);
    expect(toPlain(sum(b.engine.fills().map((fill) => fill.quantity)))).toBe('22');
  });

  it('down to the lot of what the volume lets', () => {
    const b = bench({ fillShareOfVolume: d('0.1'), markets: defaultMarkets(['AAPL']).map((market) => ({ ...market, rules: { ...market.rules, lotSize: d(1) } })) });
    b.place({});
    expect(b.told(b.price('99', { volume: d(39) }))).toEqual(['FILLED a PARTIALLY_FILLED 3@100']);
    expect(b.told(b.price('99', { volume: d(9) }))).toEqual([]);
  });

  it('whole where no volume is given', () => {
    const b = bench({ fillShareOfVolume: d('0.1') });
    b.place({});
    expect(b.told(b.price('99'))).toEqual(['FILLED a FILLED 10@100']);
  });
});

describe('EX-2 no sale fills from a price that is not sellable', () => {
  it('a limit sale waits for the next price that is', () => {
    const b = bench();
    b.place({ side: 'sell', limit: d(90) });
    expect(b.told(b.price('95', { sellable: false }))).toEqual([]);
    expect(b.told(b.price('94'))).toEqual(['FILLED a FILLED 10@90']);
  });

  it.each(['GTC', 'IOC'] as const)('a market sale (%s) waits and sells at the next price', (timeInForce) => {
    const b = bench();
    b.price('95', { sellable: false });
    expect(b.told(b.place({ side: 'sell', limit: null, timeInForce }))).toEqual(['ACKNOWLEDGED a OPEN']);
    expect(b.told(b.price('94', { sellable: false }))).toEqual([]);
    expect(b.told(b.price('93'))).toEqual(['FILLED a FILLED 10@93']);
  });

  it('an immediate limit sale expires', () => {
    const b = bench();
    b.price('95', { sellable: false });
    expect(b.told(b.place({ side: 'sell', limit: d(90), timeInForce: 'IOC' }))).toEqual(['ACKNOWLEDGED a OPEN', 'EXPIRED a EXPIRED']);
  });

  it('a buy fills there', () => {
    const b = bench();
    b.price('95', { sellable: false });
    expect(b.told(b.place({}))).toContain('FILLED a FILLED 10@100');
  });
});

describe('EX-1 an immediate order leaves nothing resting', () => {
  it('expires when its limit is not reached', () => {
    const b = bench();
    b.price('101');
    expect(b.told(b.place({ timeInForce: 'IOC' }))).toEqual(['ACKNOWLEDGED a OPEN', 'EXPIRED a EXPIRED']);
    expect(b.told(b.price('90'))).toEqual([]);
  });

  it('expires with what it filled', () => {
    const b = bench({ fillShareOfVolume: d(1) });
    b.price('99', { volume: d(4) });
    expect(b.told(b.place({ timeInForce: 'IOC' }))).toEqual(['ACKNOWLEDGED a OPEN', 'FILLED a PARTIALLY_FILLED 4@100', 'EXPIRED a EXPIRED']);
    expect(toPlain(b.engine.find('a')?.filledQuantity ?? d(0))).toBe('4');
  });

  it('expires what the first price that can be sold at leaves of a market sale', () => {
    const b = bench({ fillShareOfVolume: d(1) });
    b.price('99', { sellable: false });
    b.place({ side: 'sell', limit: null, timeInForce: 'IOC' });
    expect(b.told(b.price('98', { volume: d(4) }))).toEqual(['FILLED a PARTIALLY_FILLED 4@98', 'EXPIRED a EXPIRED']);
  });
});

describe('EX-10 the venue refuses', () => {
  const banded = defaultMarkets(['AAPL']).map((market) => ({
    ...market,
    rules: { ...market.rules, lotSize: d('0.5'), minQuantity: d(1), priceBand: { low: d(50), high: d(150) } },
  }));
  it.each([
    ['UNKNOWN_SYMBOL', { symbol: 'TSLA' }],
    ['NO_PRICE', { limit: null }],
    ['TICK_SIZE', { limit: d('100.001') }],
    ['LOT_SIZE', { quantity: d('10.25') }],
    ['MIN_QUANTITY', { quantity: d('0.5') }],
    ['MIN_QUANTITY', { quantity: d(0) }],
    ['MIN_QUANTITY', { quantity: d(-1) }],
    ['PRICE_BAND', { limit: d('49.99') }],
    ['PRICE_BAND', { limit: d('150.01') }],
    ['PRICE_BAND', { limit: d(0) }],
    ['REDUCE_ONLY', { reduceOnly: true }],
    ['REDUCE_ONLY', { reduceOnly: true, side: 'sell' }],
    ['INSUFFICIENT_FUNDS', { quantity: d('400.5') }],
  ] as const)('%s: %j', (code, order) => {
    const b = bench({ markets: banded });
    const applied = b.place(order);
    expect(applied.refusal).toBe(code);
    expect(b.told(applied)).toEqual(['REJECTED a REJECTED']);
    expect(b.engine.openOrders()).toEqual([]);
    expect(b.engine.find('a')?.refusal).toBe(code);
  });

  it.each([[{ limit: d(50) }], [{ limit: d(150) }], [{ quantity: d(1) }], [{ quantity: d(400) }]] as const)('nothing at the bound itself: %j', (order) => {
    expect(bench({ markets: banded }).place(order).refusal).toBeNull();
  });

  it.each([
    ['0.999999999', 'MIN_NOTIONAL'],
    ['1', null],
  ] as const)('a notional of %s: %s', (quantity, code) => {
    expect(bench().place({ quantity: d(quantity), limit: d(1) }).refusal).toBe(code);
  });

  it('a sum of positions and live entries beyond the buying power', () => {
    const b = holding({ startingCash: d(1000), buyingPowerMultiple: d(2) });
    expect(b.place({ clientOrderId: 'b', limit: d(50), quantity: d(20) }).refusal).toBeNull();
    expect(b.place({ clientOrderId: 'c', limit: d(50), quantity: d('0.1') }).refusal).toBe('INSUFFICIENT_FUNDS');
    b.cancel('b');
    expect(b.place({ clientOrderId: 'd', limit: d(50), quantity: d('0.1') }).refusal).toBeNull();
  });

  it('but not an order that only takes off what is held, reduce-only or not, however the position stands', () => {
    const b = holding({ startingCash: d(1000), buyingPowerMultiple: d(1) });
    expect(b.place({ clientOrderId: 'stop', side: 'sell', limit: null, stopPrice: d(20), quantity: d(10) }).refusal).toBeNull();
    b.cancel('stop');
    b.price('10');
    expect(b.place({ clientOrderId: 'exit', side: 'sell', limit: d(11), quantity: d(10) }).refusal).toBeNull();
  });

  it('a sale that would leave more open short than the buying power', () => {
    const b = holding({ startingCash: d(1000), buyingPowerMultiple: d(1) });
    expect(b.place({ clientOrderId: 'even', side: 'sell', limit: d(100), quantity: d(20) }).refusal).toBeNull();
    b.cancel('even');
    expect(b.place({ clientOrderId: 'more', side: 'sell', limit: d(100), quantity: d('20.1') }).refusal).toBe('INSUFFICIENT_FUNDS');
  });

  it('a second order under the same id, and tells nothing under that id', () => {
    const b = bench();
    b.place({});
    const again = b.place({ quantity: d(5) });
    expect(again).toEqual({ changed: false, refusal: 'DUPLICATE_CLIENT_ORDER_ID', order: null, events: [] });
    b.cancel('a');
    expect(b.place({}).refusal).toBe('DUPLICATE_CLIENT_ORDER_ID');
  });

  it('an id among open orders only, where it is so configured', () => {
    const b = bench({ uniqueClientOrderIds: 'OPEN' });
    b.place({});
    expect(b.place({}).refusal).toBe('DUPLICATE_CLIENT_ORDER_ID');
    b.cancel('a');
    expect(b.place({}).refusal).toBeNull();
    expect(b.engine.find('a')?.status).toBe('OPEN');
    expect(b.engine.allOrders().map((order) => order.status)).toEqual(['CANCELLED', 'OPEN']);
  });
});

describe('SL-6 a reduce-only order never turns a position over', () => {
  it('is refused beyond the position, other exits counted', () => {
    const b = holding();
    const exit = { side: 'sell', reduceOnly: true, limit: d(200) } as const;
    expect(b.place({ ...exit, clientOrderId: 'x', quantity: d(6) }).refusal).toBeNull();
    expect(b.place({ ...exit, clientOrderId: 'y', quantity: d(5) }).refusal).toBe('REDUCE_ONLY');
    expect(b.place({ ...exit, clientOrderId: 'z', quantity: d(4) }).refusal).toBeNull();
  });

  it('may be amended up to the position, itself not counted twice', () => {
    const b = holding();
    b.place({ clientOrderId: 'x', side: 'sell', reduceOnly: true, limit: d(200), quantity: d(6) });
    expect(b.amend('x', '10.5', '200').refusal).toBe('REDUCE_ONLY');
    expect(b.amend('x', '10', '200').refusal).toBeNull();
  });

  it('fills only what is still held, and expires when nothing is', () => {
    const b = holding();
    b.place({ clientOrderId: 'x', side: 'sell', reduceOnly: true, limit: d(110) });
    b.place({ clientOrderId: 'y', side: 'sell', limit: d(100), quantity: d(7) });
    expect(b.told(b.price('110'))).toEqual(['FILLED x PARTIALLY_FILLED 3@110']);
    expect(b.told(b.price('111'))).toEqual(['EXPIRED x EXPIRED']);
    expect(b.engine.holdings()).toEqual([]);
  });
});

/** What makes an order a stop of the ten shares held, at 90. */
const STOP = { clientOrderId: 'stop', side: 'sell', limit: null, stopPrice: d(90), reduceOnly: true } as const;

describe('SL-4 a stop at the paper venue', () => {
  it('tells when it was triggered, and fills at the price of a gap', () => {
    const b = holding();
    expect(b.told(b.place(STOP))).toEqual(['ACKNOWLEDGED stop OPEN']);
    expect(b.told(b.price('90.01'))).toEqual([]);
    expect(b.engine.find('stop')?.triggeredAt).toBeNull();
    expect(b.told(b.price('88'))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop FILLED 10@88']);
    expect(b.engine.find('stop')?.triggeredAt).toBe(b.engine.quotes().get('AAPL')?.at);
  });

  it('is triggered once, by a price that cannot be sold at too, and then tries at every price', () => {
    const b = holding();
    b.place(STOP);
    expect(b.told(b.price('89', { sellable: false }))).toEqual(['TRIGGERED stop OPEN']);
    expect([b.engine.conditionalOrders(), b.engine.openOrders().map((order) => order.clientOrderId)]).toEqual([[], ['stop']]);
    expect(b.told(b.price('88', { sellable: false }))).toEqual([]);
    expect(b.told(b.price('87'))).toEqual(['FILLED stop FILLED 10@87']);
  });

  it.each([
    ['sell', '89', '95', '90'],
    ['buy', '111', '105', '110'],
  ] as const)('a %s never fills better than at its stop price, come what may after the trigger', (side, trigger, after, filled) => {
    const b = side === 'sell' ? holding({ fillShareOfVolume: d(1) }) : bench({ fillShareOfVolume: d(1) });
    if (side === 'buy') b.price('100');
    b.place({ ...STOP, side, stopPrice: d(side === 'sell' ? 90 : 110), reduceOnly: side === 'sell' });
    expect(b.told(b.price(trigger, { volume: d(0) }))).toEqual(['TRIGGERED stop OPEN']);
    expect(b.told(b.price(after))).toEqual([`FILLED stop FILLED 10@${filled}`]);
  });

  it('fills no more than the volume lets, and the rest at later prices', () => {
    const b = holding({ fillShareOfVolume: d('0.5') });
    b.place(STOP);
    expect(b.told(b.price('89', { volume: d(8) }))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop PARTIALLY_FILLED 4@89']);
    expect(b.told(b.price('88', { volume: d(100) }))).toEqual(['FILLED stop FILLED 6@88']);
  });

  it('takes nothing away from others while it waits', () => {
    const b = holding({ fillShareOfVolume: d(1) });
    b.place(STOP);
    b.place({ clientOrderId: 'entry', limit: d(95) });
    expect(b.told(b.price('95', { volume: d(10) }))).toEqual(['FILLED entry FILLED 10@95']);
  });

  it('waits as an immediate order too, and leaves nothing once it was triggered', () => {
    const b = holding({ fillShareOfVolume: d(1) });
    expect(b.told(b.place({ ...STOP, timeInForce: 'IOC' }))).toEqual(['ACKNOWLEDGED stop OPEN']);
    expect(b.told(b.price('91'))).toEqual([]);
    expect(b.told(b.price('90', { volume: d(4) }))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop PARTIALLY_FILLED 4@90', 'EXPIRED stop EXPIRED']);
  });

  it('rests when its position is gone, opens none, and expires at its trigger', () => {
    const b = holding();
    b.place(STOP);
    b.place({ clientOrderId: 'sale', side: 'sell', limit: d(100) });
    expect(b.engine.conditionalOrders()).toHaveLength(1);
    expect(b.told(b.price('90'))).toEqual(['TRIGGERED stop OPEN', 'EXPIRED stop EXPIRED']);
    expect(b.engine.holdings()).toEqual([]);
  });

  it('sells only what is still held', () => {
    const b = holding();
    b.place(STOP);
    b.place({ clientOrderId: 'sale', side: 'sell', limit: d(100), quantity: d(7) });
    expect(b.told(b.price('90'))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop PARTIALLY_FILLED 3@90']);
    expect(b.told(b.price('89'))).toEqual(['EXPIRED stop EXPIRED']);
  });

  it('is triggered at once where its price is reached already, if the venue is so configured', () => {
    const b = holding({ immediateStops: 'TRIGGER' });
    expect(b.told(b.place({ ...STOP, stopPrice: d(100) }))).toEqual(['ACKNOWLEDGED stop OPEN', 'TRIGGERED stop OPEN', 'FILLED stop FILLED 10@100']);
  });

  it('may be placed before there is any price', () => {
    const b = bench();
    expect(b.place({ clientOrderId: 'entry', limit: null, stopPrice: d(110) }).refusal).toBeNull();
    expect(b.told(b.price('110'))).toEqual(['TRIGGERED entry OPEN', 'FILLED entry FILLED 10@110']);
  });

  it('counts at its stop price in the buying power', () => {
    const b = bench({ startingCash: d(1000), buyingPowerMultiple: d(1) });
    b.price('1');
    b.place({ clientOrderId: 'entry', limit: null, stopPrice: d(60) });
    expect(b.place({ clientOrderId: 'more', limit: d(1), quantity: d(401) }).refusal).toBe('INSUFFICIENT_FUNDS');
    expect(b.place({ clientOrderId: 'less', limit: d(1), quantity: d(400) }).refusal).toBeNull();
  });

  const banded = defaultMarkets(['AAPL']).map((market) => ({
    ...market,
    rules: { ...market.rules, minQuantity: d('0.01'), minNotional: d(5), priceBand: { low: d(50), high: d(150) } },
  }));
  it.each([
    ['TICK_SIZE', { stopPrice: d('90.001') }],
    ['PRICE_BAND', { stopPrice: d('49.99') }],
    ['PRICE_BAND', { stopPrice: d(0) }],
    ['PRICE_BAND', { stopPrice: d(-90) }],
    ['MIN_NOTIONAL', { stopPrice: d(50), quantity: d('0.099') }],
    [null, { stopPrice: d(50), quantity: d('0.1') }],
    [null, { stopPrice: d(50) }],
    ['REDUCE_ONLY', { quantity: d('10.1') }],
    ['REDUCE_ONLY', { quantity: d('10.1'), stopPrice: d(101) }],
    ['WOULD_TRIGGER', { stopPrice: d(100) }],
  ] as const)('EX-10 is looked at as any other order: %s %j', (code, changes) => {
    expect(holding({ markets: banded }).place({ ...STOP, ...changes }).refusal).toBe(code);
  });

  it('EX-10 nothing is too little to be closed at the market, as long as it is an order', () => {
    const b = holding({ markets: banded });
    const sale = { side: 'sell', limit: null, quantity: d('0.04') } as const;
    expect(b.place({ ...sale, clientOrderId: 'plain' }).refusal).toBe('MIN_NOTIONAL');
    expect(b.place({ ...sale, clientOrderId: 'limited', limit: d(100), reduceOnly: true }).refusal).toBe('MIN_NOTIONAL');
    expect(b.place({ ...sale, clientOrderId: 'less', quantity: d('0.009'), reduceOnly: true }).refusal).toBe('MIN_QUANTITY');
    expect(b.place({ ...sale, clientOrderId: 'closing', reduceOnly: true }).refusal).toBeNull();
  });
});

describe('SL-5 a stop at the paper venue moves', () => {
  it('to another price and quantity, and is triggered there', () => {
    const b = holding();
    b.place(STOP);
    expect(b.told(b.amend('stop', '8', null, '95'))).toEqual(['AMENDED stop OPEN']);
    expect(b.told(b.price('95'))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop FILLED 8@95']);
  });

  it.each([
    ['NOT_AMENDABLE', 'stop', '10', '80', undefined],
    ['NOT_AMENDABLE', 'stop', '10', null, undefined],
    ['NOT_AMENDABLE', 'limit', '1', null, '80'],
    ['REDUCE_ONLY', 'stop', '10.5', null, '80'],
    ['TICK_SIZE', 'stop', '10', null, '80.001'],
    ['WOULD_TRIGGER', 'stop', '10', null, '100'],
  ] as const)('or not, as %s (%s to %s at limit %s, stop %s), and stays as it was', (refusal, id, quantity, limit, stopPrice) => {
    const b = holding();
    b.place(STOP);
    b.place({ clientOrderId: 'limit', limit: d(50), quantity: d(1) });
    const before = JSON.stringify([b.engine.allOrders(), b.engine.sequence()]);
    expect(b.amend(id, quantity, limit, stopPrice)).toEqual({ changed: false, refusal, order: null, events: [] });
    expect(JSON.stringify([b.engine.allOrders(), b.engine.sequence()])).toBe(before);
  });

  it('no more once it was triggered', () => {
    const b = holding();
    b.place(STOP);
    b.price('89', { sellable: false });
    expect(b.amend('stop', '10', null, '85').refusal).toBe('NOT_AMENDABLE');
  });

  it('nowhere at a venue that amends no stops, which still amends limits', () => {
    const b = holding({ amendsStops: false });
    b.place({ ...STOP, quantity: d(5) });
    b.place({ clientOrderId: 'limit', limit: d(50), quantity: d(1) });
    expect(b.amend('stop', '5', null, '95').refusal).toBe('NOT_AMENDABLE');
    expect(b.amend('limit', '2', '50').refusal).toBeNull();
  });

  it('beside another one only where reduce-only orders may overlap', () => {
    const second = { ...STOP, clientOrderId: 'second', stopPrice: d(95) };
    const apart = holding();
    apart.place(STOP);
    expect(apart.place(second).refusal).toBe('REDUCE_ONLY');
    const over = holding({ reduceOnlyOverlap: true });
    over.place(STOP);
    expect(over.place(second).refusal).toBeNull();
    expect(over.place({ ...STOP, clientOrderId: 'third', quantity: d('10.1') }).refusal).toBe('REDUCE_ONLY');
    expect(over.told(over.price('80'))).toEqual(['TRIGGERED stop OPEN', 'FILLED stop FILLED 10@80', 'TRIGGERED second OPEN', 'EXPIRED second EXPIRED']);
    expect(over.engine.holdings()).toEqual([]);
  });
});

describe('EX-9 a cancel', () => {
  it('ends a live order with what it filled', () => {
    const b = bench({ fillShareOfVolume: d(1) });
    b.place({});
    b.price('99', { volume: d(4) });
    const applied = b.cancel('a');
    expect(b.told(applied)).toEqual(['CANCELLED a CANCELLED']);
    expect(toPlain(applied.order?.filledQuantity ?? d(0))).toBe('4');
    expect(b.told(b.price('99'))).toEqual([]);
  });

  it.each([
    ['ORDER_UNKNOWN', 'nobody'],
    ['ORDER_CLOSED', 'held'],
  ] as const)('is refused as %s for %s and changes nothing', (refusal, id) => {
    const b = holding();
    const before = JSON.stringify([b.engine.allOrders(), b.engine.sequence()]);
    expect(b.cancel(id)).toEqual({ changed: false, refusal, order: null, events: [] });
    expect(JSON.stringify([b.engine.allOrders(), b.engine.sequence()])).toBe(before);
  });
});

describe('EX-3 an amendment', () => {
  it('keeps the id, and fills at once where the new limit is marketable', () => {
    const b = bench();
    b.price('105');
    b.place({});
    expect(b.told(b.amend('a', '12', '101'))).toEqual(['AMENDED a OPEN']);
    expect(b.told(b.amend('a', '12', '106'))).toEqual(['AMENDED a OPEN', 'FILLED a FILLED 12@106']);
  });

  it('keeps its place in the queue only where it shrinks', () => {
    const b = bench({ fillShareOfVolume: d(1) });
    for (const clientOrderId of ['a', 'b', 'c']) b.place({ clientOrderId });
    b.amend('a', '9', '100');
    b.amend('b', '11', '100');
    expect(b.told(b.price('100', { volume: d(20) }))).toEqual(['FILLED a FILLED 9@100', 'FILLED c FILLED 10@100', 'FILLED b PARTIALLY_FILLED 1@100']);
  });

  it.each([
    ['QUANTITY_ALREADY_FILLED', 'part', '4', '100'],
    ['QUANTITY_ALREADY_FILLED', 'part', '3', '100'],
    ['ORDER_CLOSED', 'gone', '5', '100'],
    ['ORDER_UNKNOWN', 'nobody', '5', '100'],
    ['NOT_AMENDABLE', 'market', '5', '100'],
    ['TICK_SIZE', 'part', '5', '100.001'],
    ['INSUFFICIENT_FUNDS', 'part', '500', '100'],
  ] as const)('is refused as %s (%s to %s at %s) and changes nothing', (refusal, id, quantity, limit) => {
    const b = bench({ fillShareOfVolume: d(1) });
    b.place({ clientOrderId: 'gone' });
    b.cancel('gone');
    b.place({ clientOrderId: 'part' });
    b.price('99', { volume: d(4), sellable: false });
    b.place({ clientOrderId: 'market', side: 'sell', limit: null });
    const before = JSON.stringify([b.engine.allOrders(), b.engine.sequence()]);
    expect(b.amend(id, quantity, limit)).toEqual({ changed: false, refusal, order: null, events: [] });
    expect(JSON.stringify([b.engine.allOrders(), b.engine.sequence()])).toBe(before);
  });

  it('counts only the rest of what it asks for', () => {
    const b = bench({ fillShareOfVolume: d(1), startingCash: d(250) });
    b.place({});
    b.price('100', { volume: d(4) });
    expect(b.amend('a', '10', '100').refusal).toBeNull();
    expect(b.amend('a', '11', '100').refusal).toBe('INSUFFICIENT_FUNDS');
  });
});

describe('EX-6 the account at the venue', () => {
  it('sells first in, first out, and averages what is left', () => {
    const b = holding();
    b.place({ clientOrderId: 'b', limit: d(106), quantity: d(5) });
    b.place({ clientOrderId: 'c', side: 'sell', limit: d(100), quantity: d(12) });
    expect(b.engine.holdings()).toMatchObject([{ symbol: 'AAPL', quantity: d(3), averagePrice: d(106) }]);
  });

  it('turns over into a short where an order is not reduce-only', () => {
    const b = holding();
    b.place({ clientOrderId: 'c', side: 'sell', limit: d(90), quantity: d(12) });
    expect(b.engine.holdings()).toMatchObject([{ symbol: 'AAPL', quantity: d(-2), averagePrice: d(90) }]);
  });

  it('takes the fee of each fill from the cash', () => {
    const b = holding({ feeRate: d('0.001') });
    expect(toPlain(b.engine.cash())).toBe('8999');
    expect(b.engine.fills().map((fill) => toPlain(fill.fee))).toEqual(['1']);
  });
});

describe('SL-4 a fee that is taken in the base asset', () => {
  const fees = { feeRate: d('0.001'), feeAsset: 'BASE' } as const;
  const crypto = { symbol: 'BTC/USD', limit: null } as const;
  const traded = (config: Partial<VenueConfig>): Bench => {
    const b = bench(config);
    b.price('1000', { symbol: 'BTC/USD' });
    b.place({ ...crypto, clientOrderId: 'bought', quantity: d(2) });
    b.place({ ...crypto, clientOrderId: 'sold', side: 'sell', quantity: d(1) });
    return b;
  };

  it('makes the holding smaller at a buy of crypto, and costs money at the sale', () => {
    const b = traded(fees);
    expect(b.engine.fills().map((fill) => `${toPlain(fill.fee)} ${fill.feeIn}`)).toEqual(['0.002 BASE', '1 QUOTE']);
    expect(b.engine.holdings().map((held) => toPlain(held.quantity))).toEqual(['0.998']);
    expect(toPlain(b.engine.cash())).toBe('8999');
  });

  it('is taken in money where the venue does so, and of stocks everywhere', () => {
    const b = traded({ ...fees, feeAsset: 'QUOTE' });
    expect([...b.engine.holdings().map((held) => toPlain(held.quantity)), toPlain(b.engine.cash())]).toEqual(['1', '8997']);
    const stocks = bench(fees);
    stocks.price('100');
    stocks.place({});
    expect(stocks.engine.fills().map((fill) => `${toPlain(fill.fee)} ${fill.feeIn}`)).toEqual(['1 QUOTE']);
  });
});

describe('SL-11 the fills of the venue', () => {
  it('come in pages, after a number', () => {
    const b = bench();
    b.price('100');
    for (const id of ['a', 'b', 'c']) b.place({ clientOrderId: id, quantity: d(1) });
    const page = (after: number, most: number) => b.engine.fillsAfter(after, most).map((fill) => `${fill.sequence} ${fill.clientOrderId}`);
    expect([page(0, 2), page(4, 2), page(5, 2), page(6, 2)]).toEqual([['2 a', '4 b'], ['6 c'], ['6 c'], []]);
  });
});

describe('a step of prices', () => {
  it('counts once', () => {
    const b = bench();
    const step = { kind: 'PRICES', stepId: 'one', at: AT, prices: [{ symbol: 'AAPL', price: d(99), sellable: true }] } as const;
    expect(b.engine.apply(step).changed).toBe(true);
    b.place({ limit: d(98) });
    expect(b.engine.apply({ ...step, prices: [{ symbol: 'AAPL', price: d(90), sellable: true }] })).toEqual({ changed: false, refusal: null, order: null, events: [] });
    expect(b.engine.quotes().get('AAPL')).toEqual({ price: d(99), at: AT });
  });

  it.each([
    ['TSLA', '1'],
    ['AAPL', '0'],
    ['AAPL', '-1'],
    ['AAPL', 'NaN'],
  ])('is thrown out whole for %s at %s', (symbol, price) => {
    const b = bench();
    expect(() => b.engine.apply({
      kind: 'PRICES', stepId: 'bad', at: AT,
      prices: [{ symbol: 'MSFT', price: d(1), sellable: true }, { symbol, price: d(price), sellable: true }],
    })).toThrow(RangeError);
    expect(b.engine.quotes().size).toBe(0);
  });
});

const cents = fc.integer({ min: 9000, max: 11000 }).map((value) => d(value).dividedBy(100));
const units = fc.integer({ min: 1, max: 40_000_000_000 }).map((value) => d(value).times('0.000000001'));
const anyStep = fc.oneof(
  fc.record({ do: fc.constant('price' as const), price: cents, volume: fc.option(units), sellable: fc.boolean() }),
  fc.record({
    do: fc.constant('place' as const), id: fc.integer({ min: 0, max: 30 }), side: fc.constantFrom('buy' as const, 'sell' as const), quantity: units,
    price: fc.option(cents), stops: fc.boolean(), timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const), reduceOnly: fc.boolean(),
  }),
  fc.record({ do: fc.constant('cancel' as const), id: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ do: fc.constant('amend' as const), id: fc.integer({ min: 0, max: 30 }), quantity: units, limit: cents, stops: fc.boolean() }),
);

describe('EX-6 whatever is asked of the venue', () => {
  it('cash and positions are what the fills say, to the last digit, and no order fills beyond itself', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80 }), fc.constantFrom(null, '0.3', '1'), fc.boolean(), (steps, share, reduceOnlyOverlap) => {
        const b = bench({ feeRate: d('0.00125'), fillShareOfVolume: share === null ? null : d(share), reduceOnlyOverlap });
        for (const step of steps) {
          if (step.do === 'price') b.price(toPlain(step.price), { volume: step.volume, sellable: step.sellable });
          if (step.do === 'place') b.place({ ...step, clientOrderId: `o${step.id}`, limit: step.stops ? null : step.price, stopPrice: step.stops ? step.price : null });
          if (step.do === 'cancel') b.cancel(`o${step.id}`);
          if (step.do === 'amend' && step.stops) b.amend(`o${step.id}`, toPlain(step.quantity), null, toPlain(step.limit));
          if (step.do === 'amend' && !step.stops) b.amend(`o${step.id}`, toPlain(step.quantity), toPlain(step.limit));
        }
        const fills = b.engine.fills();
        const signed = fills.map((fill) => (fill.side === 'buy' ? fill.quantity : fill.quantity.negated()));
        const spent = sum(fills.map((fill, i) => (signed[i] ?? d(0)).times(fill.price).plus(fill.fee)));
        const reducing = new Set(b.engine.allOrders().filter((order) => order.reduceOnly).map((order) => order.clientOrderId));
        let position = d(0);
        for (const [i, fill] of fills.entries()) {
          const after = position.plus(signed[i] ?? d(0));
          if (reducing.has(fill.clientOrderId)) expect([after.abs().lessThan(position.abs()), after.times(position).isNegative() && !after.isZero()]).toEqual([true, false]);
          position = after;
        }
        expect(b.engine.cash().plus(spent).equals(DEFAULT_VENUE_CONFIG.startingCash)).toBe(true);
        expect(toPlain(sum(b.engine.holdings().map((held) => held.quantity)))).toBe(toPlain(sum(signed)));
        for (const order of b.engine.allOrders()) {
          expect(order.filledQuantity.lessThanOrEqualTo(order.quantity)).toBe(true);
          expect(toPlain(sum(order.fills.map((fill) => fill.quantity)))).toBe(toPlain(order.filledQuantity));
          expect(order.status === 'FILLED').toBe(order.filledQuantity.equals(order.quantity));
          if (order.stopPrice !== null && order.triggeredAt === null) expect(order.fills).toEqual([]);
          expect((order.closeSequence === null)).toBe(order.status === 'OPEN' || order.status === 'PARTIALLY_FILLED');
        }
      }),
      { numRuns: 200 },
    );
  });
});
