// How the account stands, in one answer.
import { killSwitches } from './kill-switches.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readBook, secondsSince } from './read-book.ts';
import type { StatusAnswer } from './answers.ts';
import type { Action } from '../domain/action.ts';
import { toPlain } from '../domain/decimal.ts';
import { isEquityRecent } from '../domain/entry-requirement.ts';
import type { Known } from '../domain/explain-words.ts';
import { positionPhaseOf } from '../domain/lifecycle-phase.ts';
import type { PositionPhase } from '../domain/lifecycle-phase.ts';
import type { Slot } from '../domain/slot.ts';
import { circuitFor, pauseAt } from '../domain/venue-state.ts';

type Part = 'deadLetters' | 'venue' | 'journal';
const FAULTS: Readonly<Record<Part, string>> = {
  deadLetters: 'the dead letters could not be counted',
  venue: 'what is known of the venue could not be read',
  journal: 'the journal could not be read: who threw the switch is not known',
};

/** Positions that something covers: a stop at the venue, one that is being moved, or our own eye on the price. */
const COVERED: ReadonlySet<PositionPhase> = new Set(['PROTECTED', 'MOVING', 'REPLACING', 'WATCHED']);

/** Tells whether what a slot holds is covered (SL-4, SL-7); what is being sold is on its way out. */
export const isCovered = (slot: Slot): boolean => COVERED.has(positionPhaseOf(slot));

const capacityOf = ({ snapshot: { capacity }, context }: Known): StatusAnswer['capacity'] => {
  if (capacity === null) return null;
  const { equity, equityAt, cap, free, capOfClass, freeOfClass } = capacity;
  return {
    equity: toPlain(equity),
    equityAgeSeconds: secondsSince(equityAt, context.now),
    isRecent: isEquityRecent(capacity, context),
    cap: toPlain(cap),
    used: toPlain(cap.minus(free)),
    free: toPlain(free),
    byClass: (['stock', 'crypto'] as const).map((assetClass) => ({
      assetClass,
      cap: toPlain(capOfClass[assetClass]),
      used: toPlain(capOfClass[assetClass].minus(freeOfClass[assetClass])),
      free: toPlain(freeOfClass[assetClass]),
    })),
  };
};

const countsOf = (slots: readonly Slot[]): StatusAnswer['counts'] => {
  const held = slots.filter(({ position: { status } }) => status !== 'FLAT' && status !== 'FOREIGN');
  return {
    watches: slots.filter(({ watch }) => watch !== null).length,
    entries: slots.filter(({ entry }) => entry.status !== 'NONE').length,
    positions: held.length,
    unprotected: held.filter((slot) => !isCovered(slot)).length,
    foreign: slots.filter(({ position }) => position.status === 'FOREIGN').length,
  };
};

const actionOf = (now: number) => ({ id, ref, purpose, intent, state, sentAt, plannedAt }: Action): StatusAnswer['actions'][number] => ({
  id,
  symbol: ref.symbol,
  purpose,
  work: intent.kind,
  state,
  ageSeconds: secondsSince(sentAt ?? plannedAt, now),
});

const venueOf = async (deps: OperatorDeps): Promise<StatusAnswer['venue']> => {
  const { venue: name } = deps.traits;
  const state = await deps.venueStates.find(name);
  if (state === null) return { name, circuit: 'CLOSED', pause: null };
  const now = deps.clock.now();
  const pause = pauseAt(state, now);
  return { name, circuit: circuitFor(state, now), pause: pause === null ? null : { kind: pause.kind, seconds: secondsSince(now, pause.until) } };
};

type Tried<Value> = { readonly value: Value; readonly fault: null } | { readonly value: null; readonly fault: string };

// A status that lacks one part is worth more than none, as long as it says so.
const attempt = async <Value>(part: Part, read: () => Promise<Value>): Promise<Tried<Value>> => {
  try {
    return { value: await read(), fault: null };
  } catch {
    return { value: null, fault: FAULTS[part] };
  }
};

/** Tells how the account stands: room, switches, what is live, what waits, what was given up on. */
export const tellStatus = async (deps: OperatorDeps): Promise<StatusAnswer> => {
  const known = await readBook(deps);
  const [reconciled, actions, kill, letters, venue] = await Promise.all([
    deps.store.load(deps.account, { kind: 'RECONCILE' }),
    deps.store.openActions(deps.account),
    killSwitches(deps, known),
    attempt('deadLetters', async () => deps.deadLetters.count()),
    attempt('venue', async () => venueOf(deps)),
  ]);
  const { now } = known.context;
  const { at: reconciledAt } = reconciled.reconcile;
  return {
    kind: 'STATUS',
    account: deps.account,
    at: now,
    capacity: capacityOf(known),
    kill: [...kill.switches],
    counts: countsOf([...known.snapshot.slots.values()]),
    reconcileAgeSeconds: reconciledAt === null ? null : secondsSince(reconciledAt, now),
    actions: actions.map(actionOf(now)),
    deadLetters: letters.value === null ? null : [...letters.value],
    venue: venue.value,
    faults: [letters.fault, venue.fault, kill.isKnown ? null : FAULTS.journal].filter((fault) => fault !== null),
  };
};
