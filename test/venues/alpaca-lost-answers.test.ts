// A thousand placements through the real shell and the real client, of which one in five is never answered.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Order } from '../../shared/domain/slot.ts';
import type { Exchange } from '../../shared/ports.ts';
import { NOON } from '../support/builders.ts';
import { World } from '../support/world.ts';
import { ALPACA_TRAITS, startAlpaca } from './alpaca-bench.ts';
import type { AlpacaBench } from './alpaca-bench.ts';

const PLACEMENTS = 1_000;
const LOST_EVERY = 5;
/** Accounts are checked whole after each commit, so the thousand are ten hundreds, one after another, of one broker's account. */
const A_WORLD = 100;
const SYMBOLS = Array.from({ length: PLACEMENTS }, (_, index) => `S${index}`);

let bench: AlpacaBench | null = null;
afterEach(async () => bench?.stop());

/** What somebody does who takes no answer for a no: the same order again, under a new id as the client makes them. */
const blindly = (exchange: Exchange): Exchange => ({
  ...exchange,
  place: async (order) => {
    const outcome = await exchange.place(order);
    return outcome.kind === 'UNKNOWN' ? exchange.place({ ...order, clientOrderId: `${order.clientOrderId}-again` }) : outcome;
  },
});

/** Plans a hundred entries, sends each once, and lets the look-ups do the rest. */
const runSome = async (world: World, symbols: readonly string[], server: AlpacaBench['server']): Promise<void> => {
  await world.plan(1, symbols.map((symbol) => ({ symbol, quantity: '1', limit: '100' })));
  for (const symbol of symbols) server.venue.price(symbol, '100.5');
  await world.see(Object.fromEntries(symbols.map((symbol) => [symbol, '100.5'])));
  for (let count = 0; count < symbols.length; count += 1) {
    if (count % LOST_EVERY === 0) server.venue.strike(['place'], { kind: 'LOST', when: 'AFTER' });
    if (!(await world.step(({ message }) => message.kind === 'ACTION'))) throw new Error(`only ${count} placements were planned`);
  }
  world.now += 2_000;
  while (await world.step(({ message }) => message.kind === 'LOOKUP'));
};

interface Ended {
  readonly server: AlpacaBench['server'];
  /** Every order as we know it. */
  readonly known: readonly Order[];
  readonly openActions: number;
  /** Orders at the broker of which no record knows. */
  readonly strangers: readonly string[];
}

const run = async (as: (exchange: Exchange) => Exchange): Promise<Ended> => {
  let now = NOON;
  bench = await startAlpaca({ server: { stocks: SYMBOLS.map((symbol) => ({ symbol })), now: () => now } });
  const { server, exchange } = bench;
  const known: Order[] = [];
  let openActions = 0;
  for (let from = 0; from < PLACEMENTS; from += A_WORLD) {
    const symbols = SYMBOLS.slice(from, from + A_WORLD);
    const world = await World.open({ symbols, equity: '1000000', traits: ALPACA_TRAITS });
    Object.assign(world.deps, { exchange: as(exchange) });
    await runSome(world, symbols, server);
    ({ now } = world);
    known.push(...symbols.map((symbol) => world.order(symbol)));
    openActions += world.account.actions.size;
  }
  const ids = new Set(known.map(({ clientOrderId }) => clientOrderId));
  return { server, known, openActions, strangers: server.venue.engine.allOrders().map(({ clientOrderId }) => clientOrderId).filter((id) => !ids.has(id)) };
};

describe('EX-9 a thousand placements with Alpaca, one in five answers lost after it took effect', () => {
  it('are a thousand orders there, each known here, and none was sent twice', async () => {
    const { server, known, openActions, strangers } = await run((exchange) => exchange);
    expect(server.venue.calls.filter((call) => call === 'place')).toHaveLength(PLACEMENTS);
    expect([server.venue.engine.allOrders().length, server.venue.engine.openOrders().length, strangers.length]).toEqual([PLACEMENTS, PLACEMENTS, 0]);
    expect([known.length, new Set(known.map(({ status }) => status)), openActions]).toEqual([PLACEMENTS, new Set(['OPEN']), 0]);
    expect(known.filter(({ clientOrderId, exchangeOrderId }) => exchangeOrderId !== server.idOf(clientOrderId))).toEqual([]);
  }, 120_000);

  it('are more, and strangers among them, for who sends again what was not answered', async () => {
    const { server, strangers } = await run(blindly);
    expect([server.venue.engine.allOrders().length, strangers.length]).toEqual([PLACEMENTS + PLACEMENTS / LOST_EVERY, PLACEMENTS / LOST_EVERY]);
  }, 120_000);
});
