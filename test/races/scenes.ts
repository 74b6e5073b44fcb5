// The ten races of SL-15: what stands before each, who races, the order that is known to lose, and the clauses that close it.
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import { applyEvent } from '../../shared/apply-event.ts';
import { checkProtection } from '../../shared/check-protection.ts';
import { performAction } from '../../shared/perform-action.ts';
import { attemptSteal, readPrices } from '../../shared/read-prices.ts';
import { resolveOverdue } from '../../shared/reconcile-actions.ts';
import { reconcileOrders } from '../../shared/reconcile-orders.ts';
import { beginRun } from '../../shared/reconcile-run.ts';
import { setKillSwitch } from '../../shared/sessions.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { d } from '../support/builders.ts';
import type { WatchInput } from '../support/builders.ts';
import type { RaceWorld, WorldTerms } from './race-world.ts';
import { MORNING, traceOf } from './race-world.ts';
import type { Stage } from './turns.ts';
import type { MostBought } from './violations.ts';

export type Act = readonly [name: string, act: () => Promise<unknown>];

/** Whether what a source plans is carried out call by call, or all in one go between two turns. */
export type Delivery = 'BY_CALL' | 'IN_ONE_GO';

export interface Scene {
  /** Its place in the list of SL-15. */
  readonly race: number;
  readonly name: string;
  /** What happens, in the words of its page. */
  readonly story: string;
  /** The clause that closes it first; those behind it, any of which closes it alone. */
  readonly clauses: readonly [ClauseName, ...(readonly ClauseName[])];
  /** What is seen to go wrong without them. */
  readonly shows: RegExp;
  readonly terms?: WorldTerms;
  readonly most?: MostBought;
  readonly prepare: (world: RaceWorld) => Promise<void>;
  readonly actors: (world: RaceWorld, delivery: Delivery) => readonly Act[];
  /** The one order of turns that is known to lose. */
  readonly exact: readonly Stage[];
  /** Moves the price once all is at rest, so that what should not rest at the venue is paid for. */
  readonly afterwards?: (world: RaceWorld) => void;
}

const MINUTE = 60_000;
const AAPL = 'AAPL';
const REF = { symbol: AAPL, slot: 'main' };
const LAST_LOOK = { ...REF, hop: 7 };

const buyStop = (changes: Partial<WatchInput> = {}): WatchInput => ({ symbol: AAPL, trigger: '99', limit: '100', quantity: '10', takeProfitMultiple: null, ...changes });

/** Leaves no message to be delivered but those of the race. */
const quieten = (world: RaceWorld): void => void world.queues.waiting.splice(0);

/** A buy-stop of 10 that was triggered and has filled so much of itself at 100. */
const enter = async (world: RaceWorld, filled: string, changes: Partial<WatchInput> = {}): Promise<void> => {
  await world.readEquity();
  await world.plan([buyStop(changes)]);
  await world.tick({ AAPL: '99' });
  world.venue.fillShare = d(filled).dividedBy(10);
  world.venue.setPrice(AAPL, d(100));
  // Of the rest nothing fills but what a scene says.
  world.venue.fillShare = d(filled === '10' ? 1 : 0);
  await world.deliverAll();
};

const entryId = (world: RaceWorld): string => {
  const [order] = [...world.venue.orders.values()].filter(({ side }) => side === 'buy');
  if (order === undefined) throw new Error('there is no entry');
  return order.clientOrderId;
};

/** Carries out what is in the queues as the race's own order-action. */
const orderAction = (world: RaceWorld, name: string, deps: VenueDeps, delivery: Delivery): Promise<unknown> =>
  delivery === 'BY_CALL' ? world.deliverMessages(deps) : world.call(name, 'order-action', () => world.deliverMessages());

const tick = (world: RaceWorld, name: string, prices: Readonly<Record<string, string>>, delivery: Delivery): Act => {
  const deps = world.actor(name);
  return [name, async () => {
    await readPrices(deps, world.quotes(prices), traceOf('tick'));
    await orderAction(world, name, deps, delivery);
  }];
};

const watchdog = (world: RaceWorld, aheadMs = 0): Act => ['watchdog', () => checkProtection(world.actor('watchdog', aheadMs), LAST_LOOK, traceOf('tick'))];

const webhook = (world: RaceWorld): Act => ['webhook', () => world.deliverWebhooks(world.actor('webhook'))];

const fall = (world: RaceWorld): void => world.venue.setPrice(AAPL, d(98));

/** The last stop was refused, and the next look is to plan another. */
const loseStop = async (world: RaceWorld, changes: Partial<WatchInput> = {}): Promise<void> => {
  await world.readEquity();
  await world.plan([buyStop(changes)]);
  await world.tick({ AAPL: '99' });
  world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
  world.now += 1000;
  await world.seeOnly({ AAPL: '100' });
  await world.deliverAll();
  quieten(world);
};

const staleCancel: Scene = {
  race: 1,
  name: 'stale cancel',
  story: 'a price tick cancels a stop entry that has waited for too long, while a webhook tells another fill of it',
  clauses: ['slot revision'],
  shows: /fill counted twice/,
  prepare: async (world) => {
    await enter(world, '4');
    world.now += 16 * MINUTE;
    world.venue.fill(entryId(world), '3', '100');
    quieten(world);
  },
  actors: (world, delivery) => [tick(world, 'tick', { AAPL: '100.05' }, delivery), webhook(world)],
  exact: [{ actor: 'tick', until: /before commit .*CANCEL/ }, { actor: 'webhook' }],
};

/** A position whose stop has a whole bar to follow that nobody has acted on, and at 10:16 another. */
const twoBars = async (world: RaceWorld, filled: string): Promise<void> => {
  await enter(world, filled);
  for (const [minute, price] of [[6, '100.10'], [10, '100.20'], [21, '100.30']] as const) {
    world.now = MORNING + minute * MINUTE;
    await world.seeOnly({ AAPL: price });
  }
  world.now = MORNING + 36 * MINUTE;
  quieten(world);
};

const trailing = {
  race: 2,
  name: 'trailing update',
  clauses: ['slot revision'],
  shows: /stop moved down/,
} as const;

const olderBar: Scene = {
  ...trailing,
  story: 'two looks at a stop, the one that has seen the older bar commits last',
  prepare: (world) => twoBars(world, '10'),
  actors: (world, delivery) => [tick(world, 'tick', { AAPL: '100.50' }, delivery), watchdog(world)],
  exact: [{ actor: 'watchdog', until: /before commit/ }, { actor: 'tick' }],
};

const olderSize: Scene = {
  ...trailing,
  story: 'a fill makes the stop larger where it stood, while a bar moves it up',
  prepare: async (world) => {
    await enter(world, '4', { settings: { orderTimeoutMinutes: 600 } });
    world.now = MORNING + 6 * MINUTE;
    await world.seeOnly({ AAPL: '99.95' });
    await world.seeOnly({ AAPL: '99.96' });
    world.now = MORNING + 21 * MINUTE;
    world.venue.fill(entryId(world), '3', '100');
    quieten(world);
  },
  actors: (world, delivery) => [tick(world, 'tick', { AAPL: '99.97' }, delivery), webhook(world)],
  exact: [{ actor: 'webhook', until: /before commit/ }, { actor: 'tick' }],
};

const initialTrigger: Scene = {
  race: 3,
  name: 'initial trigger',
  story: 'two batches of prices trigger one watch and claim for it at once',
  clauses: ['slot state', 'slot fence', 'order new'],
  shows: /entered twice/,
  prepare: async (world) => {
    await world.readEquity();
    await world.plan([buyStop()]);
    world.venue.setPrice(AAPL, d(99));
    world.now += 1000;
  },
  actors: (world, delivery) => [tick(world, 'first tick', { AAPL: '99' }, delivery), tick(world, 'second tick', { AAPL: '98.9' }, delivery)],
  exact: [{ actor: 'first tick', until: /before commit .*PLACE/ }, { actor: 'second tick' }],
};

const reEntry: Scene = {
  race: 4,
  name: 're-entry',
  story: 'after an exit a price tick and steal-attempt enter again; one of them is late, and the last entry of the day has come and gone',
  clauses: ['slot fence', 'order new'],
  shows: /entered twice/,
  most: { AAPL: 20 },
  prepare: async (world) => {
    await enter(world, '10', { maxAttempts: 2 });
    world.venue.setPrice(AAPL, d('99.7'));
    await world.deliverAll();
    await world.tick({ AAPL: '98.9' });
    const [last] = [...world.venue.live()];
    if (last === undefined) throw new Error('it has not entered again');
    // The second entry ends unfilled, so that the slot is idle, triggered, and has one attempt left.
    world.venue.end(last.clientOrderId, 'CANCELLED');
    await world.deliverWebhooks();
    quieten(world);
    world.now += 1000;
    await world.readEquity();
    await world.seeOnly({ AAPL: '98.9' });
  },
  actors: (world) => {
    const deps = world.actor('tick');
    return [
      ['tick', async () => {
        await readPrices(deps, world.quotes({ AAPL: '98.9' }), traceOf('tick'));
        // It is bought at 100 and stopped out at 99.80, all before the other has committed.
        await world.call('tick', 'market', async () => {
          await world.deliverMessages();
          world.venue.setPrice(AAPL, d(100));
          await world.deliverAll();
          world.venue.setPrice(AAPL, d('99.7'));
          await world.deliverAll();
        });
      }],
      ['steal-attempt', () => attemptSteal(world.actor('steal-attempt'), REF, traceOf('tick'))],
    ];
  },
  exact: [{ actor: 'steal-attempt', until: /before commit/ }, { actor: 'tick' }],
};

const EXIT_AT = Date.UTC(2025, 5, 4, 19, 15, 0);

const exits = { race: 5, name: 'auto-exit' } as const;

const filledWhileCancelled: Scene = {
  ...exits,
  story: 'the stop fills while auto-exit cancels it to sell',
  clauses: ['slot state', 'slot revision'],
  shows: /room moved twice/,
  prepare: async (world) => {
    await enter(world, '10');
    quieten(world);
    world.now = EXIT_AT;
  },
  actors: (world, delivery) => {
    const exit = world.actor('auto-exit');
    const told = world.actor('webhook');
    return [
      ['auto-exit', async () => {
        await applyEvent(exit, { type: 'SLOT_CHECKED', ref: REF }, traceOf('schedule'));
        await orderAction(world, 'auto-exit', exit, delivery);
      }],
      ['webhook', async () => {
        await world.call('webhook', 'fall', async () => fall(world));
        await world.deliverWebhooks(told);
      }],
    ];
  },
  exact: [{ actor: 'auto-exit', until: /before commit/ }, { actor: 'webhook' }],
};

const stopUnseen: Scene = {
  ...exits,
  story: 'auto-exit has seen no stop and sells at once, while the watchdog puts one up that fills',
  clauses: ['slot fence', 'slot revision'],
  shows: /short: -10/,
  prepare: async (world) => {
    await loseStop(world);
    world.now = EXIT_AT;
  },
  actors: (world, delivery) => {
    const exit = world.actor('auto-exit');
    return [
      ['auto-exit', async () => {
        await applyEvent(exit, { type: 'SLOT_CHECKED', ref: REF }, traceOf('schedule'));
        await orderAction(world, 'auto-exit', exit, delivery);
      }],
      watchdog(world, -500),
      ['market', () => world.call('market', 'fall', async () => fall(world))],
    ];
  },
  exact: [{ actor: 'auto-exit', until: /before commit/ }, { actor: 'watchdog' }, { actor: 'auto-exit' }],
  afterwards: fall,
};

const emergencyStop: Scene = {
  race: 6,
  name: 'emergency stop',
  story: 'the watchdog and a price tick both find no stop, and both put one up',
  clauses: ['slot fence', 'slot revision', 'order new'],
  shows: /short: -10/,
  prepare: async (world) => {
    await loseStop(world);
    world.now += MINUTE;
  },
  actors: (world, delivery) => [tick(world, 'tick', { AAPL: '100' }, delivery), watchdog(world)],
  exact: [{ actor: 'tick', until: /before commit SLOT/ }, { actor: 'watchdog' }],
  afterwards: fall,
};

const BTC = 'BTC/USD';

const lastRoom: Scene = {
  race: 7,
  name: 'entry check-then-act',
  story: 'two symbols claim the last room at once',
  clauses: ['free room'],
  shows: /above cap/,
  terms: { symbols: [AAPL, BTC], equity: '800' },
  most: { AAPL: 10, [BTC]: 10 },
  prepare: async (world) => {
    await world.readEquity();
    await world.plan([{ symbol: AAPL }, { symbol: BTC }]);
    await world.seeOnly({ AAPL: '100.1', [BTC]: '100.1' });
  },
  actors: (world) => [AAPL, BTC].map((symbol): Act => [symbol, () => attemptSteal(world.actor(symbol), { symbol, slot: 'main' }, traceOf('tick'))]),
  exact: [{ actor: AAPL, until: /before commit/ }, { actor: BTC }],
};

/** A claim whose placement is planned and not sent. */
const claimed = async (world: RaceWorld): Promise<void> => {
  await world.readEquity();
  await world.plan([buyStop()]);
  world.now += 1000;
  world.venue.setPrice(AAPL, d(99));
  await readPrices(world.deps, world.quotes({ AAPL: '99' }), traceOf('tick'));
  quieten(world);
};

const plannedId = (world: RaceWorld): string => {
  const [action] = [...world.account.actions.values()];
  if (action === undefined) throw new Error('nothing is planned');
  return action.id;
};

const halted: Scene = {
  race: 7,
  name: 'entry check-then-act',
  story: 'the kill switch is thrown between the check and the send',
  clauses: ['kill switch'],
  shows: /entered after a halt/,
  prepare: claimed,
  actors: (world) => {
    const id = plannedId(world);
    return [
      ['order-action', () => performAction(world.actor('order-action'), id, traceOf('action'))],
      ['person', () => setKillSwitch(world.actor('person'), { scope: { kind: 'ACCOUNT' }, state: 'HALTED', who: null }, traceOf('schedule'))],
    ];
  },
  exact: [{ actor: 'order-action', until: /before commit/ }, { actor: 'person', until: /after commit/ }, { actor: 'order-action' }],
};

const nakedStop: Scene = {
  race: 8,
  name: 'stop check-then-act',
  story: 'the position is sold between the look that finds it without a stop and the commit of that stop',
  clauses: ['slot state', 'slot fence', 'slot revision'],
  shows: /short: -10/,
  prepare: async (world) => {
    await loseStop(world, { takeProfitMultiple: '3' });
    world.now += MINUTE;
    world.venue.setPrice(AAPL, d('100.7'));
  },
  actors: (world, delivery) => [tick(world, 'tick', { AAPL: '100.7' }, delivery), watchdog(world)],
  exact: [{ actor: 'watchdog', until: /before commit/ }, { actor: 'tick' }],
  afterwards: fall,
};

const polledRetry: Scene = {
  race: 9,
  name: 'polled retry',
  story: 'reconcile rings an action that is overdue, while its first delivery is about to send it',
  clauses: ['action state'],
  shows: /sent twice/,
  prepare: async (world) => {
    await claimed(world);
    world.now += 20_000;
  },
  actors: (world, delivery) => {
    const id = plannedId(world);
    const poll = world.actor('reconcile');
    return [
      ['order-action', () => performAction(world.actor('order-action'), id, traceOf('action'))],
      ['reconcile', async () => {
        await resolveOverdue(await beginRun(poll, traceOf('poll')));
        await orderAction(world, 'reconcile', poll, delivery);
      }],
    ];
  },
  exact: [{ actor: 'order-action', until: /before commit/ }, { actor: 'reconcile' }],
};

const polled = { race: 10, name: 'polled order status' } as const;

/** A fill of which the webhook was lost, and so only a poll can tell. */
const loseWebhook = async (world: RaceWorld, price: string): Promise<void> => {
  await enter(world, '4');
  world.venue.fill(entryId(world), '2', price);
  world.now += MINUTE;
  quieten(world);
};

const poll = (world: RaceWorld): Act => ['reconcile', async () => reconcileOrders(await beginRun(world.actor('reconcile'), traceOf('poll')))];

const olderPoll: Scene = {
  ...polled,
  story: 'the answer to a poll is older than the fill that a webhook has told since',
  clauses: ['slot revision'],
  shows: /fill counted twice or not at all: 8 AAPL at the venue, 6 in the book/,
  prepare: async (world) => {
    await loseWebhook(world, '100');
    world.venue.outbox.splice(0);
    world.venue.form = 'CUMULATIVE';
  },
  actors: (world, delivery) => {
    const deps = world.actor('webhook');
    return [
      poll(world),
      ['webhook', async () => {
        await world.call('webhook', 'fill', async () => world.venue.fill(entryId(world), '2', '100'));
        await world.deliverWebhooks(deps);
        await orderAction(world, 'webhook', deps, delivery);
      }],
    ];
  },
  exact: [{ actor: 'reconcile', until: /before commit SLOT/ }, { actor: 'webhook' }],
};

const sameFill: Scene = {
  ...polled,
  story: 'a webhook and a poll tell the same fill',
  clauses: ['slot revision', 'fill once'],
  shows: /room moved twice/,
  prepare: (world) => loseWebhook(world, '100.01'),
  actors: (world, delivery) => {
    const deps = world.actor('webhook');
    return [
      poll(world),
      ['webhook', async () => {
        await world.deliverWebhooks(deps);
        await orderAction(world, 'webhook', deps, delivery);
      }],
    ];
  },
  exact: [{ actor: 'reconcile', until: /before commit SLOT/ }, { actor: 'webhook' }],
};

export const SCENES: readonly Scene[] = [
  staleCancel,
  olderBar,
  olderSize,
  initialTrigger,
  reEntry,
  filledWhileCancelled,
  stopUnseen,
  emergencyStop,
  lastRoom,
  halted,
  nakedStop,
  polledRetry,
  olderPoll,
  sameFill,
];
