// What every venue behind the Exchange port must do, whatever it is: run it against each adapter.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Decimal, sum, toPlain } from '../../shared/domain/decimal.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import type { OrderReport } from '../../shared/domain/order-report.ts';
import type { Exchange, PlaceOrder } from '../../shared/ports.ts';
import { VenueReadError } from '../../shared/errors.ts';

/** A venue under test with one stock whose price can be moved, and that can be made to fail. */
export interface ExchangeBench {
  readonly exchange: Exchange;
  readonly symbol: string;
  setPrice(price: string): Promise<void>;
  /** The next order call takes effect or not, and is never answered. */
  loseNextAnswer(takesEffect: boolean): Promise<void>;
  /** The next so many reads fail in a way that passes. */
  failNextReads(count: number): Promise<void>;
  /** The next placement is one too many: nothing is done, and the venue asks for so many seconds without calls. */
  limitNext?(seconds: number): Promise<void>;
  /** Takes the venue away. */
  stop(): Promise<void>;
  /** The words for a cancel of what is over and of what never was, where the venue has others or only one. */
  readonly notOpenWords?: readonly [over: string, never: string];
  /** The venue answers a placement under a known id with the order that has it. */
  readonly answersRepeats?: boolean;
  /** Positions are balances, which have no price. */
  readonly positionsHaveNoPrice?: boolean;
}

/** What some venues have and others not: named for those that do, so that none is taken to have it by mistake. */
export type ExchangeKind = 'POST_ONLY' | 'IOC_LIMIT' | 'ICEBERG' | 'LIQUIDITY' | 'PAUSE' | 'BATCHES';

const d = (text: string): Decimal => new Decimal(text);

export const reportOf = (outcome: Outcome): OrderReport => {
  if (outcome.kind !== 'ACCEPTED') throw new Error(`expected ACCEPTED, found ${JSON.stringify(outcome)}`);
  return outcome.report;
};

/** Declares the suite for one venue. */
export const describeExchange = (name: string, start: () => Promise<ExchangeBench>, kinds: readonly ExchangeKind[] = []): void => {
  describeKinds(name, start, kinds);
  describe(`EX-9 the Exchange port over ${name}`, () => {
    let bench: ExchangeBench;
    beforeEach(async () => {
      bench = await start();
      await bench.setPrice('100');
    });
    afterEach(async () => bench.stop());

    const order = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder => ({
      clientOrderId,
      symbol: bench.symbol,
      intent: { kind: 'PLACE', side: 'buy', quantity: d('2.5'), limit: d('90.25'), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent },
    });
    const ref = (clientOrderId: string) => ({ clientOrderId, symbol: bench.symbol });

    it('accepts an order and finds it by our id, numbers exact', async () => {
      const placed = reportOf(await bench.exchange.place(order('one')));
      expect(placed).toMatchObject({ clientOrderId: 'one', symbol: bench.symbol, status: 'OPEN', trades: [], averagePrice: null });
      expect(placed.exchangeOrderId).not.toBeNull();
      const found = await bench.exchange.findOrder(ref('one'));
      expect([found?.quantity, found?.limit, found?.filledQuantity].map((value) => (value ? toPlain(value) : value))).toEqual(['2.5', '90.25', '0']);
    });

    it('says null of an order it never had, and lists the open ones', async () => {
      expect(await bench.exchange.findOrder(ref('nobody'))).toBeNull();
      await bench.exchange.place(order('one'));
      await bench.exchange.place(order('two', { limit: d('100') }));
      expect((await bench.exchange.openOrders()).map((open) => open.clientOrderId)).toEqual(['one']);
    });

    it('reports what filled with trades that add up', async () => {
      const report = reportOf(await bench.exchange.place(order('one', { limit: d('100') })));
      expect(report.status).toBe('FILLED');
      expect(toPlain(sum(report.trades.map((trade) => trade.quantity)))).toBe('2.5');
      expect(toPlain(report.averagePrice ?? d('0'))).toBe('100');
      expect(new Set(report.trades.map((trade) => trade.tradeId)).size).toBe(report.trades.length);
    });

    it('refuses only in so many words, and then has no live order', async () => {
      expect(await bench.exchange.place(order('one', { limit: d('90.00000000001') }))).toMatchObject({ kind: 'REFUSED' });
      expect(await bench.exchange.place(order('two', { side: 'sell', reduceOnly: true }))).toMatchObject({ kind: 'REFUSED' });
      expect(await bench.exchange.openOrders()).toEqual([]);
    });

    it('never takes an id twice, and does not call the second a refusal: the order lives', async () => {
      await bench.exchange.place(order('one'));
      expect((await bench.exchange.place(order('one'))).kind).toBe(bench.answersRepeats === true ? 'ACCEPTED' : 'UNKNOWN');
      expect(await bench.exchange.openOrders()).toHaveLength(1);
    });

    it('cancels a live order and refuses to cancel what is over or was never there', async () => {
      await bench.exchange.place(order('one'));
      expect(reportOf(await bench.exchange.cancel(ref('one')))).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.exchange.cancel(ref('one'))).toEqual({ kind: 'REFUSED', code: bench.notOpenWords?.[0] ?? 'ORDER_CLOSED' });
      expect(await bench.exchange.cancel(ref('nobody'))).toEqual({ kind: 'REFUSED', code: bench.notOpenWords?.[1] ?? 'ORDER_UNKNOWN' });
    });

    it('amends under the same id, where it amends at all', async () => {
      if (!bench.exchange.traits.amends) return;
      const before = reportOf(await bench.exchange.place(order('one')));
      const after = reportOf(await bench.exchange.amend({ ...ref('one'), intent: { kind: 'AMEND', quantity: d('3'), limit: d('91'), stopPrice: null } }));
      expect([after.clientOrderId, after.exchangeOrderId, after.status]).toEqual(['one', before.exchangeOrderId, 'OPEN']);
      expect([after.quantity, after.limit].map((value) => toPlain(value ?? d('0')))).toEqual(['3', '91']);
      expect(await bench.exchange.openOrders()).toHaveLength(1);
    });

    it.each([
      [true, 'OPEN'],
      [false, null],
    ] as const)('knows nothing of an order whose answer was lost (taken: %s), and can be asked', async (takesEffect, status) => {
      await bench.loseNextAnswer(takesEffect);
      expect((await bench.exchange.place(order('one'))).kind).toBe('UNKNOWN');
      expect((await bench.exchange.findOrder(ref('one')))?.status ?? null).toBe(status);
    });

    it.each([
      [true, 'CANCELLED'],
      [false, 'OPEN'],
    ] as const)('knows nothing of a cancel whose answer was lost (taken: %s), and can be asked', async (takesEffect, status) => {
      await bench.exchange.place(order('one'));
      await bench.loseNextAnswer(takesEffect);
      expect((await bench.exchange.cancel(ref('one'))).kind).toBe('UNKNOWN');
      expect((await bench.exchange.findOrder(ref('one')))?.status).toBe(status);
    });

    it('tells positions, quotes, markets and equity', async () => {
      await bench.exchange.place(order('one', { limit: d('100') }));
      await bench.setPrice('101');
      const [position] = await bench.exchange.positions();
      expect([position?.symbol, toPlain(position?.quantity ?? d('0')), toPlain(position?.averagePrice ?? d('0'))]).toEqual([bench.symbol, '2.5', bench.positionsHaveNoPrice === true ? '0' : '100']);
      expect(toPlain((await bench.exchange.quotes([bench.symbol]))[bench.symbol]?.price ?? d('0'))).toBe('101');
      expect((await bench.exchange.markets()).map((market) => market.symbol)).toContain(bench.symbol);
      expect((await bench.exchange.equity()).equity.isPositive()).toBe(true);
    });

    it('gives a fill to a sale that reduces only, and is flat', async () => {
      await bench.exchange.place(order('one', { limit: d('100') }));
      const sale = reportOf(await bench.exchange.place(order('two', { side: 'sell', limit: null, reduceOnly: true })));
      expect(sale.status).toBe('FILLED');
      expect(await bench.exchange.positions()).toEqual([]);
      expect(await bench.exchange.findPosition(bench.symbol)).toBeNull();
    });

    it('reads again what fails in passing, and throws when that is not enough', async () => {
      await bench.failNextReads(2);
      expect(await bench.exchange.openOrders()).toEqual([]);
      await bench.failNextReads(3);
      await expect(bench.exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
    });

    it('says NOT_SENT where nobody listens, and throws for reads', async () => {
      await bench.exchange.openOrders();
      await bench.stop();
      // On a connection that was still open the loss is only noticed while sending: that one is not certain.
      expect(['NOT_SENT', 'UNKNOWN']).toContain((await bench.exchange.place(order('one'))).kind);
      expect((await bench.exchange.place(order('one'))).kind).toBe('NOT_SENT');
      expect((await bench.exchange.cancel(ref('one'))).kind).toBe('NOT_SENT');
      await expect(bench.exchange.findOrder(ref('one'))).rejects.toBeInstanceOf(VenueReadError);
    });
  });
};

/** Declares what a venue must do with the order kinds that it has (EX-1), several orders (EX-4), its trades (EX-6) and its limits (EX-9). */
const describeKinds = (name: string, start: () => Promise<ExchangeBench>, kinds: readonly ExchangeKind[]): void => {
  let bench: ExchangeBench;
  const open = async (): Promise<void> => {
    bench = await start();
    await bench.setPrice('100');
  };
  const place = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder => ({
    clientOrderId,
    symbol: bench.symbol,
    intent: { kind: 'PLACE', side: 'buy', quantity: d('2.5'), limit: d('90.25'), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent },
  });
  const ref = (clientOrderId: string) => ({ clientOrderId, symbol: bench.symbol });
  const openIds = async (): Promise<readonly string[]> => (await bench.exchange.openOrders()).map((report) => report.clientOrderId).toSorted();
  const wordOf = (outcome: Outcome): string => (outcome.kind === 'ACCEPTED' ? outcome.report.status : outcome.kind);
  const kind = (wanted: ExchangeKind, title: string, declare: () => void): void => {
    if (!kinds.includes(wanted)) return;
    describe(`${title} over ${name}`, () => {
      beforeEach(open);
      afterEach(async () => bench.stop());
      declare();
    });
  };

  kind('POST_ONLY', 'EX-1 maker limit orders', () => {
    it('rest where nobody trades with them', async () => {
      expect(reportOf(await bench.exchange.place(place('one', { timeInForce: 'POST_ONLY' })))).toMatchObject({ status: 'OPEN', trades: [] });
      expect(await openIds()).toEqual(['one']);
    });

    it.each([
      ['buy', '100'],
      ['buy', '100.01'],
      ['sell', '100'],
    ] as const)('of a %s at %s, where the price is 100, are refused with WOULD_CROSS, and trade nothing', async (side, limit) => {
      if (side === 'sell') await bench.exchange.place(place('held', { limit: d('100') }));
      expect(await bench.exchange.place(place('one', { side, limit: d(limit), timeInForce: 'POST_ONLY' }))).toEqual({ kind: 'REFUSED', code: 'WOULD_CROSS' });
      expect(await openIds()).toEqual([]);
      const found = await bench.exchange.findOrder(ref('one'));
      expect(found === null ? 'WOULD_CROSS' : found.refusal).toBe('WOULD_CROSS');
      expect((await bench.exchange.recentTrades(null)).trades.filter(({ clientOrderId }) => clientOrderId === 'one')).toEqual([]);
    });
  });

  kind('IOC_LIMIT', 'EX-1 taker limit orders', () => {
    it.each([
      ['99.99', '0', ['CANCELLED', 'EXPIRED']],
      ['100', '2.5', ['FILLED']],
    ] as const)('at %s, where the price is 100, trade %s at once, and never rest', async (limit, filled, statuses) => {
      const report = reportOf(await bench.exchange.place(place('one', { limit: d(limit), timeInForce: 'IOC' })));
      expect(statuses).toContain(report.status);
      expect(toPlain(sum(report.trades.map((trade) => trade.quantity)))).toBe(filled);
      expect(await openIds()).toEqual([]);
    });
  });

  kind('ICEBERG', 'EX-1 iceberg orders', () => {
    it('rest whole where the venue shows a part of them, and are refused unsent where it does not', async () => {
      const outcome = await bench.exchange.place(place('one', { shown: d('0.5') }));
      if (!bench.exchange.traits.icebergs) {
        expect(outcome).toEqual({ kind: 'REFUSED', code: 'NO_ICEBERGS' });
        expect(await bench.exchange.findOrder(ref('one'))).toBeNull();
        return;
      }
      const report = reportOf(outcome);
      expect([report.status, toPlain(report.quantity ?? d('0')), toPlain(report.limit ?? d('0'))]).toEqual(['OPEN', '2.5', '90.25']);
      expect(await openIds()).toEqual(['one']);
    });
  });

  kind('LIQUIDITY', 'EX-6 trades', () => {
    it('say whether the order made the price or took it', async () => {
      await bench.exchange.place(place('maker', { limit: d('95') }));
      const taker = reportOf(await bench.exchange.place(place('taker', { limit: d('100') })));
      await bench.setPrice('95');
      const maker = await bench.exchange.findOrder(ref('maker'));
      expect([maker?.trades, taker.trades].map((trades) => trades?.map(({ liquidity }) => liquidity))).toEqual([['MAKER'], ['TAKER']]);
      const listed = (await bench.exchange.recentTrades(null)).trades.map(({ clientOrderId, liquidity }) => `${clientOrderId ?? ''} ${liquidity ?? ''}`);
      expect(listed.toSorted()).toEqual(['maker MAKER', 'taker TAKER']);
    });
  });

  kind('PAUSE', 'EX-9 a venue that sheds load', () => {
    it('has nothing sent, and says for how long it wants no call', async () => {
      await bench.limitNext?.(7);
      const outcome = await bench.exchange.place(place('one'));
      if (outcome.kind !== 'NOT_SENT') throw new Error(`expected NOT_SENT, found ${JSON.stringify(outcome)}`);
      expect(outcome.pause?.kind).toBe('RATE_LIMITED');
      // Some tell the second at which it ends.
      expect(outcome.pause?.milliseconds).toBeGreaterThan(5_000);
      expect(outcome.pause?.milliseconds).toBeLessThanOrEqual(8_000);
      expect(await bench.exchange.findOrder(ref('one'))).toBeNull();
    });
  });

  kind('BATCHES', 'EX-4 batches', () => {
    const batches = () => {
      if (bench.exchange.batches === null) throw new Error('no batches');
      return bench.exchange.batches;
    };

    it('give each order its own outcome, in the order asked: one that is bad fails by itself', async () => {
      const orders = [place('a'), place('b', { limit: d('90.00000000001') }), place('c', { limit: d('89.5') }), place('e', { limit: d('100') })];
      const outcomes = await batches().place(orders);
      expect(outcomes.map(wordOf)).toEqual(['OPEN', 'REFUSED', 'OPEN', 'FILLED']);
      expect(outcomes.map((outcome) => (outcome.kind === 'ACCEPTED' ? outcome.report.clientOrderId : '-'))).toEqual(['a', '-', 'c', 'e']);
      expect(await openIds()).toEqual(['a', 'c']);
      expect([await batches().place([]), await batches().cancel([])]).toEqual([[], []]);
    });

    it('refuse a post-only order that would take, and place the others', async () => {
      const outcomes = await batches().place([place('a'), place('b', { limit: d('101'), timeInForce: 'POST_ONLY' }), place('c')]);
      expect([outcomes.map(wordOf), outcomes[1]]).toEqual([['OPEN', 'REFUSED', 'OPEN'], { kind: 'REFUSED', code: 'WOULD_CROSS' }]);
    });

    it('cancel what is there, and refuse what never was or is over, each by itself', async () => {
      await batches().place([place('a'), place('b'), place('c')]);
      await bench.exchange.cancel(ref('b'));
      const outcomes = await batches().cancel([ref('a'), ref('nobody'), ref('c')]);
      expect(outcomes.map(wordOf)).toEqual(['CANCELLED', 'REFUSED', 'CANCELLED']);
      expect(await openIds()).toEqual([]);
    });

    it('take more than one call has room for', async () => {
      const ids = Array.from({ length: Math.min(batches().mostPlaced, 20) + 2 }, (_, index) => `n${index}`);
      const placed = await batches().place(ids.map((id) => place(id, { quantity: d('1') })));
      expect([placed.map(wordOf), await openIds()]).toEqual([ids.map(() => 'OPEN'), ids.toSorted()]);
      expect((await batches().cancel(ids.map(ref))).map(wordOf)).toEqual(ids.map(() => 'CANCELLED'));
      expect(await openIds()).toEqual([]);
    });

    it.each([true, false])('are unknown, all that were in the call, where its answer was lost (taken: %s), and can be asked for', async (takesEffect) => {
      const orders = [place('a'), place('b')];
      await bench.loseNextAnswer(takesEffect);
      const together = Math.min(batches().mostPlaced, orders.length);
      expect((await batches().place(orders)).map(wordOf)).toEqual(orders.map((_, index) => (index < together ? 'UNKNOWN' : 'OPEN')));
      expect((await openIds()).length).toBe(takesEffect ? 2 : 2 - together);
    });

    it.each([true, false])('are unknown, all cancels of the call, where its answer was lost (taken: %s)', async (takesEffect) => {
      await batches().place([place('a'), place('b')]);
      await bench.loseNextAnswer(takesEffect);
      expect((await batches().cancel([ref('a'), ref('b')])).map(wordOf)).toEqual(['UNKNOWN', 'UNKNOWN']);
      expect(await openIds()).toEqual(takesEffect ? [] : ['a', 'b']);
    });
  });
};

/** A venue under test with one stock that is held, and one pair. */
export interface StopBench {
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly pair: string;
  setPrice(symbol: string, price: string): Promise<void>;
  /** The next order call takes effect, and is never answered. */
  loseNextAnswer(): Promise<void>;
  stop(): Promise<void>;
  /** The venue takes fees in the quote currency, whatever is bought. */
  readonly feesInQuote?: boolean;
  /** A stop whose price is already reached is not refused: it sells at once. */
  readonly stopsTriggerAtOnce?: boolean;
}

/** How the venue under test is set up: `baseFeeRate` of each buy of the pair is taken out of it, `pageSize` trades a page. */
export interface StopVenue {
  readonly reduceOnlyOverlap: boolean;
  readonly baseFeeRate: string;
  readonly pageSize: number;
}

/** What a venue does not have, by the names of the tests that are skipped for it. */
export interface StopGaps {
  readonly overlap?: true;
}

/** Declares what every venue must do with orders that wait for a price, whatever it is. */
export const describeStops = (name: string, start: (venue: StopVenue) => Promise<StopBench>, gaps: StopGaps = {}): void => {
  describe(`SL-4 stops over ${name}`, () => {
    let bench: StopBench;
    const open = async (venue: Partial<StopVenue> = {}): Promise<void> => {
      bench = await start({ reduceOnlyOverlap: false, baseFeeRate: '0', pageSize: 100, ...venue });
      await bench.setPrice(bench.symbol, '100');
    };
    /** Opens a venue at which 2.5 are held, bought at 100, and a stop of all of it waits at 95. */
    const openHeld = async (venue: Partial<StopVenue> = {}): Promise<void> => {
      await open(venue);
      await bench.exchange.place(order('held', { limit: d('100') }));
      reportOf(await bench.exchange.place(stop('stop')));
    };
    afterEach(async () => bench.stop());

    const order = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder => ({
      clientOrderId,
      symbol: bench.symbol,
      intent: { kind: 'PLACE', side: 'buy', quantity: d('2.5'), limit: null, stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent },
    });
    const stop = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder =>
      order(clientOrderId, { side: 'sell', stopPrice: d('95'), reduceOnly: true, ...intent });
    const amend = (clientOrderId: string, quantity: string, stopPrice: string): Promise<Outcome> =>
      bench.exchange.amend({ clientOrderId, symbol: bench.symbol, intent: { kind: 'AMEND', quantity: d(quantity), limit: null, stopPrice: d(stopPrice) } });
    const ref = (clientOrderId: string) => ({ clientOrderId, symbol: bench.symbol });
    const ids = (reports: readonly OrderReport[]): readonly string[] => reports.map((report) => report.clientOrderId);
    const heldOf = async (symbol: string): Promise<string> => {
      const position = (await bench.exchange.positions()).find((one) => one.symbol === symbol);
      const asked = await bench.exchange.findPosition(symbol);
      expect(toPlain(asked?.quantity ?? d('0'))).toBe(toPlain(position?.quantity ?? d('0')));
      return toPlain(position?.quantity ?? d('0'));
    };
    const found = async (clientOrderId: string): Promise<string> => {
      const report = await bench.exchange.findOrder(ref(clientOrderId));
      if (report === null) return 'none';
      const prices = report.trades.map((trade) => `${toPlain(trade.quantity)}@${toPlain(trade.price)}`);
      return [report.status, ...prices].join(' ');
    };

    it('wait apart from the orders in the market, and are found by our id', async () => {
      await openHeld();
      await bench.exchange.place(order('entry', { limit: d('90'), quantity: d('1') }));
      expect([ids(await bench.exchange.conditionalOrders()), ids(await bench.exchange.openOrders())]).toEqual([['stop'], ['entry']]);
      const report = await bench.exchange.findOrder(ref('stop'));
      expect(report).toMatchObject({ status: 'OPEN', limit: null, refusal: null, trades: [] });
      expect([report?.stopPrice, report?.quantity].map((value) => toPlain(value ?? d('0')))).toEqual(['95', '2.5']);
    });

    it.each([
      ['95.01', 'OPEN', ['stop'], '2.5'],
      ['95', 'FILLED 2.5@95', [], '0'],
      ['93.5', 'FILLED 2.5@93.5', [], '0'],
    ] as const)('sell when the price comes down to %s: %s', async (price, stands, waiting, held) => {
      await openHeld();
      await bench.setPrice(bench.symbol, price);
      expect([await found('stop'), ids(await bench.exchange.conditionalOrders()), await heldOf(bench.symbol)]).toEqual([stands, waiting, held]);
    });

    it.each([
      ['104.99', 'OPEN'],
      ['105', 'FILLED 1@105'],
      ['106.25', 'FILLED 1@106.25'],
    ])('buy when the price comes up to %s: %s (SL-1)', async (price, stands) => {
      await open();
      await bench.exchange.place(order('entry', { quantity: d('1'), stopPrice: d('105') }));
      await bench.setPrice(bench.symbol, price);
      expect(await found('entry')).toBe(stands);
    });

    it('can be cancelled, and then never sell', async () => {
      await openHeld();
      expect(reportOf(await bench.exchange.cancel(ref('stop')))).toMatchObject({ status: 'CANCELLED' });
      await bench.setPrice(bench.symbol, '90');
      expect([await bench.exchange.conditionalOrders(), await heldOf(bench.symbol)]).toEqual([[], '2.5']);
    });

    it('move where they are (SL-5), where the venue amends stops', async () => {
      await openHeld();
      if (bench.exchange.traits.stopMoves !== 'AMEND') return;
      const moved = reportOf(await amend('stop', '2', '97'));
      expect([moved.clientOrderId, moved.status, toPlain(moved.quantity ?? d('0')), toPlain(moved.stopPrice ?? d('0'))]).toEqual(['stop', 'OPEN', '2', '97']);
      expect(ids(await bench.exchange.conditionalOrders())).toEqual(['stop']);
      await bench.setPrice(bench.symbol, '97');
      expect([await found('stop'), await heldOf(bench.symbol)]).toEqual(['FILLED 2@97', '0.5']);
    });

    it.each([
      ['100', 'WOULD_TRIGGER'],
      ['100.01', 'WOULD_TRIGGER'],
      ['99.99', null],
    ])('are refused where their price, %s, is already reached (SL-7): %s', async (stopPrice, code) => {
      await openHeld();
      await bench.exchange.cancel(ref('stop'));
      const outcome = await bench.exchange.place(stop('late', { stopPrice: d(stopPrice) }));
      if (bench.stopsTriggerAtOnce === true && code !== null) return expect(await heldOf(bench.symbol)).toBe('0');
      expect(outcome.kind === 'REFUSED' ? outcome.code : null).toBe(code);
      expect(await heldOf(bench.symbol)).toBe('2.5');
      expect(ids(await bench.exchange.conditionalOrders())).toEqual(code === null ? ['late'] : []);
    });

    it('stay where they were when they cannot move to a price that is already reached', async () => {
      await openHeld();
      if (bench.exchange.traits.stopMoves !== 'AMEND' || bench.stopsTriggerAtOnce === true) return;
      expect(await amend('stop', '2.5', '100')).toEqual({ kind: 'REFUSED', code: 'WOULD_TRIGGER' });
      await bench.setPrice(bench.symbol, '95.01');
      expect(await found('stop')).toBe('OPEN');
      await bench.setPrice(bench.symbol, '95');
      expect(await found('stop')).toBe('FILLED 2.5@95');
    });

    it('refuse a second order for what a first one covers, where reduce-only orders may not overlap', async () => {
      await openHeld();
      expect(await bench.exchange.place(stop('second', { stopPrice: d('96') }))).toEqual({ kind: 'REFUSED', code: 'REDUCE_ONLY' });
      expect(await bench.exchange.place(stop('sale', { stopPrice: null }))).toEqual({ kind: 'REFUSED', code: 'REDUCE_ONLY' });
      await bench.exchange.cancel(ref('stop'));
      reportOf(await bench.exchange.place(stop('third', { stopPrice: d('96') })));
    });

    (gaps.overlap === true ? it.skip : it)('overlap where they may, and still sell no more than is held', async () => {
      await openHeld({ reduceOnlyOverlap: true });
      reportOf(await bench.exchange.place(stop('second', { stopPrice: d('96') })));
      expect(await bench.exchange.place(stop('third', { quantity: d('2.6') }))).toEqual({ kind: 'REFUSED', code: 'REDUCE_ONLY' });
      await bench.setPrice(bench.symbol, '96');
      expect([await found('stop'), await found('second'), await heldOf(bench.symbol)]).toEqual(['OPEN', 'FILLED 2.5@96', '0']);
      await bench.setPrice(bench.symbol, '90');
      // Venues have one word or the other for what ends because nothing is held.
      expect(['EXPIRED', 'CANCELLED']).toContain(await found('stop'));
      expect(await heldOf(bench.symbol)).toBe('0');
    });

    it('can be asked for where the answer to their placement was lost', async () => {
      await open();
      await bench.exchange.place(order('held', { limit: d('100') }));
      await bench.loseNextAnswer();
      expect((await bench.exchange.place(stop('stop'))).kind).toBe('UNKNOWN');
      expect([await found('stop'), ids(await bench.exchange.conditionalOrders())]).toEqual(['OPEN', ['stop']]);
    });

    it('sell into the trades of the account, page by page, none twice and none left out (SL-11)', async () => {
      await openHeld({ pageSize: 2 });
      await bench.setPrice(bench.symbol, '94');
      const first = await bench.exchange.recentTrades(null);
      expect([first.trades.map((trade) => trade.clientOrderId), first.more]).toEqual([['held', 'stop'], false]);
      expect(await bench.exchange.recentTrades(first.cursor)).toEqual({ trades: [], cursor: first.cursor, more: false });
      for (const id of ['a', 'b', 'c']) await bench.exchange.place(order(id, { quantity: d('1') }));
      const second = await bench.exchange.recentTrades(first.cursor);
      const third = await bench.exchange.recentTrades(second.cursor);
      expect([second.trades.map((trade) => trade.clientOrderId), second.more]).toEqual([['a', 'b'], true]);
      expect([third.trades.map((trade) => trade.clientOrderId), third.more]).toEqual([['c'], false]);
      const everything = [...first.trades, ...second.trades, ...third.trades];
      expect(new Set(everything.map((trade) => trade.tradeId)).size).toBe(5);
      expect(first.trades[1]).toMatchObject({ symbol: bench.symbol, side: 'sell', quantity: d('2.5'), price: d('94'), fee: null });
    });

    it('protect what a fee in the base asset leaves, which is less than was bought', async () => {
      await open({ baseFeeRate: '0.001' });
      if (bench.feesInQuote === true) return;
      await bench.setPrice(bench.pair, '50000');
      const pair = { symbol: bench.pair };
      const entry = reportOf(await bench.exchange.place({ ...order('entry', { quantity: d('0.02') }), ...pair }));
      expect(entry.trades.map(({ fee }) => [fee?.asset, toPlain(fee?.amount ?? d('0'))])).toEqual([[bench.pair.split('/')[0], '0.00002']]);
      expect(await heldOf(bench.pair)).toBe('0.01998');
      const tooMuch = { ...stop('much', { quantity: d('0.02'), stopPrice: d('49000') }), ...pair };
      expect(await bench.exchange.place(tooMuch)).toEqual({ kind: 'REFUSED', code: 'REDUCE_ONLY' });
      reportOf(await bench.exchange.place({ ...stop('all', { quantity: d('0.01998'), stopPrice: d('49000') }), ...pair }));
      await bench.setPrice(bench.pair, '49000');
      expect(await heldOf(bench.pair)).toBe('0');
    });
  });
};
