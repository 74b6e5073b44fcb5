// One round in which others ask for the room that a thief lacks, between the two phases of its steal (WS-8).
import { ZERO } from '../../shared/domain/decimal.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { NO_MOVE, addRoom, moveBetween } from '../../shared/domain/room.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import type { Message } from '../../shared/messages.ts';
import type { BookTerms, Line } from './book.ts';
import { writeBook } from './book.ts';
import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import type { RoundReport, RoundTerms } from './round.ts';
import { INVOCATIONS, countNotes, pumpWhile, quoteBatches, reportOf, startSlow, stealOf } from './round.ts';
import { violationsAtEnd, violationsAtRest } from './violations.ts';
import type { World } from './world.ts';
import { createWorld, pauseFor } from './world.ts';

const THIEF = 'AAPL';
const SLOW = 6;

const line = (symbol: string, state: Line['state'], quantity: number, away: string): Line => ({
  symbol,
  assetClass: symbol.endsWith('USD') ? 'crypto' : 'stock',
  state,
  limit: '1',
  quantity: String(quantity),
  away,
});

/** A thief that lacks more than its victim gives back, and two watches for all of the free room, with and without it. */
const bookOf = (chance: Chance): BookTerms => {
  const release = chance.whole(200, 600);
  const beyond = chance.whole(10, 90);
  const rest = chance.whole(20, 150);
  const free = beyond + rest;
  const victim = chance.pick(['TSLA', 'ETH/USD']);
  // Crypto gives no room to a stock's own class, so there the class has enough of its own.
  const ofClass = String(victim === 'TSLA' ? free : release + beyond + free);
  return {
    free: String(free),
    freeOfClass: { stock: ofClass, crypto: ofClass },
    lines: [
      line(THIEF, 'IDLE', release + beyond, '0.001'),
      line(victim, 'WORKING', release, '0.05'),
      line('IBM', 'IDLE', free, '0.004'),
      line('SOL/USD', 'IDLE', rest, '0.005'),
      line('BTC/USD', 'IDLE', chance.whole(5, free), '0.006'),
      line('ADA/USD', 'WORKING', chance.whole(20, 99), '0.002'),
    ],
  };
};

const anyMessage = (world: World, batches: readonly Message[]): Message =>
  world.chance.happens(0.4) ? world.chance.pick(batches) : stealOf(world, world.chance.pick([THIEF, 'IBM', 'SOL/USD', 'BTC/USD']));

/** Everything a race of claims must keep, and this: what was held for the thief was there when its victim had gone. */
const thiefRobbed = (world: World): readonly string[] => {
  const placed = [...world.venue.orders.values()].some((order) => order.symbol === THIEF);
  const ended = countNotes(world, 'STEAL_ENDED');
  return [
    ...(countNotes(world, 'STEAL') === 1 && placed ? [] : [`${THIEF}: not placed although its victim gave back everything`]),
    ...(ended === 0 ? [] : [`${ended} steal ended without an order: the cancel of the victim was for nothing`]),
  ];
};

/** Runs one round and says what was wrong in it. */
export const runThirdClaim = async (terms: RoundTerms): Promise<RoundReport> => {
  const { table, seed } = terms;
  const chance = chanceOf(seed);
  const script = { wire: () => pauseFor(world.chance.whole(0, 2)) };
  const world: World = createWorld({ ...terms, table, seed, account: `${terms.name}-${seed}`, script });
  const book = bookOf(chance);
  await writeBook(world.deps.store, world.venue, book, world.context());
  const batches = quoteBatches(world, book.lines);
  const messages = Array.from({ length: INVOCATIONS }, () => anyMessage(world, batches));
  // These decided to claim before there was a steal, and commit after it: the hold has to stop them too.
  const slow = await startSlow(world, messages.slice(0, SLOW));
  await world.deliver(stealOf(world, THIEF));
  const cancels = world.backlog.splice(0).filter((message) => message.kind === 'ACTION');
  const others = messages.slice(SLOW).map((message) => world.deliver(message));
  const gone = pauseFor(chance.whole(0, 60)).then(() => world.backlog.push(...cancels, ...cancels));
  const claims = pumpWhile(world, Promise.all([...others, gone]));
  if (chance.happens(0.5)) await slow.finish();
  await claims;
  await slow.finish();
  const found = await violationsAtRest(world);
  await world.drain(2);
  return reportOf(world, [...found, ...(await violationsAtEnd(world)), ...thiefRobbed(world)], slow.entries);
};

const withoutHoldIn = (slot: Slot): Slot =>
  slot.entry.status === 'WAITING' ? { ...slot, entry: { ...slot.entry, hold: ZERO, classHold: ZERO } } : slot;

/** The design without the hold: a thief waits, and what it lacks stays free for anybody until its victim has gone. */
export const withoutHold = (changes: readonly Change[]): readonly Change[] => {
  const altered = changes.map((change) => (change.kind === 'SLOT' ? { ...change, after: withoutHoldIn(change.after) } : change));
  const slots = altered.filter((change) => change.kind === 'SLOT');
  const move = slots.map(({ before, after }) => moveBetween(before, after)).reduce(addRoom, NO_MOVE);
  return altered.map((change) => (change.kind === 'ROOM' ? { ...change, move } : change));
};
