// The actions of one batch of messages (EX-4): cancels, then amendments, then placements; many of a kind in one call.
import { ringAction } from './apply-event.ts';
import type { Action } from './domain/action.ts';
import type { Millis } from './domain/instant.ts';
import { slotKey } from './domain/decision.ts';
import type { Outcome } from './domain/event.ts';
import { callVenue, carryOutAction, claimAction, clearAction, concludeAction, priorityOf } from './perform-action.ts';
import type { Rung } from './perform-action.ts';
import type { OrderRef, PlaceOrder } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

type Kind = Action['intent']['kind'];

/** In this order they are carried out, and more of a kind than this go together. */
const KINDS: readonly { readonly kind: Kind; readonly most: number }[] = [
  { kind: 'CANCEL', most: 5 },
  { kind: 'AMEND', most: 3 },
  { kind: 'PLACE', most: 3 },
];

/** One message: the action it rings for. */
export interface Ring extends Rung {
  readonly actionId: string;
  readonly symbol: string;
}

interface Due {
  readonly ring: Ring;
  readonly action: Action;
}

interface Batch {
  readonly deps: VenueDeps;
  /** What is not begun by then is rung again: the invocation ends soon. */
  readonly deadline: number;
  readonly failures: Map<Ring, Error>;
}

/** Does one ring's part; what fails there fails nothing else. */
const attempt = async <Answer>({ failures }: Batch, ring: Ring, work: () => Promise<Answer>): Promise<Answer | null> => {
  try {
    return await work();
  } catch (error) {
    failures.set(ring, error instanceof Error ? error : new Error(String(error)));
    return null;
  }
};

const isLate = ({ deps, deadline }: Batch): boolean => deps.clock.now() >= deadline;

const ringAgain = ({ deps }: Batch, { ring, action }: Due): Promise<void> => ringAction(deps, action, ring.trace, { nonce: deps.ids.next(), hop: ring.hop ?? 0 });

const carryOut = async (batch: Batch, due: Due): Promise<void> => {
  const { ring, action } = due;
  await attempt(batch, ring, async () => (isLate(batch) ? ringAgain(batch, due) : carryOutAction(batch.deps, action, ring)));
};

const placeOf = ({ clientOrderId, ref, intent }: Action): readonly PlaceOrder[] =>
  intent.kind === 'PLACE' ? [{ clientOrderId, symbol: ref.symbol, intent }] : [];

const refOf = ({ clientOrderId, ref }: Action): OrderRef => ({ clientOrderId, symbol: ref.symbol });

/** From its commit on an order counts as sent, and is believed to be nowhere once its quiet time is over: it goes soon or not now. */
const LATEST_SEND_MS = 5_000;
const TOO_LATE: Outcome = { kind: 'NOT_SENT', reason: 'its call would have come too late', pause: null };
const NO_ANSWER: Outcome = { kind: 'UNKNOWN', reason: 'the batch has no answer for it' };

/** Makes calls of as many as one takes; an answer that is missing, or a call that ends badly, leaves its orders unknown. */
const inCalls = async <Order>(orders: readonly Order[], most: number, call: (part: readonly Order[]) => Promise<readonly Outcome[] | null>): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < orders.length; start += most) {
    const part = orders.slice(start, start + most);
    const answers = (await call(part).catch((): readonly Outcome[] => [])) ?? part.map(() => TOO_LATE);
    outcomes.push(...part.map((_order, place) => answers[place] ?? NO_ANSWER));
  }
  return outcomes;
};

/** Sends many of a kind, claimed at that moment: through the venue's batch call where it has one, else all at once. */
const callTogether = async (deps: VenueDeps, kind: Kind, { actions, since }: { readonly actions: readonly Action[]; readonly since: Millis }): Promise<readonly Outcome[]> => {
  const { batches } = deps.exchange;
  const inTime = async <Answer>(call: () => Promise<Answer>): Promise<Answer | null> => (deps.clock.now() - since > LATEST_SEND_MS ? null : call());
  if (batches !== null && kind === 'PLACE') return inCalls(actions.flatMap(placeOf), batches.mostPlaced, (part) => inTime(() => batches.place(part)));
  if (batches !== null && kind === 'CANCEL') return inCalls(actions.map(refOf), batches.mostCancelled, (part) => inTime(() => batches.cancel(part)));
  return Promise.all(actions.map(async (action) => (await inTime(() => callVenue(deps, action).catch(() => NO_ANSWER))) ?? TOO_LATE));
};

type Step = typeof clearAction;

/** Takes a step with each; those for which it leaves nothing more to do drop out. */
const takeStep = async (batch: Batch, all: readonly Due[], step: Step): Promise<readonly Due[]> => {
  const left: Due[] = [];
  for (const due of all) {
    const goesOn = await attempt(batch, due.ring, async () => (await step(batch.deps, due.action, due.ring)) === null);
    if (goesOn === true) left.push(due);
  }
  return left;
};

/**
 * The turns of all are awaited first; then each is committed to being sent before the one call, and brought in alone after
 * it: a crash between leaves each to be looked up.
 */
const sendTogether = async (batch: Batch, kind: Kind, all: readonly Due[]): Promise<void> => {
  const { deps } = batch;
  const cleared = await takeStep(batch, all, clearAction);
  const since = deps.clock.now();
  const ours = await takeStep(batch, cleared, claimAction);
  const outcomes = await callTogether(deps, kind, { actions: ours.map(({ action }) => action), since });
  for (const [place, { ring, action }] of ours.entries()) {
    await attempt(batch, ring, () => concludeAction(deps, action, outcomes[place] ?? NO_ANSWER, ring.trace));
  }
};

const urgentFirst = (a: Due, b: Due): number => Number(priorityOf(a.action) !== 'URGENT') - Number(priorityOf(b.action) !== 'URGENT');

const carryOutRound = async (batch: Batch, round: readonly Due[]): Promise<void> => {
  for (const { kind, most } of KINDS) {
    const all = round.filter(({ action }) => action.intent.kind === kind).toSorted(urgentFirst);
    if (all.length > most && !isLate(batch)) await sendTogether(batch, kind, all);
    else for (const due of all) await carryOut(batch, due);
  }
};

interface Round {
  readonly due: readonly Due[];
  /** What is about a slot that has something in this round already. */
  readonly rest: readonly Ring[];
}

/** What comes behind a failure of its symbol is given back with it, so that both come again in the order they were sent in. */
const readDue = async (batch: Batch, ring: Ring): Promise<Action | null> => {
  const { deps, failures } = batch;
  const ahead = [...failures].find(([{ symbol }]) => symbol === ring.symbol);
  if (ahead === undefined) return attempt(batch, ring, () => deps.store.findAction(deps.account, ring.actionId));
  failures.set(ring, ahead[1]);
  return null;
};

/** Reads what is due: of each slot the first alone, for what comes after it may be about the very same order. */
const openRound = async (batch: Batch, rings: readonly Ring[]): Promise<Round> => {
  const due = new Map<string, Due>();
  const rest: Ring[] = [];
  for (const ring of rings) {
    const action = await readDue(batch, ring);
    if (action === null) continue;
    const key = slotKey(action.ref);
    if (due.has(key)) rest.push(ring);
    else due.set(key, { ring, action });
  }
  return { due: [...due.values()], rest };
};

/**
 * Performs the actions of one batch (EX-4, EX-9) in rounds in which no slot has two. Returns what failed, by the place of
 * its ring; the rest is done, waits for its turn, or was rung again because the deadline (epoch milliseconds) had come.
 */
export const performActions = async (deps: VenueDeps, rings: readonly Ring[], deadline: number): Promise<ReadonlyMap<number, Error>> => {
  const batch: Batch = { deps, deadline, failures: new Map() };
  for (let waiting = rings; waiting.length > 0; ) {
    const { due, rest } = await openRound(batch, waiting);
    await carryOutRound(batch, due);
    waiting = rest;
  }
  return new Map(rings.flatMap((ring, place) => {
    const error = batch.failures.get(ring);
    return error === undefined ? [] : [[place, error] as const];
  }));
};
