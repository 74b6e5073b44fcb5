// What an entry and a steal cost on the table, all commits together, through the code that decides them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Dynoxide, startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import { applyEvent } from '../../../shared/apply-event.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import type { Event, Outcome } from '../../../shared/domain/event.ts';
import type { OrderReport } from '../../../shared/domain/order-report.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import type { Message } from '../../../shared/messages.ts';
import { performAction } from '../../../shared/perform-action.ts';
import type { Exchange, OrderRef } from '../../../shared/ports.ts';
import type { VenueDeps } from '../../../shared/shell-deps.ts';
import { connect, createTable, storeOn } from '../../contracts/store-bench.ts';
import { d, exitOf, watchOf } from '../../contracts/store-samples.ts';
import { FREE_BUDGET } from '../../support/free-budget.ts';

const NOON = Date.UTC(2025, 5, 4, 15, 0, 0);
const trace = { account: 'paper', source: 'tick', requestId: 'r', correlationId: 'c' } as const;
const stock = (symbol: string) =>
  watchOf({ symbol, assetClass: 'stock', limit: d('100'), quantity: d('100'), rank: null, expiresAt: NOON + 3_600_000, exit: exitOf({ takeProfit: d('110'), hours: 'NYSE' }) });
const quotesOf = (prices: Readonly<Record<string, string>>): Event => ({
  type: 'QUOTES_SEEN',
  quotes: Object.fromEntries(Object.entries(prices).map(([symbol, price]) => [symbol, { price: d(price), at: NOON }])),
  grids: [],
  featured: [],
});

const reportOf = ({ clientOrderId, symbol }: OrderRef, status: OrderReport['status']): OrderReport => ({
  clientOrderId,
  exchangeOrderId: `x-${clientOrderId}`,
  symbol,
  status,
  filledQuantity: d('0'),
  averagePrice: null,
  quantity: d('100'),
  limit: d('100'),
  stopPrice: null,
  refusal: null,
  trades: [],
  at: NOON,
});

const accepting = (): Exchange => {
  const accepted = (order: OrderRef, status: OrderReport['status'], terms: Partial<OrderReport> = {}): Outcome => ({
    kind: 'ACCEPTED',
    report: { ...reportOf(order, status), ...terms },
  });
  const never = async (): Promise<never> => {
    throw new Error('not asked for here');
  };
  return {
    traits: { venue: 'paper', amends: true, stopMoves: 'AMEND', icebergs: false, mostIcebergParts: null, postOnly: true, maxClientOrderIdLength: 36, quietSeconds: 21 },
    batches: null,
    place: async (order) => accepted(order, 'OPEN', { limit: order.intent.limit, stopPrice: order.intent.stopPrice }),
    cancel: async (order) => accepted(order, 'CANCELLED'),
    amend: never,
    findOrder: never,
    openOrders: never,
    conditionalOrders: never,
    recentTrades: never,
    positions: never,
    findPosition: never,
    markets: never,
    quotes: never,
    equity: never,
  };
};

describe('write units', () => {
  let engine: Dynoxide;
  let client: DynamoDBClient;
  beforeAll(async () => {
    engine = await startDynoxide({ dataDir: null });
    client = connect(engine.endpoint);
    await createTable(client);
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });

  const world = async () => {
    const units = { read: 0, write: 0 };
    const rung: Message[] = [];
    const exchange = accepting();
    const deps: VenueDeps = {
      account: `paper-${randomUUID()}`,
      settings: DEFAULT_SETTINGS,
      calendar: nyseCalendar(),
      store: storeOn(client, { units }),
      queues: { send: async (message) => void rung.push(message) },
      clock: { now: () => NOON, sleep: async () => undefined },
      ids: { next: () => randomUUID(), fraction: () => 0.5 },
      telemetry: { record: () => undefined, count: () => undefined },
      traits: exchange.traits,
      exchange,
      budget: FREE_BUDGET,
    };
    const apply = async (event: Event): Promise<void> => {
      const { reason } = await applyEvent(deps, event, trace);
      if (reason !== null) throw new Error(`${event.type}: ${reason}`);
    };
    const act = async (): Promise<void> => {
      for (let message = rung.shift(); message !== undefined; message = rung.shift()) {
        if (message.kind === 'ACTION' || message.kind === 'STOP_ACTION') await performAction(deps, message.actionId, trace);
      }
    };
    const enter = async (symbol: string, maySteal: boolean): Promise<void> => {
      await apply({ type: 'ENTRY_WANTED', ref: { symbol, slot: 'main' }, maySteal });
      await act();
    };
    const spent = async (work: () => Promise<void>): Promise<number> => {
      units.write = 0;
      await work();
      return units.write;
    };
    await apply({ type: 'EQUITY_READ', equity: d('10000'), at: NOON });
    return { deps, apply, act, enter, spent };
  };
  const slotOf = async (deps: VenueDeps, symbol: string): Promise<Slot> => {
    const { slots } = await deps.store.load(deps.account, { kind: 'SLOT', ref: { symbol, slot: 'main' } });
    const slot = slots.get(`${symbol}#main`);
    if (slot === undefined) throw new Error(`no slot ${symbol}`);
    return slot;
  };
  const entryOf = async (deps: VenueDeps, symbol: string): Promise<string> => (await slotOf(deps, symbol)).entry.status;

  it('WS-2 an entry costs 16 at most: claim, send and acknowledgement', async () => {
    const { deps, apply, enter, spent } = await world();
    await apply({ type: 'WATCH_PLANNED', watch: stock('AAPL') });
    await apply(quotesOf({ AAPL: '100.5' }));
    expect(await spent(() => enter('AAPL', false))).toBeLessThanOrEqual(16);
    expect(await entryOf(deps, 'AAPL')).toBe('WORKING');
  });

  it('SL-4 a fill better than its limit costs 19 at most: what it changes, the stop planned with it, its send and acknowledgement', async () => {
    const { deps, apply, act, enter, spent } = await world();
    await apply({ type: 'WATCH_PLANNED', watch: stock('AAPL') });
    await apply(quotesOf({ AAPL: '100.5' }));
    await enter('AAPL', false);
    const { entry } = await slotOf(deps, 'AAPL');
    if (entry.status !== 'WORKING') throw new Error(entry.status);
    const { clientOrderId } = entry.order;
    const trade = { tradeId: 't1', price: d('99.5'), quantity: d('100'), fee: null, liquidity: null, at: NOON };
    const filled = { ...reportOf({ clientOrderId, symbol: 'AAPL' }, 'FILLED'), filledQuantity: d('100'), averagePrice: d('99.5'), trades: [trade] };
    const cost = await spent(async () => {
      await apply({ type: 'ORDER_REPORTED', report: filled, webhookId: 'w1' });
      await act();
    });
    const { position } = await slotOf(deps, 'AAPL');
    expect(position).toMatchObject({ status: 'OPEN', stop: { status: 'PLACED', order: { status: 'OPEN' } }, unprotectedSince: null });
    expect(cost).toBeLessThanOrEqual(19);
    expect(cost).toBeGreaterThan(15);
  });

  it('WS-8 a steal without a hold costs 31 at most: both steps, the cancel, and the order of the thief', async () => {
    const { deps, apply, enter, spent } = await world();
    for (const symbol of ['AAPL', 'MSFT', 'TSLA']) await apply({ type: 'WATCH_PLANNED', watch: stock(symbol) });
    await apply(quotesOf({ AAPL: '100.6', MSFT: '100.6', TSLA: '100.1' }));
    await enter('AAPL', false);
    await enter('MSFT', false);
    const cost = await spent(() => enter('TSLA', true));
    expect([await entryOf(deps, 'AAPL'), await entryOf(deps, 'MSFT'), await entryOf(deps, 'TSLA')].sort()).toEqual(['NONE', 'WORKING', 'WORKING']);
    expect(await entryOf(deps, 'TSLA')).toBe('WORKING');
    expect(cost).toBeLessThanOrEqual(31);
  });
});
