// Kinds about one attempt to get room and about several in a row: WS-5 to WS-10.
import type { CandidateOrder } from '../../shared/domain/candidates.ts';
import { availableRoom } from '../../shared/domain/capacity-room.ts';
import type { PastSteal } from '../../shared/domain/fight.ts';
import { type Millis, seconds } from '../../shared/domain/instant.ts';
import type { LastStolen } from '../../shared/domain/protection.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { type StealChoice, chooseSteal } from '../../shared/domain/steal-choice.ts';
import {
  SOME_INSTANT,
  readAccount,
  readClaim,
  readListOrNull,
  readOrder,
  readPastSteal,
  readPosition,
  readRoomOrder,
  readSettings,
  readThief,
} from './case-fields.ts';
import type { Field } from './field.ts';
import type { Found } from './found.ts';

interface Attempt {
  readonly orders: readonly CandidateOrder[];
  readonly history: readonly PastSteal[];
  readonly settings: Settings;
  readonly now: Millis;
}

/** A cancel on its way: what will be known of it, and when. */
interface PendingCancel {
  readonly clientOrderId: string;
  readonly steal: PastSteal;
  readonly confirmed: boolean;
  readonly cooldownSeconds: number;
}

/** What earlier steps left behind. */
interface Memory {
  readonly history: readonly PastSteal[];
  readonly cooldowns: ReadonlyMap<string, LastStolen>;
  readonly pending: readonly PendingCancel[];
}

/** Runs kind `steal` (WS-5, WS-6, WS-7, WS-9). */
export function stealKind(input: Field): Found {
  const now = SOME_INSTANT;
  const history = input.at('history').orNull((list) => list.list((steal) => readPastSteal(steal, now))) ?? [];
  const orders = readListOrNull(input.at('orders'), (order) => readOrder(order, now)) ?? [];
  return reported(attempt(input, { orders, history, settings: readSettings(input.at('settings')), now }));
}

/** Runs kind `steal-sequence` (WS-7, WS-8, WS-10). */
export function stealSequenceKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  let memory: Memory = { history: [], cooldowns: new Map(), pending: [] };
  const steps = input.at('steps').list((step) => {
    const now = step.at('at').time();
    memory = learn(memory, now);
    const given = readListOrNull(step.at('orders'), (order) => readOrder(order, now)) ?? [];
    const orders = given.map((order) => remembered(order, memory));
    const choice = attempt(step, { orders, history: memory.history, settings, now });
    memory = remember(memory, choice, step);
    return reported(choice);
  });
  return { steps };
}

function attempt(book: Field, { orders, history, settings, now }: Attempt): StealChoice {
  const thief = readThief(book.at('thief'), now);
  const room = {
    account: readAccount(book.at('account')),
    positions: readListOrNull(book.at('positions'), readPosition),
    orders: readListOrNull(book.at('orders'), readRoomOrder),
    claims: book.at('claims').orNull((claims) => claims.list(readClaim)) ?? [],
  };
  const free = availableRoom(room, settings);
  return chooseSteal({ room: { free, freeOfClass: null, assetClass: thief.assetClass }, thief, orders, history, settings, now });
}

/** Ends the cancels whose outcome is known by now: only a confirmed one is history and starts a cooldown (WS-8). */
function learn(memory: Memory, now: Millis): Memory {
  const known = memory.pending.filter((cancel) => cancel.steal.at <= now);
  const confirmed = known.filter((cancel) => cancel.confirmed).toSorted((a, b) => a.steal.at - b.steal.at);
  const cooldowns = new Map(memory.cooldowns);
  for (const { steal, cooldownSeconds } of confirmed) {
    const earlier = cooldowns.get(steal.victim);
    const later = { at: steal.at, cooldownSeconds };
    if (earlier === undefined || endOf(later) >= endOf(earlier)) cooldowns.set(steal.victim, later);
  }
  return {
    history: [...memory.history, ...confirmed.map((cancel) => cancel.steal)],
    cooldowns,
    pending: memory.pending.filter((cancel) => cancel.steal.at > now),
  };
}

function remembered(order: CandidateOrder, memory: Memory): CandidateOrder {
  const yielding = order.yielding || memory.pending.some((cancel) => cancel.clientOrderId === order.clientOrderId);
  return { ...order, yielding, lastStolen: memory.cooldowns.get(order.symbol) ?? order.lastStolen };
}

function remember(memory: Memory, choice: StealChoice, step: Field): Memory {
  if (choice.outcome !== 'STEAL') return memory;
  const { victim, cooldownSeconds } = choice;
  const cancel = step.at('cancel').orNull((field) => ({
    confirmed: field.at('result').choice('CONFIRMED', 'FILLED') === 'CONFIRMED',
    at: field.at('at').time(),
  })) ?? { confirmed: false, at: Number.POSITIVE_INFINITY };
  const thief = readThief(step.at('thief'), cancel.at).symbol;
  const steal = { thief, victim: victim.symbol, at: cancel.at };
  const pending = { clientOrderId: victim.clientOrderId, steal, confirmed: cancel.confirmed, cooldownSeconds };
  return { ...memory, pending: [...memory.pending, pending] };
}

function endOf(lastStolen: LastStolen): Millis {
  return lastStolen.at + seconds(lastStolen.cooldownSeconds);
}

function reported(choice: StealChoice): Found {
  switch (choice.outcome) {
    case 'CLAIM':
      return { outcome: choice.outcome };
    case 'WOULD_STEAL':
      return { outcome: choice.outcome, victim: choice.victim.clientOrderId };
    case 'STEAL': {
      const { outcome, victim, fight, cooldownSeconds } = choice;
      return { outcome, victim: victim.clientOrderId, fight, cooldownSeconds };
    }
    case 'REFUSE':
      return { outcome: choice.outcome, reason: choice.reason };
    default:
      return choice satisfies never;
  }
}
