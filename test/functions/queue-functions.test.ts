import { describe, expect, it } from '@jest/globals';
import { createHandler as createEntryWatch } from '../../functions/entry-watch/handler.ts';
import { createHandler as createOrderAction } from '../../functions/order-action/handler.ts';
import { createHandler as createStealAttempt } from '../../functions/steal-attempt/handler.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Action } from '../../shared/domain/action.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { ACCOUNT, batch, context, emptySnapshot, failedIds, fakeDeps, fakeExchange, NOW } from './fakes.ts';
import type { Snapshot } from '../../shared/domain/decision.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';

const base = { schema: 1, account: ACCOUNT, correlationId: 'c' };
const quotes = (...list: readonly (readonly [string, string, number])[]) => ({
  ...base,
  kind: 'QUOTES',
  quotes: list.map(([symbol, price, at]) => ({ symbol, price, at })),
});
const boards = (commits: readonly (readonly Change[])[]) =>
  commits.flat().flatMap((change) => (change.kind === 'QUOTES' ? [change.after.quotes] : []));

const watching = (...symbols: readonly string[]): Snapshot =>
  emptySnapshot({ slots: new Map(symbols.map((symbol) => [`${symbol}#main`, newSlot({ symbol, slot: 'main' }, 'stock')])) });

describe('entry-watch reads a batch as one (WS-1)', () => {
  it('keeps the newest price of each symbol and reads the book once', async () => {
    const { deps, commits, loads } = fakeDeps({ snapshot: watching('AAPL', 'MSFT') });
    const event = batch([
      quotes(['AAPL', '101', NOW - 2_000], ['MSFT', '400', NOW - 1_000]),
      quotes(['AAPL', '103', NOW - 500]),
      quotes(['AAPL', '102', NOW - 1_000]),
    ]);
    expect(failedIds(await createEntryWatch(deps)(event, context()))).toEqual([]);
    expect(loads).toHaveLength(1);
    const [board] = boards(commits);
    expect(board?.['AAPL']?.price.toFixed()).toBe('103');
    expect(board?.['MSFT']?.price.toFixed()).toBe('400');
  });

  it('lets no price from the future hide a good one', async () => {
    const { deps, commits } = fakeDeps({ snapshot: watching('AAPL', 'MSFT') });
    const event = batch([quotes(['AAPL', '101', NOW]), quotes(['AAPL', '1', NOW + 60_000])]);
    await createEntryWatch(deps)(event, context());
    expect(boards(commits)[0]?.['AAPL']?.price.toFixed()).toBe('101');
  });

  it('gives back a price of more than 38 digits alone', async () => {
    const { deps, commits } = fakeDeps({ snapshot: watching('AAPL', 'MSFT') });
    const event = batch([quotes(['AAPL', `1.${'1'.repeat(38)}`, NOW]), quotes(['MSFT', '400', NOW])]);
    expect(failedIds(await createEntryWatch(deps)(event, context()))).toEqual(['m1']);
    expect(Object.keys(boards(commits)[0] ?? {})).toEqual(['MSFT']);
  });

  it('gives back the batch when the table is away', async () => {
    const { deps, failures, notes } = fakeDeps();
    failures.load = new Error('away');
    const event = batch([quotes(['AAPL', '101', NOW]), quotes(['MSFT', '400', NOW])]);
    expect(failedIds(await createEntryWatch(deps)(event, context()))).toEqual(['m1', 'm2']);
    expect(notes.filter(({ note }) => note.level === 'ERROR')).toHaveLength(1);
  });

  it('takes the same batch twice without another write', async () => {
    const known = { AAPL: { price: new Decimal('101'), at: NOW } };
    const { deps, commits } = fakeDeps({ snapshot: { ...watching('AAPL'), board: { revision: 1, quotes: known, bars: {}, features: {} } } });
    await createEntryWatch(deps)(batch([quotes(['AAPL', '101', NOW])]), context());
    expect(commits).toEqual([]);
  });
});

describe('steal-attempt (WS-8)', () => {
  it('changes nothing for a thief that is gone', async () => {
    const { deps, commits } = fakeDeps();
    const event = batch([{ ...base, kind: 'STEAL', symbol: 'AAPL', slot: 'main' }], { fifo: true, groups: [ACCOUNT] });
    expect(failedIds(await createStealAttempt(deps)(event, context()))).toEqual([]);
    expect(commits).toEqual([]);
  });
});

describe('order-action (EX-9)', () => {
  const action: Action = {
    id: 'o2:PLACE',
    clientOrderId: 'o2',
    purpose: 'STOP',
    ref: { symbol: 'AAPL', slot: 'main' },
    assetClass: 'stock',
    intent: {
      kind: 'PLACE',
      side: 'sell',
      quantity: new Decimal('3'),
      limit: null,
      stopPrice: new Decimal('95'),
      timeInForce: 'GTC',
      shown: null,
      reduceOnly: true,
    },
    state: 'PLANNED',
    plannedAt: NOW,
    sentAt: null,
    validUntil: null,
    notSent: 0,
  };
  const ring = { ...base, kind: 'ACTION', actionId: 'o1:PLACE', symbol: 'AAPL' };

  it('calls nobody for an action that is done', async () => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange();
    const event = batch([ring], { fifo: true, groups: ['AAPL'] });
    expect(failedIds(await createOrderAction({ ...deps, exchange })(event, context()))).toEqual([]);
    expect(exchange.calls).toEqual([]);
  });

  it('asks the venue on a look-up and sends nothing', async () => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange();
    const event = batch([{ ...ring, kind: 'LOOKUP', hop: 3 }]);
    expect(failedIds(await createOrderAction({ ...deps, exchange })(event, context()))).toEqual([]);
    expect(exchange.calls).toEqual(['findOrder o1']);
  });

  it('gives a look-up back when the venue gives no answer', async () => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange({ findOrder: new Error('no answer') });
    expect(failedIds(await createOrderAction({ ...deps, exchange })(batch([{ ...ring, kind: 'LOOKUP', hop: 0 }]), context()))).toEqual(['m1']);
  });

  it('SL-4 performs an action on a stop like any other, once', async () => {
    const { deps } = fakeDeps({ action });
    const exchange = fakeExchange();
    const event = batch([{ ...ring, kind: 'STOP_ACTION', actionId: action.id }], { fifo: true, groups: ['AAPL'] });
    await createOrderAction({ ...deps, exchange })(event, context());
    expect(exchange.calls).toEqual(['place o2']);
  });

  it('SL-7 looks at the slot that a watchdog names', async () => {
    const { deps, loads } = fakeDeps();
    const exchange = fakeExchange();
    const event = batch([{ ...base, kind: 'WATCHDOG', symbol: 'AAPL', slot: 'main', hop: 0 }]);
    expect(failedIds(await createOrderAction({ ...deps, exchange })(event, context()))).toEqual([]);
    expect(loads).toContainEqual({ kind: 'SLOT', ref: { symbol: 'AAPL', slot: 'main' } });
  });

  it.each([
    ['a watchdog without its hop', { ...base, kind: 'WATCHDOG', symbol: 'AAPL', slot: 'main' }],
    ['a stop without its action', { ...base, kind: 'STOP_ACTION', symbol: 'AAPL' }],
    ['another function’s message', { ...base, kind: 'QUOTE_TICK' }],
  ])('gives back %s', async (_name, message) => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange();
    expect(failedIds(await createOrderAction({ ...deps, exchange })(batch([message]), context()))).toEqual(['m1']);
    expect(exchange.calls).toEqual([]);
  });
});
