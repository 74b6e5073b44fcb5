// What becomes of a watch that may enter (WS-5, WS-6): it fits, it steals, or the first reason why it does neither.
import type { CandidateOrder } from './candidates.ts';
import { toPlain, ZERO } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import { stealInput } from './decide-entry.ts';
import { distanceOf } from './distance.ts';
import type { Eligible } from './entry-eligibility.ts';
import { equityFault } from './explain-account.ts';
import { percentOf, quoteFault, quoteOf, spanOf, timesOf } from './explain-words.ts';
import type { Known, Reason } from './explain-words.ts';
import { judgeFight } from './fight.ts';
import { seconds } from './instant.ts';
import { protectionOf } from './protection.ts';
import type { ProtectionReason } from './protection.ts';
import { unreachable } from './room.ts';
import type { Slot } from './slot.ts';
import { stealCandidates } from './steal-candidates.ts';
import { chooseSteal, releaseOf } from './steal-choice.ts';
import type { StealChoice, StealInput } from './steal-choice.ts';

type Protected = (order: CandidateOrder, known: Known) => string;

const coolingFor = ({ lastStolen }: CandidateOrder, { context }: Known): string =>
  lastStolen === null ? 'a while' : spanOf(lastStolen.at + seconds(lastStolen.cooldownSeconds) - context.now);

const PROTECTED: Readonly<Record<ProtectionReason, Protected>> = {
  PROBE: () => 'it is a probe',
  PRIORITY: ({ group }) => `its group ${group ?? ''} is protected`,
  EXIT: () => 'it is no entry',
  SELF: () => 'it is of the same symbol',
  NOT_ACKNOWLEDGED: () => 'the venue has not confirmed it',
  YIELDING: () => 'it is being cancelled already',
  NO_QUOTE: ({ quote }, known) => quoteFault(quote, known) ?? 'it has no limit',
  NEAR_EXECUTION: (_order, { context }) => `its price is within ${percentOf(context.settings.workStealingProtection)} of its limit`,
  COOLDOWN: (order, known) => `it was stolen from and is left alone for another ${coolingFor(order, known)}`,
  MARKETABLE: () => 'its price is through its limit',
};

/** Says why an order must not be stolen from (WS-3); null when it may be. */
export const explainProtection = (thief: string, order: CandidateOrder, known: Known): { readonly code: ProtectionReason; readonly words: string } | null => {
  const code = protectionOf(thief, order, known.context.settings, known.context.now);
  return code === null ? null : { code, words: PROTECTED[code](order, known) };
};

const explainCandidate = (thief: string, order: CandidateOrder, known: Known): Reason => {
  const found = explainProtection(thief, order, known);
  if (found !== null) return { about: 'STEAL', code: found.code, words: `nothing is taken from ${order.symbol}: ${found.words}` };
  return { about: 'STEAL', code: 'TOO_SMALL', words: `taking from ${order.symbol} would release ${toPlain(releaseOf(order))}, which is not enough` };
};

const noVictim = (slot: Slot, known: Known): readonly Reason[] => stealCandidates(known.snapshot).map((order) => explainCandidate(slot.symbol, order, known));

const pnlWords = (pnl: Decimal | null): string => toPlain(pnl ?? ZERO);

const lostFight = (input: StealInput, { victim }: Extract<StealChoice, { reason: 'FIGHT_LOST' }>): string => {
  const { thief, history, settings, now } = input;
  const { recent } = judgeFight({ thief, victim, history, settings, now });
  const window = spanOf(seconds(settings.workStealingFightWindowSeconds));
  return `taking from ${victim.symbol} would be a fight, the two having stolen from each other ${timesOf(recent)} in ${window}, and its PnL ${pnlWords(thief.forecastPnl)} is not above ${pnlWords(victim.forecastPnl)}`;
};

const notReady = (slot: Slot, eligible: Eligible, known: Known): string => {
  const { settings, now } = known.context;
  const away = distanceOf(eligible.watch.limit, quoteOf(slot.symbol, known), now, settings);
  return `to steal it has to be within ${percentOf(settings.workStealingTolerance)} of its limit, and it is ${away === null ? 'nowhere' : percentOf(away)} away`;
};

const noPrice = (slot: Slot, known: Known): string => `it cannot steal, for ${quoteFault(quoteOf(slot.symbol, known), known) ?? 'it has no limit'}`;

const nobodyToTakeFrom = ({ orders }: StealInput): string =>
  orders.length === 0 ? 'there is no live order to take it from' : 'no one order that may be taken from would release enough';

type Refused = Extract<StealChoice, { outcome: 'REFUSE' }>;

const whyRefused = (slot: Slot, eligible: Eligible, { choice, input }: { choice: Refused; input: StealInput }, known: Known): string => {
  switch (choice.reason) {
    case 'CAPACITY_UNKNOWN':
      return equityFault(known);
    case 'STEALING_DISABLED':
      return 'stealing is switched off';
    case 'NO_QUOTE':
      return noPrice(slot, known);
    case 'NOT_READY':
      return notReady(slot, eligible, known);
    case 'NO_VICTIM_LARGE_ENOUGH':
      return nobodyToTakeFrom(input);
    case 'FIGHT_LOST':
      return lostFight(input, choice);
    default:
      return unreachable(choice);
  }
};

const roomWords = (needed: Decimal, { room }: StealInput): string => {
  const free = room.free === null ? 'nothing known' : toPlain(room.free);
  const ofClass = room.free !== null && room.freeOfClass?.lessThan(room.free) === true ? ` (of its class ${toPlain(room.freeOfClass)})` : '';
  return `it needs ${toPlain(needed)}, and ${free} is free${ofClass}`;
};

const refusal = (slot: Slot, eligible: Eligible, refused: { choice: Refused; input: StealInput }, known: Known): readonly Reason[] => {
  const { choice, input } = refused;
  const why = whyRefused(slot, eligible, refused, known);
  const words = choice.reason === 'CAPACITY_UNKNOWN' ? `no room: ${why}` : `no room: ${roomWords(choice.needed, input)}; ${why}`;
  const others = choice.reason === 'NO_VICTIM_LARGE_ENOUGH' ? noVictim(slot, known) : [];
  return [{ about: 'ENTRY', code: choice.reason, words }, ...others];
};

/** Says what a watch that may enter meets when it asks for room. */
export const explainRoom = (slot: Slot, eligible: Eligible, known: Known): readonly Reason[] => {
  if (!eligible.claims) return [{ about: 'ENTRY', code: 'TRIGGERS', words: 'its price triggers it now; it enters once its entry price comes and an attempt is left' }];
  const input = stealInput(eligible, true, known.snapshot, known.context);
  const choice = chooseSteal(input);
  switch (choice.outcome) {
    case 'CLAIM':
      return [{ about: 'ENTRY', code: 'FITS', words: `it may enter and fits: ${roomWords(choice.needed, input)}; it enters with the next price` }];
    case 'REFUSE':
      return refusal(slot, eligible, { choice, input }, known);
    case 'STEAL':
      return [{ about: 'ENTRY', code: 'STEALS', words: `${roomWords(choice.needed, input)}; with the next price it takes the room of ${choice.victim.symbol}` }];
    case 'WOULD_STEAL':
      return [{ about: 'ENTRY', code: 'WOULD_STEAL', words: `${roomWords(choice.needed, input)}; it would take the room of ${choice.victim.symbol}, but stealing is a dry run` }];
    default:
      return unreachable(choice);
  }
};
