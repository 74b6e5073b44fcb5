// A watch asks for room (EW-1, WS-2 to WS-9): it claims, starts a steal, or is refused.
import type { CandidateOrder } from './candidates.ts';
import type { Context } from './context.ts';
import { ZERO, max } from './decimal.ts';
import type { Decision, Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import { judgeEntry } from './entry-eligibility.ts';
import type { Eligible } from './entry-eligibility.ts';
import { isEquityRecent, roomRequired } from './entry-requirement.ts';
import { planCancel, planOrder, refOf } from './new-order.ts';
import { isAcknowledged } from './order-progress.ts';
import { unreachable } from './room.ts';
import type { Slot, SlotRef, StealFacts } from './slot.ts';
import { orderOf } from './slot-moves.ts';
import { chooseSteal } from './steal-choice.ts';
import type { StealChoice, StealInput } from './steal-choice.ts';
import { fightLostLine, fightWonLine, forcedLine } from './steal-lines.ts';
import type { Watch } from './watch.ts';

type Found = Extract<StealChoice, { victim: CandidateOrder }>;

const candidateOf = (slot: Slot, snapshot: Snapshot): readonly CandidateOrder[] => {
  const order = orderOf(slot.entry);
  const { watch } = slot;
  if (order === null || order.limit === null || watch === null) return [];
  const isResting = slot.entry.status === 'WORKING' && slot.entry.amendment === null;
  const isLeaving = slot.entry.status === 'YIELDING' || slot.entry.status === 'CANCELLING';
  return [
    {
      clientOrderId: order.clientOrderId,
      symbol: slot.symbol,
      assetClass: slot.assetClass,
      side: order.side,
      intent: 'entry',
      mode: watch.mode,
      group: watch.group,
      acknowledged: isAcknowledged(order.status) && (isResting || isLeaving),
      yielding: isLeaving,
      limit: order.limit,
      quote: snapshot.board.quotes[slot.symbol] ?? null,
      lastStolen: slot.lastStolen,
      forecastPnl: watch.forecastPnl,
      createdAt: order.createdAt,
      quantity: order.quantity,
      filledQuantity: order.filledQuantity,
    },
  ];
};

const stealInput = (slot: Slot, watch: Watch, maySteal: boolean, snapshot: Snapshot, context: Context): StealInput => {
  const capacity = isEquityRecent(snapshot.capacity, context) ? snapshot.capacity : null;
  const { assetClass } = slot;
  return {
    room: { free: capacity?.free ?? null, freeOfClass: capacity?.freeOfClass[assetClass] ?? null, assetClass },
    thief: { ...watch, quote: snapshot.board.quotes[slot.symbol] ?? null },
    orders: maySteal ? [...snapshot.slots.values()].flatMap((other) => candidateOf(other, snapshot)) : [],
    history: snapshot.steals.map((steal) => ({ thief: steal.thief.symbol, victim: steal.victim.symbol, at: steal.at })),
    settings: context.settings,
    now: context.now,
  };
};

const forcedNote = (slot: Slot, eligible: Eligible): readonly Note[] => {
  const { rank } = eligible.watch;
  if (!eligible.forced || rank === null) return [];
  return [note('FORCED', forcedLine(slot.symbol, rank), { symbol: slot.symbol, rank })];
};

/** Claims room and plans the order, all in one commit (WS-2, EW-7): slot idle, room free, order and action new. */
const claim = (slot: Slot, eligible: Eligible, context: Context): Decision => {
  const { watch } = eligible;
  const planned = planOrder(slot, { ...watch, purpose: 'ENTRY', timeInForce: 'GTC' }, context);
  const needed = watch.quantity.times(watch.limit);
  const after: Slot = { ...slot, fence: planned.order.fence, entry: { status: 'PLACING', order: planned.order } };
  const fields = { symbol: slot.symbol, clientOrderId: planned.order.clientOrderId, needed: needed.toFixed() };
  return commit({
    slots: [{ before: slot, after, guard: 'ENTRY' }],
    require: roomRequired(slot, needed, needed, context),
    changes: planned.changes,
    notes: [...forcedNote(slot, eligible), note('CLAIMED', `${slot.symbol}: claimed ${needed.toFixed()}`, fields)],
  });
};

const factsOf = (slot: Slot, victim: Slot, choice: Found, cooldown: { fight: boolean; cooldownSeconds: number }, context: Context): StealFacts => ({
  thief: refOf(slot),
  thiefDistance: choice.thiefDistance,
  thiefPnl: slot.watch?.forecastPnl ?? null,
  victim: refOf(victim),
  victimClientOrderId: choice.victim.clientOrderId,
  victimDistance: choice.victimDistance,
  victimPnl: choice.victim.forecastPnl,
  ...cooldown,
  decidedAt: context.now,
});

/**
 * Step 1 of a steal (WS-8): the victim yields, the thief waits, the cancel is planned, and what the thief needs beyond
 * the release is taken out of the free room, so that no other claim can make the cancel useless.
 */
const startSteal = (slot: Slot, watch: Watch, choice: Extract<StealChoice, { outcome: 'STEAL' | 'WOULD_STEAL' }>, snapshot: Snapshot, context: Context): Decision => {
  const victim = [...snapshot.slots.values()].find(
    (other) => other.entry.status === 'WORKING' && other.entry.order.clientOrderId === choice.victim.clientOrderId,
  );
  if (victim?.entry.status !== 'WORKING') return ignore('VICTIM_GONE');
  const beyond = choice.needed.minus(choice.release);
  const beyondInClass = victim.assetClass === slot.assetClass ? beyond : choice.needed;
  const steal = factsOf(slot, victim, choice, { fight: choice.fight, cooldownSeconds: choice.cooldownSeconds }, context);
  const waiting: Slot = {
    ...slot,
    entry: {
      status: 'WAITING',
      limit: watch.limit,
      quantity: watch.quantity,
      needed: choice.needed,
      hold: max(ZERO, beyond),
      classHold: max(ZERO, beyondInClass),
      steal,
    },
  };
  const { order, attempts } = victim.entry;
  const yielding: Slot = { ...victim, entry: { status: 'YIELDING', order, thief: refOf(slot), attempts: attempts + 1 } };
  return commit({
    ...EMPTY_DRAFT,
    slots: [{ before: slot, after: waiting, guard: 'ENTRY' }, moveSlot(victim, yielding)],
    require: roomRequired(slot, beyond, beyondInClass, context),
    changes: [planCancel(victim, order, attempts + 1, context)],
    notes: [
      ...(choice.fight ? [fightWonNote(slot, choice)] : []),
      note('STEAL_STARTED', `${slot.symbol}: waits for the room of ${victim.symbol}`, stealFields(slot, choice)),
    ],
  });
};

const stealFields = (slot: Slot, choice: Found): Note['fields'] => ({
  thief: slot.symbol,
  thiefDistance: choice.thiefDistance.toFixed(),
  thiefPnl: slot.watch?.forecastPnl?.toFixed() ?? null,
  victim: choice.victim.symbol,
  victimDistance: choice.victimDistance.toFixed(),
  victimPnl: choice.victim.forecastPnl?.toFixed() ?? null,
});

const fightWonNote = (slot: Slot, choice: Found): Note => {
  const thief = { symbol: slot.symbol, forecastPnl: slot.watch?.forecastPnl ?? null };
  return note('FIGHT_WON', fightWonLine(thief, choice.victim), stealFields(slot, choice));
};

const refuse = (slot: Slot, choice: Extract<StealChoice, { outcome: 'REFUSE' }>): Decision => {
  const { reason } = choice;
  const refused = note('STEAL_REFUSED', `${slot.symbol}: no room (${reason})`, { symbol: slot.symbol, reason }, 'DEBUG');
  if (reason !== 'FIGHT_LOST') return ignore(reason, [refused]);
  const line = fightLostLine(slot.symbol, choice.victim.symbol);
  return ignore(reason, [note('FIGHT_LOST', line, stealFields(slot, choice), 'WARN'), refused]);
};

/**
 * Decides on a watch that wants room (EW-1, WS-6). Without leave to steal, one that is ready and does not fit is
 * answered STEAL_WANTED, for the function that reads the whole book.
 */
export const decideEntryWanted = (
  event: { readonly ref: SlotRef; readonly maySteal: boolean },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const slot = snapshot.slots.get(slotKey(event.ref));
  if (slot === undefined) return ignore('NOT_WATCHING');
  const eligible = judgeEntry(slot, snapshot, context);
  if (typeof eligible === 'string') return ignore(eligible);
  const choice = chooseSteal(stealInput(slot, eligible.watch, event.maySteal, snapshot, context));
  switch (choice.outcome) {
    case 'CLAIM':
      return claim(slot, eligible, context);
    case 'REFUSE':
      return !event.maySteal && choice.reason === 'NO_VICTIM_LARGE_ENOUGH' ? ignore('STEAL_WANTED') : refuse(slot, choice);
    case 'STEAL':
      return startSteal(slot, eligible.watch, choice, snapshot, context);
    case 'WOULD_STEAL':
      return ignore('WOULD_STEAL', [
        note('WOULD_STEAL', `${slot.symbol}: would steal from ${choice.victim.symbol}`, stealFields(slot, choice)),
      ]);
    default:
      return unreachable(choice);
  }
};
