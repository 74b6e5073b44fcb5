// What the account's equity and its kill switch change (WS-2, WS-13, KS-1, KS-2).
import type { ByClass, Capacity, KillScope, KillSetter, KillState, Passing } from './account.ts';
import { ALL_ACTIVE, isStronger, stateOf } from './account.ts';
import type { Context } from './context.ts';
import { moneyOf } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, Decision, Note, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, note } from './draft.ts';
import type { Millis } from './instant.ts';
import type { Session } from './market-hours.ts';
import { accountSwitch, limitChanges, movedMarks } from './loss-limits.ts';
import { resetOf } from './session-reset.ts';

const A_SECOND = 1000;

const capsOf = (equity: Decimal, context: Context): { readonly cap: Decimal; readonly capOfClass: ByClass } => {
  const cap = moneyOf(context.settings.maxLeverage.times(equity));
  const { capacityStock, capacityCrypto } = context.settings;
  return { cap, capOfClass: { stock: moneyOf(cap.times(capacityStock)), crypto: moneyOf(cap.times(capacityCrypto)) } };
};

const firstCapacity = (equity: Decimal, at: Millis, context: Context): Capacity => {
  const caps = capsOf(equity, context);
  return {
    ...caps,
    equity,
    equityAt: at,
    free: caps.cap,
    freeOfClass: caps.capOfClass,
    sequence: 0,
    kill: ALL_ACTIVE,
    ...movedMarks({ day: null, peak: null }, equity, at, context),
    stopStreak: 0,
    passing: null,
    restore: null,
  };
};

const movedCapacity = (before: Capacity, equity: Decimal, at: Millis, context: Context): Capacity => {
  const caps = capsOf(equity, context);
  return {
    ...before,
    ...caps,
    ...movedMarks(before, equity, at, context),
    equity,
    equityAt: at,
    free: before.free.plus(caps.cap).minus(before.cap),
    freeOfClass: {
      stock: before.freeOfClass.stock.plus(caps.capOfClass.stock).minus(before.capOfClass.stock),
      crypto: before.freeOfClass.crypto.plus(caps.capOfClass.crypto).minus(before.capOfClass.crypto),
    },
  };
};

/**
 * Moves the cap with the account's equity (WS-2) and halts at a loss that has reached its limit (KS-2); an equity not
 * newer than the one known changes nothing.
 */
export const decideEquityRead = (
  event: { readonly equity: Decimal; readonly at: Millis },
  snapshot: Snapshot,
  context: Context,
): Decision => {
  const before = snapshot.capacity;
  if (event.at > context.now + A_SECOND) {
    const fields = { aheadMs: event.at - context.now };
    return ignore('EQUITY_AHEAD', [note('CLOCK_SKEW', 'the venue’s clock is ahead: its equity cannot be used', fields, 'WARN')]);
  }
  if (before !== null && event.at <= before.equityAt) return ignore('EQUITY_OLD');
  // A venue's mark to market may have more places than the ledger, whose sums are kept to the last digit.
  const equity = moneyOf(event.equity);
  const after =
    before === null ? firstCapacity(equity, event.at, context) : movedCapacity(before, equity, event.at, context);
  if (before === null) return commit({ ...EMPTY_DRAFT, changes: [{ kind: 'EQUITY', before, after }] });
  const limited = limitChanges(after, context);
  return commit({ ...EMPTY_DRAFT, ...limited, changes: [{ kind: 'EQUITY', before, after }, ...limited.changes] });
};

interface Setting {
  readonly scope: KillScope;
  readonly state: KillState;
  readonly by: KillSetter;
  /** Who the person is, where it is known. */
  readonly who: string | null;
  readonly onlyTightens?: boolean;
}

const ACCOUNT = { kind: 'ACCOUNT' } as const;

/** What a person lifts begins anew (KS-2): losses at a halt, the streak once the account is ACTIVE. */
const liftedLimits = ({ state, by }: Setting, before: KillState): readonly Change[] => {
  if (by === 'RULE' || !isStronger(before, state)) return [];
  const anew: readonly Change[] = before === 'HALTED' ? [{ kind: 'LIMITS_ANEW' }] : [];
  return state === 'ACTIVE' ? [...anew, { kind: 'STREAK', to: 'CLEAR' }] : anew;
};

const killChanges = (event: Setting, before: KillState, capacity: Capacity): readonly Change[] => {
  if (event.scope.kind !== 'ACCOUNT') return [{ kind: 'KILL', scope: event.scope, before, state: event.state }];
  return [...accountSwitch(capacity, event.state, null), ...liftedLimits(event, before)];
};

const mayReplace = (event: Setting, before: KillState, capacity: Capacity): boolean => {
  if (event.by === 'RULE') return isStronger(event.state, before);
  // Said in a hurry while somebody else, or a limit, halts: what is to stop entries must not lift that.
  if (event.onlyTightens === true && isStronger(before, event.state)) return false;
  // The same state from a person is news where it would have passed by itself: the reset may then lift it no more.
  return event.state !== before || (event.scope.kind === 'ACCOUNT' && capacity.passing !== null);
};

/** The account is not traded on a restored table before reconcile has found it in order (SL-11). */
const isHeldByRestore = ({ scope, state }: Setting, before: KillState, { restore }: Capacity): boolean =>
  scope.kind === 'ACCOUNT' && restore?.isOpen === true && isStronger(before, state);

const thrown = (before: KillState, { scope, state, by, who }: Setting, why: string): Note => {
  const named = scope.kind === 'ACCOUNT' ? {} : scope.kind === 'CLASS' ? { assetClass: scope.assetClass } : { symbol: scope.symbol };
  const fields = { scope: scope.kind, ...named, by: by === 'RULE' ? by : (who ?? by) };
  return note('KILL_SWITCH', `kill switch ${before} → ${state}${why}`, fields, 'WARN');
};

/**
 * Sets the kill switch of an account, a class or a symbol (KS-1); durable, and a condition of every entry's commit. A
 * person's word always stands, a rule's only where it lets through less than what it finds (KS-2).
 */
export const decideKillSwitch = (event: Setting, snapshot: Snapshot): Decision => {
  const { capacity } = snapshot;
  if (capacity === null) return ignore('CAPACITY_UNKNOWN');
  const before = stateOf(capacity.kill, event.scope);
  if (!mayReplace(event, before, capacity)) return ignore('ALREADY_SET');
  if (isHeldByRestore(event, before, capacity)) return ignore('RESTORE_OPEN');
  return commit({ ...EMPTY_DRAFT, changes: killChanges(event, before, capacity), notes: [thrown(before, event, '')] });
};

/**
 * Pauses the account (KS-2): REDUCING until the reset before NYSE next opens. What stands without an end, a person's
 * REDUCING or any halt, stands on: a pause would let it end by itself.
 */
export const decidePause = (event: { readonly who: string | null }, snapshot: Snapshot, { now }: Context): Decision => {
  const { capacity } = snapshot;
  if (capacity === null) return ignore('CAPACITY_UNKNOWN');
  const before = capacity.kill.account;
  if (before !== 'ACTIVE' && capacity.passing === null) return ignore('STANDS_ALREADY');
  const setting: Setting = { scope: ACCOUNT, state: 'REDUCING', by: 'PERSON', who: event.who };
  return commit({
    ...EMPTY_DRAFT,
    changes: accountSwitch(capacity, 'REDUCING', { by: 'PAUSE', since: now }),
    notes: [thrown(before, setting, ': paused until the reset before the next open')],
  });
};

const PAST: Readonly<Record<Passing['by'], string>> = {
  STREAK: ': the streak of stops is over with its session',
  PAUSE: ': the pause is over, a session begins',
};

// A scheduler calls within its minute, and the clock of whoever is called may be behind. Earlier only a person calls, to
// make up for a run that was missed: what is paused until the reset stays so until then.
const EARLIEST: Millis = 60_000;

// What began at its session's own reset or later waits for the next: a second run, or one that is late, must not lift it.
const isPast = ({ passing, kill }: Capacity, resetAt: Millis): boolean =>
  passing !== null && passing.since < resetAt && kill.account === 'REDUCING';

/** The session that a reset may begin now: the day's, from its reset until its close. */
const sessionToReset = ({ now, calendar }: Context): Session | null => {
  const session = calendar.sessionOn(calendar.newYorkDate(now));
  return session === null || now >= session.closesAt || now < resetOf(session) - EARLIEST ? null : session;
};

/**
 * Begins the account's session anew before NYSE opens (KS-2): no streak, and what was reduced for a while only, and by
 * nobody else since, goes on. On a day without a session, before its reset is due, and once the session is over, it changes nothing.
 */
export const decideSessionReset = (snapshot: Snapshot, context: Context): Decision => {
  const { capacity } = snapshot;
  if (capacity === null) return ignore('CAPACITY_UNKNOWN');
  const session = sessionToReset(context);
  if (session === null) return ignore('NO_SESSION_AHEAD');
  const clear: Change = { kind: 'STREAK', to: 'CLEAR' };
  const { passing } = capacity;
  if (!isPast(capacity, resetOf(session))) {
    // After the open the stops counted are this session's.
    const isCounted = capacity.stopStreak > 0 && context.now < session.opensAt;
    return isCounted ? commit({ ...EMPTY_DRAFT, changes: [clear] }) : ignore('NOTHING_TO_RESET');
  }
  const setting: Setting = { scope: ACCOUNT, state: 'ACTIVE', by: 'RULE', who: null };
  return commit({
    ...EMPTY_DRAFT,
    changes: [...accountSwitch(capacity, 'ACTIVE', null), clear],
    notes: [thrown('REDUCING', setting, passing === null ? '' : PAST[passing.by])],
  });
};
