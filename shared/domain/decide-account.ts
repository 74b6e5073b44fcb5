// What the account's equity and its kill switch change (WS-2, WS-13, KS-1, KS-2).
import type { ByClass, Capacity, KillScope, KillSetter, KillState, KillSwitch } from './account.ts';
import { ALL_ACTIVE, isStronger } from './account.ts';
import type { Context } from './context.ts';
import { moneyOf } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Change, Decision, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, note } from './draft.ts';
import type { Millis } from './instant.ts';
import { accountSwitch, limitChanges, movedMarks } from './loss-limits.ts';
import { unreachable } from './room.ts';

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
    streakReduced: false,
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
  const limited = limitChanges(after, context.settings);
  return commit({ ...EMPTY_DRAFT, ...limited, changes: [{ kind: 'EQUITY', before, after }, ...limited.changes] });
};

const stateOf = (kill: KillSwitch, scope: KillScope): KillState => {
  switch (scope.kind) {
    case 'ACCOUNT':
      return kill.account;
    case 'CLASS':
      return kill[scope.assetClass];
    case 'SYMBOL':
      return kill.symbols[scope.symbol] ?? 'ACTIVE';
    default:
      return unreachable(scope);
  }
};

interface Setting {
  readonly scope: KillScope;
  readonly state: KillState;
  readonly by: KillSetter;
}

/** What a person lifts begins anew (KS-2): losses at a halt, the streak once the account is ACTIVE. */
const liftedLimits = ({ state, by }: Setting, before: KillState): readonly Change[] => {
  if (by === 'RULE' || !isStronger(before, state)) return [];
  const anew: readonly Change[] = before === 'HALTED' ? [{ kind: 'LIMITS_ANEW' }] : [];
  return state === 'ACTIVE' ? [...anew, { kind: 'STREAK', to: 'CLEAR' }] : anew;
};

const killChanges = (event: Setting, before: KillState, capacity: Capacity): readonly Change[] => {
  if (event.scope.kind !== 'ACCOUNT') return [{ kind: 'KILL', scope: event.scope, before, state: event.state }];
  return [...accountSwitch(capacity, event.state, false), ...liftedLimits(event, before)];
};

const mayReplace = (event: Setting, before: KillState, capacity: Capacity): boolean => {
  if (event.by === 'RULE') return isStronger(event.state, before);
  // The same state from a person is news where only the streak had set it: the reset may then lift it no more.
  return event.state !== before || (event.scope.kind === 'ACCOUNT' && capacity.streakReduced);
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
  const fields = { scope: event.scope.kind, by: event.by };
  return commit({
    ...EMPTY_DRAFT,
    changes: killChanges(event, before, capacity),
    notes: [note('KILL_SWITCH', `kill switch ${before} → ${event.state}`, fields, 'WARN')],
  });
};

/** Begins the account's session anew (KS-2): no streak, and what a streak had reduced, and nobody else since, goes on. */
export const decideSessionReset = (snapshot: Snapshot): Decision => {
  const { capacity } = snapshot;
  if (capacity === null) return ignore('CAPACITY_UNKNOWN');
  if (capacity.stopStreak === 0 && !capacity.streakReduced) return ignore('NOTHING_TO_RESET');
  const clear: Change = { kind: 'STREAK', to: 'CLEAR' };
  // Only a person lifts a halt, whatever else stands beside it.
  if (!capacity.streakReduced || capacity.kill.account !== 'REDUCING') return commit({ ...EMPTY_DRAFT, changes: [clear] });
  const fields = { scope: 'ACCOUNT', by: 'RULE' };
  return commit({
    ...EMPTY_DRAFT,
    changes: [...accountSwitch(capacity, 'ACTIVE', false), clear],
    notes: [note('KILL_SWITCH', 'kill switch REDUCING → ACTIVE: the streak of stops is over with its session', fields, 'WARN')],
  });
};
