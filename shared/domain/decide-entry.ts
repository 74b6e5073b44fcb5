// A watch asks for room (EW-1, WS-2 to WS-9): it claims, starts a steal, or is refused.
import type { CandidateOrder } from './candidates.ts';
import type { Context } from './context.ts';
import { ZERO, max } from './decimal.ts';
import type { Decision, Note, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import type { SlotChange } from './draft.ts';
import { judgeEntry } from './entry-eligibility.ts';
import type { Eligible } from './entry-eligibility.ts';
import { isEquityRecent, roomRequired } from './entry-requirement.ts';
import { entryTerms, planCancel, planOrder, refOf } from './new-order.ts';
import { partsWith } from './parts.ts';
import { unreachable } from './room.ts';
import type { Slot, SlotRef, StealFacts } from './slot.ts';
import { dayOf } from './slot-moves.ts';
import { orderOf } from './slot-orders.ts';
import { stealCandidates } from './steal-candidates.ts';
import { chooseSteal } from './steal-choice.ts';
import type { Room, StealChoice, StealInput } from './steal-choice.ts';
import { fightLostLine, fightWonLine, forcedLine } from './steal-lines.ts';
import type { Watch } from './watch.ts';

type Found = Extract<StealChoice, { victim: CandidateOrder }>;
interface Known {
  readonly snapshot: Snapshot;
  readonly context: Context;
}
type Stealing = Extract<StealChoice, { cooldownSeconds: number }>;

const roomOf = (snapshot: Snapshot, { assetClass }: Watch, context: Context): Room => {
  const { capacity } = snapshot;
  if (!isEquityRecent(capacity, context)) return { free: null, freeOfClass: null, assetClass };
  return { free: capacity.free, freeOfClass: capacity.freeOfClass[assetClass], assetClass };
};

/** What a steal is chosen from, for a watch that may enter (WS-6). */
export const stealInput = ({ watch, quantity }: Eligible, maySteal: boolean, snapshot: Snapshot, context: Context): StealInput => {
  return {
    room: roomOf(snapshot, watch, context),
    thief: { ...watch, quantity, quote: snapshot.board.quotes[watch.symbol] ?? null },
    orders: maySteal ? stealCandidates(snapshot) : [],
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

const arm = (slot: Slot, context: Context): Slot => ({ ...slot, triggered: dayOf(slot, context) });

const triggeredNote = (slot: Slot): Note =>
  note('TRIGGERED', `${slot.symbol}: triggered, and waits for its entry price`, { symbol: slot.symbol });

/** Triggers a watch that has no attempt or no room left (SL-1): it may claim when that changes. */
const armOnly = (slot: Slot, context: Context): Decision =>
  commit({ ...EMPTY_DRAFT, slots: [moveSlot(slot, arm(slot, context))], notes: [triggeredNote(slot)] });

/** A part is as large as the parts before it have left, so that for it nothing of the slot may have moved. */
const moveIdle = (before: Slot, after: Slot): SlotChange => (before.parts === null ? { before, after, guard: 'ENTRY' } : moveSlot(before, after));

/** Claims room and plans the order, all in one commit (WS-2, EW-7): slot idle, room free, order and action new. */
const claim = (slot: Slot, eligible: Eligible, context: Context): Decision => {
  const { watch, quantity } = eligible;
  const planned = planOrder(slot, entryTerms(watch, quantity, context), context);
  const needed = quantity.times(watch.limit);
  const armed = eligible.arms ? arm(slot, context) : slot;
  const { fence } = planned.order;
  const after: Slot = { ...armed, fence, parts: partsWith(slot, watch, fence, context), entry: { status: 'PLACING', order: planned.order } };
  const fields = { symbol: slot.symbol, clientOrderId: planned.order.clientOrderId, needed: needed.toFixed() };
  return commit({
    slots: [moveIdle(slot, after)],
    require: roomRequired(slot, needed, needed, context),
    changes: planned.changes,
    notes: [...(eligible.arms ? [triggeredNote(slot)] : []), ...forcedNote(slot, eligible), note('CLAIMED', `${slot.symbol}: claimed ${needed.toFixed()}`, fields)],
  });
};

const factsOf = (slot: Slot, victim: Slot, choice: Stealing, context: Context): StealFacts => ({
  thief: refOf(slot),
  thiefDistance: choice.thiefDistance,
  thiefPnl: slot.watch?.forecastPnl ?? null,
  victim: refOf(victim),
  victimClientOrderId: choice.victim.clientOrderId,
  victimDistance: choice.victimDistance,
  victimPnl: choice.victim.forecastPnl,
  fight: choice.fight,
  cooldownSeconds: choice.cooldownSeconds,
  decidedAt: context.now,
});

/** What the thief needs beyond the release, in all and in its own class; negative where the release is greater. */
const beyondOf = (slot: Slot, victim: Slot, choice: Stealing) => {
  const total = choice.needed.minus(choice.release);
  return { total, ofClass: victim.assetClass === slot.assetClass ? total : choice.needed };
};

const waitingFor = (slot: Slot, { watch, quantity }: Eligible, victim: Slot, terms: { choice: Stealing; context: Context }): Slot => {
  const { choice, context } = terms;
  const beyond = beyondOf(slot, victim, choice);
  return {
    ...slot,
    entry: {
      status: 'WAITING',
      limit: watch.limit,
      quantity,
      needed: choice.needed,
      hold: max(ZERO, beyond.total),
      classHold: max(ZERO, beyond.ofClass),
      steal: factsOf(slot, victim, choice, context),
    },
  };
};

const findVictim = (clientOrderId: string, snapshot: Snapshot): Slot | undefined =>
  [...snapshot.slots.values()].find((slot) => orderOf(slot.entry)?.clientOrderId === clientOrderId);

/**
 * Step 1 of a steal (WS-8): the victim yields, the thief waits, the cancel is planned, and what the thief needs beyond
 * the release is taken out of the free room, so that no other claim can make the cancel useless.
 */
const startSteal = (slot: Slot, eligible: Eligible, choice: Stealing, { snapshot, context }: Known): Decision => {
  const victim = findVictim(choice.victim.clientOrderId, snapshot);
  if (victim?.entry.status !== 'WORKING') return ignore('VICTIM_GONE');
  const { order, attempts } = victim.entry;
  const attempt = attempts + 1;
  const yielding: Slot = { ...victim, entry: { status: 'YIELDING', order, thief: refOf(slot), attempts: attempt } };
  const waiting = waitingFor(slot, eligible, victim, { choice, context });
  const beyond = beyondOf(slot, victim, choice);
  // Without a hold no room moves: the account is asked again in step 2, before anything is entered.
  const needsHold = beyond.total.greaterThan(0) || beyond.ofClass.greaterThan(0);
  return commit({
    slots: [moveIdle(slot, waiting), moveSlot(victim, yielding)],
    require: needsHold ? roomRequired(slot, beyond.total, beyond.ofClass, context) : null,
    changes: [planCancel(victim, order, attempt, context)],
    notes: [
      ...(choice.fight ? [fightWonNote(slot, choice)] : []),
      note('STEAL_STARTED', `${slot.symbol}: waits for the room of ${victim.symbol}`, stealFields(slot, choice)),
    ],
  });
};

const stealFields = (slot: Slot, choice: Found): Note['fields'] => ({
  symbol: slot.symbol,
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

const act = (slot: Slot, eligible: Eligible, choice: StealChoice, { snapshot, context }: Known): Decision => {
  switch (choice.outcome) {
    case 'CLAIM':
      return claim(slot, eligible, context);
    case 'REFUSE':
      return refuse(slot, choice);
    case 'STEAL':
      return startSteal(slot, eligible, choice, { snapshot, context });
    case 'WOULD_STEAL':
      return ignore('WOULD_STEAL', [
        note('WOULD_STEAL', `${slot.symbol}: would steal from ${choice.victim.symbol}`, stealFields(slot, choice)),
      ]);
    default:
      return unreachable(choice);
  }
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
  if (!eligible.claims) return armOnly(slot, context);
  return claimOrSteal(slot, eligible, event.maySteal, { snapshot, context });
};

const claimOrSteal = (slot: Slot, eligible: Eligible, maySteal: boolean, known: Known): Decision => {
  const { snapshot, context } = known;
  const choice = chooseSteal(stealInput(eligible, maySteal, snapshot, context));
  // What triggers now and does not fit is triggered all the same, and asks again with the next price.
  if (eligible.arms && choice.outcome !== 'CLAIM') return armOnly(slot, context);
  const isReady = choice.outcome === 'REFUSE' && choice.reason === 'NO_VICTIM_LARGE_ENOUGH';
  if (isReady && !maySteal) return ignore('STEAL_WANTED');
  return act(slot, eligible, choice, known);
};
