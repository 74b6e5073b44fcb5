// One round: a book by chance, 64 invocations at once, some of which decided long before they commit.
import { applyEvent } from '../../shared/apply-event.ts';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { Decimal, ZERO } from '../../shared/domain/decimal.ts';
import type { Change } from '../../shared/domain/decision.ts';
import type { Message, QuotesMessage, StealMessage } from '../../shared/messages.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import type { BookTerms, Line } from './book.ts';
import { priceOf, watchOf, writeBook } from './book.ts';
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import type { TestTable } from './table.ts';
import type { VenueScript } from './venue.ts';
import { violationsAtEnd, violationsAtRest } from './violations.ts';
import type { World } from './world.ts';
import { createWorld, holdFirst, isEntryCommit, pauseFor } from './world.ts';

export const INVOCATIONS = 64;
const SLOW = 8;
/** Milliseconds over which the others arrive: a few are still to come when the first orders have ended. */
const MOST_LATE = 50;
const CYCLE_EVERY = 5;
const LINES = 8;
const IDLE = 4;

const STOCKS = ['AAPL', 'AMD', 'CRM', 'IBM', 'MSFT', 'NFLX', 'ORCL', 'TSLA'];
const CRYPTO = ['ADA/USD', 'BTC/USD', 'ETH/USD', 'LTC/USD', 'SOL/USD', 'XRP/USD'];

export interface RoundTerms {
  readonly table: TestTable;
  readonly name: string;
  readonly seed: number;
  readonly without?: readonly ClauseName[];
  readonly alter?: (changes: readonly Change[]) => readonly Change[];
}

export interface RoundReport {
  readonly violations: readonly string[];
  readonly claims: number;
  readonly stealsStarted: number;
  readonly steals: number;
  readonly refusals: number;
  readonly conflicts: number;
  readonly calls: number;
  readonly slowEntries: number;
}

export const lineOf = (symbol: string, state: Line['state'], chance: Chance): Line => {
  const near = ['-0.001', '0.0005', '0.001', '0.002', '0.0028', '0.005', '0.0064'];
  const far = ['0.0035', '0.006', '0.012', '0.02', '0.03'];
  return {
    symbol,
    assetClass: symbol.endsWith('USD') ? 'crypto' : 'stock',
    state,
    limit: String(chance.whole(50, 150)),
    quantity: String(chance.whole(1, 9)),
    away: chance.pick(state === 'WORKING' ? far : near),
    forecastPnl: String(chance.whole(0, 20)),
  };
};

/**
 * A full book whose nearest watch fits once another leaves: it enters, is refused and is idle again, while slow
 * deciders still see it waiting for a victim.
 */
const cycleBook = (chance: Chance): BookTerms => {
  const line = (symbol: string, state: Line['state'], away: string): Line => ({ ...lineOf(symbol, state, chance), away });
  const lines = [
    { ...line(THIEF, 'IDLE', '0.001'), limit: '100', quantity: '5' },
    { ...line('NFLX', 'WORKING', '0.05'), limit: '100', quantity: '6' },
    { ...line(LEAVER, 'WORKING', '0.02'), limit: '100', quantity: '9' },
    line('ADA/USD', 'IDLE', '0.005'),
    line('IBM', 'WORKING', '0.012'),
  ];
  return { lines, free: '0' };
};

const THIEF = 'AAPL';
const LEAVER = 'TSLA';

const bookOf = (chance: Chance): BookTerms => {
  const symbols = chance.shuffle([...STOCKS, ...CRYPTO]).slice(0, LINES);
  const lines = symbols.map((symbol, place) => lineOf(symbol, place < IDLE ? 'IDLE' : 'WORKING', chance));
  const idle = lines.filter((line) => line.state === 'IDLE');
  const wanted = idle.reduce((total, line) => total + Number(line.limit) * Number(line.quantity), 0);
  const free = Math.floor(wanted * chance.pick([0, 0, 0.15, 0.3, 0.5, 0.8]));
  const ofClass = (): string => String(Math.floor(free * chance.pick([0.5, 0.8, 1, 1])));
  return { lines, free: String(free), freeOfClass: { stock: ofClass(), crypto: ofClass() } };
};

const scriptOf = (chance: Chance, isCycle: boolean): Partial<VenueScript> => {
  const refused = new Set([...STOCKS, ...CRYPTO].filter(() => chance.happens(0.4)));
  if (isCycle) refused.add(THIEF);
  return {
    onPlace: ({ symbol }) => {
      if (refused.has(symbol)) return 'REFUSE';
      return chance.happens(0.15) ? 'FILL' : 'REST';
    },
    filledBeforeCancel: () => (chance.happens(0.2) ? new Decimal('0.25') : ZERO),
    wire: () => pauseFor(chance.whole(0, 2)),
  };
};

const base = (world: World) => ({ schema: 1, account: world.deps.account, correlationId: 'race' }) as const;

/** Few different batches, delivered often: what a standard queue does at its worst. */
export const quoteBatches = (world: World, lines: readonly Line[]): readonly QuotesMessage[] =>
  [900, 600, 300].map((age) => ({
    ...base(world),
    kind: 'QUOTES',
    quotes: lines.map((line) => ({ symbol: line.symbol, price: priceOf(line).toFixed(), at: world.clock.at - age })),
  }));

export const stealOf = (world: World, symbol: string): StealMessage => ({ ...base(world), kind: 'STEAL', symbol, slot: 'main' });

export interface Race {
  readonly world: World;
  readonly lines: readonly Line[];
  readonly batches: readonly QuotesMessage[];
  readonly isCycle: boolean;
}

const anyMessage = ({ world, lines, batches }: Race): Message => {
  const idle = lines.filter((line) => line.state === 'IDLE');
  if (idle.length === 0 || world.chance.happens(0.35)) return world.chance.pick(batches);
  return stealOf(world, world.chance.pick(idle).symbol);
};

/** Starts invocations that load now and commit their first entry only when released. */
export const startSlow = async (world: World, messages: readonly Message[]) => {
  const started = messages.map((message) => {
    const held = holdFirst(world.deps.store, isEntryCommit);
    const deps: VenueDeps = { ...world.deps, store: held.store };
    const done = world.deliver(message, deps);
    let isHeld = false;
    void held.reached.then(() => (isHeld = true));
    return { done, ready: Promise.race([held.reached, done]), release: held.release, isHeld: () => isHeld };
  });
  await Promise.all(started.map(({ ready }) => ready));
  return {
    entries: started.filter(({ isHeld }) => isHeld()).length,
    finish: async () => {
      for (const { release } of started) release();
      await Promise.all(started.map(({ done }) => done));
    },
  };
};

/** Plans that move or leave watches while all this goes on. */
const plansOf = (race: Race): readonly Promise<unknown>[] => {
  const { world, lines } = race;
  const { chance, deps, trace } = world;
  return lines.flatMap((line): readonly Promise<unknown>[] => {
    if (race.isCycle ? line.symbol !== LEAVER : !chance.happens(line.state === 'IDLE' ? 0.25 : 0.35)) return [];
    const ref = { symbol: line.symbol, slot: 'main' };
    if (line.state === 'WORKING') return [applyEvent(deps, { type: 'WATCH_WITHDRAWN', ref, strategy: 'dips', planVersion: 2 }, trace)];
    // The new limit is out of reach of the price: nobody but a slow decider enters now.
    const moved = { ...line, limit: String(Number(line.limit) * 0.9) };
    return [applyEvent(deps, { type: 'WATCH_PLANNED', watch: watchOf(moved, world.clock.at, 2) }, trace)];
  });
};

/** Delivers actions as they are rung, some twice, some only later; and what is left, until nothing is. */
export const pumpWhile = async (world: World, work: Promise<unknown>): Promise<void> => {
  const { chance } = world;
  const running = new Set<Promise<void>>();
  const later: Message[] = [];
  let isDone = false;
  void work.finally(() => (isDone = true)).catch(() => undefined);
  const start = (message: Message): void => {
    const run: Promise<void> = world.deliver(message).finally(() => void running.delete(run));
    running.add(run);
  };
  while (!isDone || running.size > 0 || world.backlog.length > 0) {
    for (const message of world.backlog.splice(0)) {
      if (message.kind !== 'ACTION' || chance.happens(0.15)) later.push(message);
      else for (let time = chance.happens(0.3) ? 2 : 1; time > 0; time -= 1) start(message);
    }
    await pauseFor(1);
  }
  await work;
  // One attempt a symbol says as much as the many that were asked for.
  const seen = new Set<string>();
  for (const message of later) {
    const name = message.kind === 'STEAL' ? message.symbol : `${seen.size}`;
    if (!seen.has(name)) world.backlog.push(message);
    seen.add(name);
  }
};

export const countNotes = (world: World, name: string): number => world.notes.filter((note) => note.name === name).length;

export const reportOf = (world: World, violations: readonly string[], slowEntries: number): RoundReport => ({
  violations,
  claims: countNotes(world, 'CLAIMED'),
  stealsStarted: countNotes(world, 'STEAL_STARTED'),
  steals: countNotes(world, 'STEAL'),
  refusals: countNotes(world, 'ORDER_REFUSED'),
  conflicts: world.tally.conflicts,
  calls: world.tally.loads + world.tally.commits,
  slowEntries,
});

/** Runs one round of chance and says what was wrong in it. */
export const runRound = async (terms: RoundTerms): Promise<RoundReport> => {
  const chance = chanceOf(terms.seed);
  const { table, seed } = terms;
  const isCycle = seed % CYCLE_EVERY === 0;
  const settings = { maxOrderRetries: 0 };
  const world = createWorld({ ...terms, table, seed, account: `${terms.name}-${seed}`, settings, script: scriptOf(chance, isCycle) });
  const book = isCycle ? cycleBook(chance) : bookOf(chance);
  await writeBook(world.deps.store, world.venue, book, world.context());
  const race: Race = { world, lines: book.lines, batches: quoteBatches(world, book.lines), isCycle };
  const messages = Array.from({ length: INVOCATIONS }, () => anyMessage(race));
  const slow = await startSlow(world, messages.slice(0, SLOW));
  const plans = Promise.all(plansOf(race));
  // Often the room that plans free is there before anybody else looks: then entries come and go behind the slow ones.
  if (isCycle || chance.happens(0.6)) await pumpWhile(world, plans);
  const others = messages.slice(SLOW).map((message) => pauseFor(world.chance.whole(0, MOST_LATE)).then(() => world.deliver(message)));
  await pumpWhile(world, Promise.all([plans, ...others]));
  await slow.finish();
  const found = await violationsAtRest(world);
  await world.drain(2);
  return reportOf(world, [...found, ...(await violationsAtEnd(world))], slow.entries);
};
