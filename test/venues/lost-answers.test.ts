// A thousand placements through the real shell and the real class of ccxt, of which one in five is never answered.
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Order } from '../../shared/domain/slot.ts';
import type { Exchange, VenueTraits } from '../../shared/ports.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { World } from '../support/world.ts';
import { pairMarket } from './loopback-venue.ts';
import type { LoopbackVenue } from './loopback-venue.ts';
import { startBench } from './venue-bench.ts';
import type { VenueBench, VenueUnderTest } from './venue-bench.ts';
import { VENUES } from './venues.ts';

const PLACEMENTS = 1_000;
const BLIND_PLACEMENTS = 100;
const LOST_EVERY = 5;
/** An account is checked whole after each of its commits, so the thousand at one venue come from fifty accounts, one after another. */
const A_WORLD = 20;

let bench: VenueBench | null = null;
afterEach(async () => bench?.stop());

/** What somebody does who takes no answer for a no: the same order again, under a new id as clients make them. */
const blindly = (exchange: Exchange): Exchange => ({
  ...exchange,
  place: async (order) => {
    const outcome = await exchange.place(order);
    const { clientOrderId } = order;
    const again = `${clientOrderId.slice(0, -1)}${clientOrderId.endsWith('z') ? 'y' : 'z'}`;
    return outcome.kind === 'UNKNOWN' ? exchange.place({ ...order, clientOrderId: again }) : outcome;
  },
});

/** Plans some entries, sends each once, and lets the look-ups do the rest. */
const runSome = async (world: World, symbols: readonly string[], venue: LoopbackVenue): Promise<void> => {
  await world.plan(1, symbols.map((symbol) => ({ symbol, quantity: '1', limit: '100' })));
  for (const symbol of symbols) venue.price(symbol, '100.5');
  await world.see(Object.fromEntries(symbols.map((symbol) => [symbol, '100.5'])));
  for (let count = 0; count < symbols.length; count += 1) {
    if (count % LOST_EVERY === 0) venue.strike(['place'], { kind: 'LOST', when: 'AFTER' });
    if (!(await world.step(({ message }) => message.kind === 'ACTION'))) throw new Error(`only ${count} placements were planned`);
  }
  world.now += 2_000;
  while (await world.step(({ message }) => message.kind === 'LOOKUP'));
};

interface Ended {
  readonly venue: LoopbackVenue;
  /** Every order as we know it. */
  readonly known: readonly Order[];
  readonly openActions: number;
}

const run = async (under: VenueUnderTest, placements: number, as: (exchange: Exchange) => Exchange): Promise<Ended> => {
  const quote = under.symbol.split('/')[1] ?? '';
  const all = Array.from({ length: placements }, (_, index) => `C${index}/${quote}`);
  bench = await startBench(under, { markets: all.map((symbol) => pairMarket(symbol)) });
  const traits: VenueTraits | null = findVenueTraits(under.dialect.venue);
  if (traits === null) throw new Error('no traits');
  const known: Order[] = [];
  let openActions = 0;
  for (let from = 0; from < placements; from += A_WORLD) {
    const symbols = all.slice(from, from + A_WORLD);
    const world = await World.open({ symbols, equity: '1000000', traits, at: Date.now() });
    Object.assign(world.deps, { exchange: as(bench.exchange) });
    await runSome(world, symbols, bench.venue);
    known.push(...symbols.map((symbol) => world.order(symbol)));
    openActions += world.account.actions.size;
  }
  return { venue: bench.venue, known, openActions };
};

describe.each(VENUES.map((under) => [under.dialect.venue, under] as const))('EX-9 a thousand placements with %s, one in five answers lost after it took effect', (_name, under) => {
  it('are a thousand orders there, each known here, and none was sent twice', async () => {
    const { venue, known, openActions } = await run(under, PLACEMENTS, (exchange) => exchange);
    const there = venue.engine.allOrders();
    expect([venue.calls.filter((call) => call === 'place').length, there.length, venue.engine.openOrders().length]).toEqual([PLACEMENTS, PLACEMENTS, PLACEMENTS]);
    expect([known.length, new Set(known.map(({ status }) => status)), openActions]).toEqual([PLACEMENTS, new Set(['OPEN']), 0]);
    const ids = new Set(known.map(({ clientOrderId }) => clientOrderId));
    expect(there.filter((order) => !ids.has(under.dialect.ids.fromVenue(order.clientOrderId)))).toEqual([]);
    expect(known.filter(({ exchangeOrderId }) => exchangeOrderId === null)).toEqual([]);
  }, 240_000);

  it('are more, and strangers among them, for who sends again what was not answered', async () => {
    const { venue, known } = await run(under, BLIND_PLACEMENTS, blindly);
    const ids = new Set(known.map(({ clientOrderId }) => clientOrderId));
    const strangers = venue.engine.allOrders().filter((order) => !ids.has(under.dialect.ids.fromVenue(order.clientOrderId)));
    expect([venue.engine.allOrders().length, strangers.length]).toEqual([BLIND_PLACEMENTS * (1 + 1 / LOST_EVERY), BLIND_PLACEMENTS / LOST_EVERY]);
  }, 120_000);
});
