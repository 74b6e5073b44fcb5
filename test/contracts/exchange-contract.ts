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
  /** Takes the venue away. */
  stop(): Promise<void>;
}

const d = (text: string): Decimal => new Decimal(text);

export const reportOf = (outcome: Outcome): OrderReport => {
  if (outcome.kind !== 'ACCEPTED') throw new Error(`expected ACCEPTED, found ${JSON.stringify(outcome)}`);
  return outcome.report;
};

/** Declares the suite for one venue. */
export const describeExchange = (name: string, start: () => Promise<ExchangeBench>): void => {
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
      intent: { kind: 'PLACE', side: 'buy', quantity: d('2.5'), limit: d('90.25'), stopPrice: null, timeInForce: 'GTC', reduceOnly: false, ...intent },
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
      expect((await bench.exchange.place(order('one'))).kind).toBe('UNKNOWN');
      expect(await bench.exchange.openOrders()).toHaveLength(1);
    });

    it('cancels a live order and refuses to cancel what is over or was never there', async () => {
      await bench.exchange.place(order('one'));
      expect(reportOf(await bench.exchange.cancel(ref('one')))).toMatchObject({ status: 'CANCELLED' });
      expect(await bench.exchange.cancel(ref('one'))).toEqual({ kind: 'REFUSED', code: 'ORDER_CLOSED' });
      expect(await bench.exchange.cancel(ref('nobody'))).toEqual({ kind: 'REFUSED', code: 'ORDER_UNKNOWN' });
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
      expect([position?.symbol, toPlain(position?.quantity ?? d('0')), toPlain(position?.averagePrice ?? d('0'))]).toEqual([bench.symbol, '2.5', '100']);
      expect(toPlain((await bench.exchange.quotes([bench.symbol]))[bench.symbol]?.price ?? d('0'))).toBe('101');
      expect((await bench.exchange.markets()).map((market) => market.symbol)).toContain(bench.symbol);
      expect((await bench.exchange.equity()).equity.isPositive()).toBe(true);
    });

    it('gives a fill to a sale that reduces only, and is flat', async () => {
      await bench.exchange.place(order('one', { limit: d('100') }));
      const sale = reportOf(await bench.exchange.place(order('two', { side: 'sell', limit: null, reduceOnly: true })));
      expect(sale.status).toBe('FILLED');
      expect(await bench.exchange.positions()).toEqual([]);
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
