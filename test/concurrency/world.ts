// The functions of one account over the embedded engine: their handlers, a queue that remembers, a venue, a clock.
import { createHandler as createEntryWatch } from '../../functions/entry-watch/handler.ts';
import { createHandler as createOrderAction } from '../../functions/order-action/handler.ts';
import { createHandler as createStealAttempt } from '../../functions/steal-attempt/handler.ts';
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { createDynamoStore } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { contextOf } from '../../shared/apply-event.ts';
import type { Context } from '../../shared/domain/context.ts';
import type { Change, Note } from '../../shared/domain/decision.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { ConflictError } from '../../shared/errors.ts';
import type { Message } from '../../shared/messages.ts';
import type { Store, TraceContext } from '../../shared/ports.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { batch, context, failedIds } from '../functions/fakes.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import type { TestTable } from './table.ts';
import type { TestVenue, VenueScript } from './venue.ts';
import { QUIET_VENUE, createVenue } from './venue.ts';

/** A Wednesday, 11:00 in New York: both asset classes are in session. */
export const NOON = Date.UTC(2025, 5, 4, 15, 0, 0);

export interface WorldTerms {
  readonly table: TestTable;
  readonly account: string;
  readonly seed?: number;
  /** Clauses left out of every write. */
  readonly without?: readonly ClauseName[];
  readonly settings?: Partial<Settings>;
  readonly script?: Partial<VenueScript>;
  /** Changes every commit before it is written: a design without one of its parts. */
  readonly alter?: (changes: readonly Change[]) => readonly Change[];
}

export interface World {
  readonly deps: VenueDeps;
  readonly venue: TestVenue;
  readonly clock: { at: number };
  readonly chance: Chance;
  readonly trace: TraceContext;
  readonly notes: readonly Note[];
  readonly tally: { conflicts: number; loads: number; commits: number; givenBack: number };
  /** What should never have been seen while the race ran. */
  readonly offences: readonly string[];
  /** Messages sent and not yet delivered. */
  readonly backlog: Message[];
  context(): Context;
  /** Hands a message to the function of its queue, and again while it is given back. */
  deliver(message: Message, deps?: VenueDeps): Promise<void>;
  /** Delivers what is waiting, and what that sends, each so many times at once. */
  drain(times?: number): Promise<void>;
}

export const pauseFor = (milliseconds: number): Promise<void> => new Promise((done) => void setTimeout(done, milliseconds));

const MOST_REDELIVERIES = 40;
const MOST_WAVES = 40;

const handle = async (deps: VenueDeps, message: Message): Promise<readonly string[]> => {
  const event = batch([message]);
  switch (message.kind) {
    case 'QUOTES':
      return failedIds(await createEntryWatch(deps)(event, context()));
    case 'STEAL':
      return failedIds(await createStealAttempt(deps)(event, context()));
    case 'ACTION':
    case 'STOP_ACTION':
    case 'LOOKUP':
    case 'WATCHDOG':
      return failedIds(await createOrderAction(deps)(event, context()));
    case 'QUOTE_TICK':
    case 'RECONCILE_TICK':
      return [];
  }
};

/** Watches what passes through a store: conflicts, and room that was seen to be less than nothing. */
const watchStore = (store: Store, tally: World['tally'], offences: string[], alter: NonNullable<WorldTerms['alter']>): Store => ({
  ...store,
  load: async (account, scope) => {
    tally.loads += 1;
    const snapshot = await store.load(account, scope);
    const { capacity } = snapshot;
    if (capacity?.free.isNegative() === true && !capacity.free.isZero()) offences.push(`free room seen at ${capacity.free.toFixed()}`);
    return snapshot;
  },
  commit: async (account, changes, owner) => {
    tally.commits += 1;
    try {
      await store.commit(account, alter(changes), owner);
    } catch (error) {
      if (error instanceof ConflictError) tally.conflicts += 1;
      throw error;
    }
  },
});

export const createWorld = (terms: WorldTerms): World => {
  const { table, account } = terms;
  const clock = { at: NOON };
  const chance = chanceOf(terms.seed ?? 1);
  const notes: Note[] = [];
  const backlog: Message[] = [];
  const offences: string[] = [];
  const tally = { conflicts: 0, loads: 0, commits: 0, givenBack: 0 };
  let lastId = 0;
  const ids = { next: () => `${account}-${(lastId += 1)}`, fraction: () => chance.fraction() };
  // A pause of the pipeline is a turn of the loop here: conflicts are retried against what really moved.
  const ports = { now: () => clock.at, sleep: () => pauseFor(chance.whole(0, 3)) };
  const bare = createDynamoStore({ client: table.client, tableName: table.tableName, ids, clock: ports, writes: 'NEWEST' }, { without: terms.without ?? [] });
  const venue = createVenue(ports.now, { ...QUIET_VENUE, ...terms.script });
  const deps: VenueDeps = {
    account,
    settings: { ...DEFAULT_SETTINGS, ...terms.settings },
    calendar: nyseCalendar(),
    traits: venue.exchange.traits,
    store: watchStore(bare, tally, offences, terms.alter ?? ((changes) => changes)),
    queues: { send: async (message) => void backlog.push(message) },
    clock: ports,
    ids,
    telemetry: { record: (note) => void notes.push(note), count: () => undefined },
    exchange: venue.exchange,
    budget: FREE_BUDGET,
  };
  const deliver = async (message: Message, by: VenueDeps = deps): Promise<void> => {
    for (let tried = 0; (await handle(by, message)).length > 0; tried += 1) {
      tally.givenBack += 1;
      if (tried >= MOST_REDELIVERIES) {
        offences.push(`a ${message.kind} message was given back ${tried} times`);
        return;
      }
      await pauseFor(chance.whole(0, 5));
    }
  };
  const drain = async (times = 1): Promise<void> => {
    for (let wave = 0; backlog.length > 0; wave += 1) {
      if (wave >= MOST_WAVES) throw new Error(`messages never end: ${JSON.stringify(backlog.slice(0, 3))}`);
      const messages = backlog.splice(0);
      await Promise.all(messages.flatMap((message) => Array.from({ length: times }, () => deliver(message))));
    }
  };
  const trace: TraceContext = { account, source: 'tick', requestId: 'race', correlationId: 'race' };
  return { deps, venue, clock, chance, trace, notes, tally, offences, backlog, context: () => contextOf(deps), deliver, drain };
};

export interface Held {
  readonly store: Store;
  /** Settles once the first commit of that kind is asked for. */
  readonly reached: Promise<void>;
  /** Lets it, and all later ones, go on to the table. */
  release(): void;
}

/** A store that stops before its first commit of a kind: whoever uses it decided on what has long since moved. */
export const holdFirst = (store: Store, isHeld: (changes: readonly Change[]) => boolean = () => true): Held => {
  const reached = Promise.withResolvers<undefined>();
  const released = Promise.withResolvers<undefined>();
  let isOver = false;
  return {
    store: {
      ...store,
      commit: async (account, changes, owner) => {
        if (!isOver && isHeld(changes)) {
          isOver = true;
          reached.resolve(undefined);
          await released.promise;
        }
        await store.commit(account, changes, owner);
      },
    },
    reached: reached.promise.then(() => undefined),
    release: () => {
      released.resolve(undefined);
    },
  };
};

/** An entry's commit: a claim, or step 1 of a steal. */
export const isEntryCommit = (changes: readonly Change[]): boolean =>
  changes.some((change) => change.kind === 'SLOT' && change.guard === 'ENTRY');
