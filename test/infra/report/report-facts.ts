// Facts of a small made-up run, through the real types.
import type { FillFact, RunFacts, StealFact } from '../../../infra/local/report/facts.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';

export const at = (text: string): number => Date.parse(`2026-01-16T${text}Z`);
export const d = (text: string): Decimal => new Decimal(text);

export const fill = (given: Partial<FillFact> & Pick<FillFact, 'tradeId'>): FillFact => ({
  clientOrderId: `order-${given.tradeId}`,
  symbol: 'AAPL',
  purpose: 'ENTRY',
  side: given.purpose === 'EXIT' ? 'sell' : 'buy',
  price: d('100'),
  quantity: d('1'),
  at: at('15:00:00'),
  ...given,
});

const steal: StealFact = {
  at: at('15:29:30'),
  thief: { symbol: 'MSFT', distance: d('0.0015'), forecastPnl: d('3') },
  victim: { symbol: 'BTC/USD', distance: d('0.0066'), forecastPnl: null },
  fight: false,
};

export const facts = (given: Partial<RunFacts> = {}): RunFacts => ({
  from: at('15:00:00'),
  to: at('17:00:00'),
  symbols: ['AAPL', 'BTC/USD', 'MSFT'],
  stealing: 'ON',
  tolerance: d('0.003'),
  protection: d('0.004'),
  startEquity: d('10000'),
  steps: 10,
  samples: [
    { at: at('15:00:00'), equity: d('10000'), cap: d('20000'), free: d('20000'), wanted: d('6000') },
    { at: at('15:30:00'), equity: d('10000.5'), cap: d('20001'), free: d('0.1'), wanted: d('4000') },
    { at: at('16:30:00'), equity: d('9999.99'), cap: d('19999.98'), free: d('-0.02'), wanted: d('0') },
  ],
  steals: [steal],
  refused: { NOT_READY: 7, FIGHT_LOST: 1 },
  fills: [],
  orders: [],
  lastPrices: {},
  stops: { placed: 0, moved: 0, hit: 0, uncovered: { worst: null, limitSeconds: 0 }, watched: [], closed: {} },
  notes: {},
  latency: [],
  openActions: [],
  conflicts: { BOOK: 2 },
  units: { read: 10.5, write: 20 },
  memory: { pipeline: 200_000_000, engines: null },
  wallSeconds: 12.34,
  checks: [{ name: 'capacity adds up', looked: '3 commits', differences: [] }],
  ...given,
});
