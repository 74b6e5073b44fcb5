// Old and new code run side by side: what stands in the table is read, and what old code would misread it never opens.
import { describe, expect, it } from '@jest/globals';
import { readAction, writeAction } from '../../../shared/adapters/dynamo/action-item.ts';
import type { Attributes } from '../../../shared/adapters/dynamo/attributes.ts';
import { readCapacity, writeCapacity } from '../../../shared/adapters/dynamo/capacity-item.ts';
import { writeFill } from '../../../shared/adapters/dynamo/history-items.ts';
import { readOrderRecord, writeOrderRecord } from '../../../shared/adapters/dynamo/order-item.ts';
import { readQuotes, writeQuotes } from '../../../shared/adapters/dynamo/quotes-item.ts';
import { readSlot, writeSlot } from '../../../shared/adapters/dynamo/slot-item.ts';
import { openItem } from '../../../shared/adapters/dynamo/stored-item.ts';
import { actionSortKey, CAPACITY_KEY, fillSortKey, orderSortKey, QUOTES_KEY, RECONCILE_KEY, slotSortKey } from '../../../shared/adapters/dynamo/table-keys.ts';
import { stamped } from '../../../shared/adapters/dynamo/write.ts';
import { EXIT_REASONS } from '../../../shared/domain/slot.ts';
import type { ExitRules } from '../../../shared/domain/watch.ts';
import { SchemaTooNewError } from '../../../shared/errors.ts';
import type { Writes } from '../../../shared/schema-writes.ts';
import { actionOf, AT, capacityOf, d, exitOf, fillOf, holdingOf, orderOf, recordOf, slotOf, watchOf } from '../../contracts/store-samples.ts';
import { OLD_ITEMS } from './old-items.ts';

const OWNER = '0198c0de-0000-7000-8000-000000000000';
const writtenAs = (writes: Writes, sortKey: string, attributes: Attributes): Attributes =>
  stamped({ tableName: 't', account: 'paper-main', owner: OWNER, writes }, sortKey, attributes);
const written = (sortKey: string, attributes: Attributes): Attributes => writtenAs('NEWEST', sortKey, attributes);
const schemasAs = (writes: Writes): readonly unknown[] =>
  [slotSortKey({ symbol: 'A', slot: 'main' }), orderSortKey('x'), actionSortKey('x'), CAPACITY_KEY, QUOTES_KEY, fillSortKey('x', 't'), RECONCILE_KEY].map(
    (sortKey) => writtenAs(writes, sortKey, {})['schema']?.N,
  );
const asOf = (schema: number, item: Attributes): Attributes => ({ ...item, schema: { N: String(schema) } });

// Where its own rules were not kept with it.
const around = (rules: ExitRules, tickSize: string): ExitRules => ({
  ...rules,
  market: { tickSize: d(tickSize), lotSize: d('0.00000001'), minQuantity: d('0'), minNotional: d('0'), priceBand: null },
});

describe('a position on its way out is read back, or nothing of its account could be read any more', () => {
  it.each(EXIT_REASONS)('SL-6 SL-8 whatever the reason: %s', (reason) => {
    const leaving = slotOf({ position: { status: 'LEAVING', reason, ...holdingOf() } });
    expect(readSlot(openItem(written(slotSortKey(leaving), writeSlot(leaving))))).toEqual(leaving);
  });
});

describe('an item of schema 1 is read by this code', () => {
  // What its fills had paid nobody kept then (EX-6).
  const lots = holdingOf().lots.map((lot) => ({ ...lot, commission: null }));
  const unprotected = holdingOf({ lots, stopPrice: null, stop: { status: 'NONE' }, exitFailures: 1, unprotectedSince: AT });
  const exit = orderOf({ purpose: 'EXIT', clientOrderId: 'cj-exit', side: 'sell', limit: null });
  const stock = watchOf({
    symbol: 'AAPL',
    assetClass: 'stock',
    limit: d('187.5'),
    exit: exitOf({
      maxHold: { seconds: 14_400, barSeconds: 3600 },
      hours: 'NYSE',
      market: { tickSize: d('0.01'), lotSize: d('1'), minQuantity: d('1'), minNotional: d('0'), priceBand: { low: d('100'), high: null } },
    }),
  });

  it('a watch as a limit watch with the usual stop and hours, under the market that stood beside them', () => {
    const amendment = { attempt: 1, plannedAt: AT, limit: d('64250.13'), stopPrice: null, quantity: d('0.03112841') };
    expect(readSlot(openItem(OLD_ITEMS.working))).toEqual(slotOf({ entry: { status: 'WORKING', order: orderOf(), amendment, attempts: 0 } }));
    expect(readSlot(openItem(OLD_ITEMS.stock))).toEqual(
      slotOf({ symbol: 'AAPL', assetClass: 'stock', watch: stock, pending: { kind: 'WATCH', watch: stock } }),
    );
  });

  it('SL-7 a holding as unprotected since it began, under the market of its watch', () => {
    expect(readSlot(openItem(OLD_ITEMS.open))).toEqual(slotOf({ position: { status: 'OPEN', ...unprotected } }));
  });

  it('SL-4 a holding without a watch under rules that keep nothing uncovered', () => {
    const held = { ...unprotected, rules: around(unprotected.rules, '0.01') };
    expect(readSlot(openItem(OLD_ITEMS.exiting))).toEqual(slotOf({ watch: null, position: { status: 'EXITING', exit, reason: 'MAX_HOLD', ...held } }));
  });

  it('an order record, its tick no coarser than the last digit of its limit', () => {
    expect(readOrderRecord(openItem(OLD_ITEMS.record))).toEqual(recordOf({ rules: around(exitOf(), '0.01') }));
    const record = recordOf({ order: orderOf({ limit: d('0.00001234') }) });
    const { xr: _rules, ...attributes } = writeOrderRecord(record);
    const old = openItem(asOf(1, written(orderSortKey('x'), { ...attributes, xr: { M: {} } })));
    expect(readOrderRecord(old).rules).toEqual(around(exitOf({ takeProfit: null }), '0.00000001'));
  });

  it('actions, the ledger and the quotes', () => {
    expect(readAction(openItem(OLD_ITEMS.place))).toEqual(actionOf());
    expect(readAction(openItem(OLD_ITEMS.amend)).intent).toEqual({ kind: 'AMEND', quantity: d('0.03'), limit: d('64250.13'), stopPrice: null });
    expect(readCapacity(openItem(OLD_ITEMS.capacity))).toEqual(capacityOf());
    expect(readQuotes(openItem(OLD_ITEMS.quotes))).toEqual({ revision: 3, quotes: { AAPL: { price: d('187.51'), at: AT } }, bars: {}, features: {} });
  });
});

describe('EX-1 an item of schema 2 is read by this code', () => {
  it('a slot without parts as one whose entry is one order, its watch as a plain one, and an action as one that shows all of itself', () => {
    const { pt: _parts, ...slot } = writeSlot(slotOf());
    expect(readSlot(openItem(asOf(2, written(slotSortKey(slotOf()), slot))))).toMatchObject({ parts: null, watch: { style: { kind: 'PLAIN' } } });
    expect(readAction(openItem(asOf(2, written(actionSortKey(actionOf().id), writeAction(actionOf())))))).toEqual(actionOf());
    expect(writeAction(actionOf())['in']?.M?.['sh']).toBeUndefined();
  });
});

describe('old code opens nothing that it would misread', () => {
  it('is written what the release before reads, until it is flipped', () => {
    expect(schemasAs('OLDER')).toEqual(['3', '3', '3', '1', '1', '1', '1']);
    expect(schemasAs('NEWEST')).toEqual(['3', '3', '3', '2', '1', '1', '1']);
  });

  it.each([
    ['a slot', slotSortKey(slotOf()), writeSlot(slotOf())],
    ['an action', actionSortKey('x'), writeAction(actionOf())],
    ['the ledger', CAPACITY_KEY, writeCapacity(capacityOf())],
  ])('as this code finds %s of the next schema', (_what, sortKey, attributes) => {
    const item = written(sortKey, attributes);
    expect(openItem(item).sortKey).toBe(sortKey);
    expect(() => openItem(asOf(Number(item['schema']?.N) + 1, item))).toThrow(SchemaTooNewError);
  });

  it.each<readonly [keyof typeof OLD_ITEMS, Attributes]>([
    ['capacity', writeCapacity(capacityOf({ day: { date: '2026-11-20', equity: d('10000') }, peak: d('12000'), stopStreak: 2, passing: { by: 'STREAK', since: 1_763_650_000_000 } }))],
    ['quotes', writeQuotes({ revision: 3, quotes: { AAPL: { price: d('187.51'), at: AT } }, bars: { 'AAPL@15': { building: null, completed: null } }, features: {} })],
    ['fill', writeFill(fillOf({ fee: { asset: 'BTC', amount: d('0.0001') } }))],
  ])('and what stays of schema 1 has all that it had, and only more: %s', (name, attributes) => {
    const { pk: _pk, sk: _sk, schema: _schema, by: _by, ...old } = OLD_ITEMS[name];
    expect(attributes).toMatchObject(old);
    expect(Object.keys(attributes).length).toBeGreaterThan(Object.keys(old).length);
  });
});

describe('what is usual is not written', () => {
  it('leaves a limit watch no longer than it was, and tells a protected holding from one of schema 1', () => {
    expect(Object.keys(writeSlot(slotOf())['wa']?.M?.['xr']?.M ?? {})).toEqual(['tp', 'mh', 'ma']);
    expect(writeSlot(slotOf({ position: { status: 'OPEN', ...holdingOf() } }))['po']?.M?.['us']).toEqual({ NULL: true });
  });
});
