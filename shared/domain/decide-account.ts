// What the account's equity and its kill switch change (WS-2, WS-13, KS-1).
import type { ByClass, Capacity, KillScope, KillState, KillSwitch } from './account.ts';
import { ALL_ACTIVE } from './account.ts';
import type { Context } from './context.ts';
import { moneyOf } from './decimal.ts';
import type { Decimal } from './decimal.ts';
import type { Decision, Snapshot } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, note } from './draft.ts';
import type { Millis } from './instant.ts';
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
    day: { date: context.calendar.newYorkDate(at), equity },
    peak: equity,
    stopStreak: 0,
    streakReduced: false,
  };
};

const movedCapacity = (before: Capacity, equity: Decimal, at: Millis, context: Context): Capacity => {
  const caps = capsOf(equity, context);
  return {
    ...before,
    ...caps,
    equity,
    equityAt: at,
    free: before.free.plus(caps.cap).minus(before.cap),
    freeOfClass: {
      stock: before.freeOfClass.stock.plus(caps.capOfClass.stock).minus(before.capOfClass.stock),
      crypto: before.freeOfClass.crypto.plus(caps.capOfClass.crypto).minus(before.capOfClass.crypto),
    },
  };
};

/** Moves the cap with the account's equity (WS-2); an equity not newer than the one known changes nothing. */
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
  return commit({ ...EMPTY_DRAFT, changes: [{ kind: 'EQUITY', before, after }] });
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

/** Sets the kill switch of an account, a class or a symbol (KS-1); durable, and a condition of every entry's commit. */
export const decideKillSwitch = (
  event: { readonly scope: KillScope; readonly state: KillState },
  snapshot: Snapshot,
): Decision => {
  if (snapshot.capacity === null) return ignore('CAPACITY_UNKNOWN');
  const before = stateOf(snapshot.capacity.kill, event.scope);
  if (before === event.state) return ignore('ALREADY_SET');
  return commit({
    ...EMPTY_DRAFT,
    changes: [{ kind: 'KILL', scope: event.scope, before, state: event.state }],
    notes: [note('KILL_SWITCH', `kill switch ${before} → ${event.state}`, { scope: event.scope.kind }, 'WARN')],
  });
};
