// What throws the kill switch by itself (KS-2): a day's loss and a drawdown halt, a streak of stops reduces.
import type { Capacity, KillState, Passing } from './account.ts';
import { isStronger } from './account.ts';
import type { Context } from './context.ts';
import type { Decimal } from './decimal.ts';
import { max } from './decimal.ts';
import type { Change, Note, Snapshot } from './decision.ts';
import { note } from './draft.ts';
import type { Millis } from './instant.ts';
import type { Settings } from './settings.ts';
import type { ExitReason, Position, Purpose } from './slot.ts';

const ACCOUNT = { kind: 'ACCOUNT' } as const;

export type LossMarks = Pick<Capacity, 'day' | 'peak'>;

/** What follows from a limit, to be committed with whatever reached it. */
export interface Limited {
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
}

interface Loss {
  readonly setting: 'MAX_DAILY_LOSS' | 'MAX_DRAWDOWN';
  readonly limit: Decimal | null;
  readonly lost: Decimal | null;
}

/** No limit reached. */
export const NOT_LIMITED: Limited = { changes: [], notes: [] };

/** Moves what losses are measured from (KS-2): a date in New York begins with its first reading, the peak only rises. */
export const movedMarks = (before: LossMarks, equity: Decimal, at: Millis, context: Context): LossMarks => {
  const date = context.calendar.newYorkDate(at);
  return {
    day: before.day?.date === date ? before.day : { date, equity },
    peak: before.peak === null ? equity : max(before.peak, equity),
  };
};

/** Names the first limit that an account's loss has reached, in quote currency (KS-2); null where none has. */
export const limitReached = (capacity: Capacity, settings: Settings): Loss | null => {
  const { equity, day, peak } = capacity;
  const losses: readonly Loss[] = [
    { setting: 'MAX_DAILY_LOSS', limit: settings.maxDailyLoss, lost: day?.equity.minus(equity) ?? null },
    { setting: 'MAX_DRAWDOWN', limit: settings.maxDrawdown, lost: peak?.minus(equity) ?? null },
  ];
  return losses.find(({ limit, lost }) => limit !== null && lost !== null && lost.greaterThanOrEqualTo(limit)) ?? null;
};

/** Sets the account's switch, and whether what then stands passes by itself; whoever sets another state takes it over. */
export const accountSwitch = (capacity: Capacity, state: KillState, after: Passing | null): readonly Change[] => {
  const before = capacity.passing;
  const passing: readonly Change[] = before === null && after === null ? [] : [{ kind: 'PASSING', before, after }];
  return [{ kind: 'KILL', scope: ACCOUNT, before: capacity.kill.account, state }, ...passing];
};

const halt = (capacity: Capacity, { setting, limit, lost }: Loss): Limited => {
  if (!isStronger('HALTED', capacity.kill.account)) return NOT_LIMITED;
  const fields = { scope: 'ACCOUNT', by: 'RULE', setting, limit: limit?.toFixed() ?? null, lost: lost?.toFixed() ?? null };
  return {
    changes: accountSwitch(capacity, 'HALTED', null),
    notes: [note('KILL_SWITCH', `kill switch ${capacity.kill.account} → HALTED: ${setting} is reached`, fields, 'ERROR')],
  };
};

const isStreakReached = (capacity: Capacity, stopStreak: number, { maxStopStreak }: Settings): boolean =>
  maxStopStreak !== null && stopStreak >= maxStopStreak && isStronger('REDUCING', capacity.kill.account);

const reduce = (capacity: Capacity, stopStreak: number, now: Millis): Limited => {
  const fields = { scope: 'ACCOUNT', by: 'RULE', setting: 'MAX_STOP_STREAK', stopStreak };
  return {
    changes: accountSwitch(capacity, 'REDUCING', { by: 'STREAK', since: now }),
    notes: [note('KILL_SWITCH', 'kill switch ACTIVE → REDUCING: MAX_STOP_STREAK is reached', fields, 'WARN')],
  };
};

/**
 * Throws the account's switch for a loss, or for a streak that two stops at once reached without either seeing it
 * (KS-2). A state that is as strong or stronger, whoever set it, stays.
 * @param capacity the ledger with the equity just read, its marks moved, and the switch as it was found
 */
export const limitChanges = (capacity: Capacity, { settings, now }: Context): Limited => {
  const loss = limitReached(capacity, settings);
  if (loss !== null) return halt(capacity, loss);
  return isStreakReached(capacity, capacity.stopStreak, settings) ? reduce(capacity, capacity.stopStreak, now) : NOT_LIMITED;
};

// A stop that has filled beside a slice leaves what the slice had to it (EX-1).
const STOPPED: ReadonlySet<ExitReason> = new Set<ExitReason>(['STOP_FILLED', 'STOP_REACHED', 'STOP_UNFILLED']);

/** Tells whether it was its stop that ended a position (KS-2): its order there, or our sale because its price had come. */
export const endedBy = (purpose: Purpose, position: Position): 'STOP' | 'OTHER' => {
  if (purpose === 'STOP') return 'STOP';
  if (position.status !== 'EXITING' && position.status !== 'LEAVING') return 'OTHER';
  return STOPPED.has(position.reason) ? 'STOP' : 'OTHER';
};

/**
 * Counts how a position ended (KS-2): ended by its stop it lengthens the streak, ended otherwise it ends the streak;
 * an ACTIVE account whose streak reaches its limit is reduced in the same commit.
 */
export const streakAfter = (closedBy: 'STOP' | 'OTHER', snapshot: Snapshot, context: Context): Limited => {
  const { capacity } = snapshot;
  if (capacity === null) return NOT_LIMITED;
  if (closedBy === 'OTHER') return { changes: [{ kind: 'STREAK', to: 'CLEAR' }], notes: [] };
  const stopStreak = capacity.stopStreak + 1;
  const { changes, notes } = isStreakReached(capacity, stopStreak, context.settings) ? reduce(capacity, stopStreak, context.now) : NOT_LIMITED;
  return { changes: [{ kind: 'STREAK', to: 'ADD' }, ...changes], notes };
};
