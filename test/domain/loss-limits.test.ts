import { describe, expect, it } from '@jest/globals';
import type { Capacity, KillState, Passing } from '../../shared/domain/account.ts';
import { decideEquityRead, decideKillSwitch, decideSessionReset } from '../../shared/domain/decide-account.ts';
import type { Change, Decision, Snapshot } from '../../shared/domain/decision.ts';
import { endedBy, limitReached, streakAfter } from '../../shared/domain/loss-limits.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import type { ExitReason, Position } from '../../shared/domain/slot.ts';
import { holdingOf, orderOf } from '../contracts/store-samples.ts';
import { NOON, context, d, settings, snapshot } from '../support/builders.ts';

const ACCOUNT = { kind: 'ACCOUNT' } as const;
const A_DAY = 24 * 3_600_000;
const STREAK: Passing = { by: 'STREAK', since: NOON - A_DAY };
const before930 = context({ now: Date.UTC(2025, 5, 4, 13, 25) });

const commitOf = (decision: Decision) => {
  if (decision.kind === 'IGNORE') throw new Error(`expected a commit, found ${decision.reason}`);
  return decision;
};

const first = (equity: string, at = NOON): Capacity => {
  const [change] = commitOf(decideEquityRead({ equity: d(equity), at }, snapshot(), context({ now: at }))).changes;
  if (change?.kind !== 'EQUITY') throw new Error('expected a reading');
  return change.after;
};

const ledger = (changes: Partial<Capacity> = {}): Capacity => ({ ...first('10000'), ...changes });
const killed = (state: KillState, changes: Partial<Capacity> = {}): Capacity =>
  ledger({ ...changes, kill: { ...ledger().kill, account: state } });
const having = (capacity: Capacity | null): Snapshot => snapshot({ capacity });

const read = (before: Capacity, equity: string, given: Partial<Settings> = {}, at = before.equityAt + 1000) =>
  commitOf(decideEquityRead({ equity: d(equity), at }, having(before), context({ now: at, settings: settings(given) })));

const readingOf = (changes: readonly Change[]): Capacity => {
  const [change] = changes;
  if (change?.kind !== 'EQUITY') throw new Error('expected a reading');
  return change.after;
};

/** What a commit does to the switch, in few words. */
const thrown = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => {
    if (change.kind === 'KILL') return [`${change.scope.kind} ${change.before} → ${change.state}`];
    if (change.kind === 'PASSING') return [`passing ${change.before?.by ?? 'NO'} → ${change.after?.by ?? 'NO'}`];
    if (change.kind === 'STREAK') return [`streak ${change.to}`];
    return change.kind === 'LIMITS_ANEW' ? ['limits anew'] : [];
  });

describe('KS-2 what losses are measured from', () => {
  const marks = ({ day, peak }: Capacity) => [day?.date, day?.equity.toFixed(), peak?.toFixed()];

  it('begins with the first reading ever', () => {
    expect(marks(first('10000'))).toEqual(['2025-06-04', '10000', '10000']);
  });

  it('keeps the first equity of a day, and the highest of all readings', () => {
    const up = readingOf(read(first('10000'), '10500').changes);
    const down = readingOf(read(up, '9900').changes);
    expect([marks(up), marks(down)]).toEqual([['2025-06-04', '10000', '10500'], ['2025-06-04', '10000', '10500']]);
  });

  it('begins a day with its first reading and keeps the peak', () => {
    const next = readingOf(read(first('10000'), '9000', {}, NOON + A_DAY).changes);
    expect(marks(next)).toEqual(['2025-06-05', '9000', '10000']);
  });

  it.each([
    ['23:59:59', Date.UTC(2025, 5, 5, 3, 59, 59), '2025-06-04'],
    ['00:00:00', Date.UTC(2025, 5, 5, 4, 0, 0), '2025-06-05'],
  ])('changes the day at midnight in New York: %s', (_, at, date) => {
    expect(readingOf(read(first('10000'), '9000', {}, at).changes).day?.date).toBe(date);
  });

  it('begins anew where they were forgotten', () => {
    expect(marks(readingOf(read(ledger({ day: null, peak: null }), '8000').changes))).toEqual(['2025-06-04', '8000', '8000']);
  });
});

describe('KS-2 a loss', () => {
  it.each([
    ['MAX_DAILY_LOSS', { maxDailyLoss: d('250.5') }, '9749.50', '9749.51'],
    ['MAX_DRAWDOWN', { maxDrawdown: d('250.5') }, '9749.50', '9749.51'],
  ])('of %s, and not a cent less, halts the account', (setting, given, reached, above) => {
    const decision = read(first('10000'), reached, given);
    expect(thrown(decision.changes)).toEqual(['ACCOUNT ACTIVE → HALTED']);
    expect(decision.notes).toMatchObject([{ name: 'KILL_SWITCH', level: 'ERROR', fields: { setting, by: 'RULE', lost: '250.5', limit: '250.5' } }]);
    expect(thrown(read(first('10000'), above, given).changes)).toEqual([]);
  });

  it('is committed with the reading that shows it', () => {
    expect(read(first('10000'), '9000', { maxDailyLoss: d('1000') }).changes.map(({ kind }) => kind)).toEqual(['EQUITY', 'KILL']);
  });

  it('halts nothing by default, however large', () => {
    expect(thrown(read(first('10000'), '1').changes)).toEqual([]);
  });

  it('of a day is measured from that day alone', () => {
    const given = { maxDailyLoss: d('500') };
    const today = readingOf(read(first('10000'), '9600', given).changes);
    const tomorrow = read(today, '9300', given, NOON + A_DAY);
    expect(thrown(tomorrow.changes)).toEqual([]);
    expect(thrown(read(readingOf(tomorrow.changes), '8800', given).changes)).toEqual(['ACCOUNT ACTIVE → HALTED']);
  });

  it('from the peak counts over days, and gains given back count', () => {
    const given = { maxDrawdown: d('500') };
    const up = readingOf(read(first('10000'), '10400', given).changes);
    expect(thrown(read(up, '9900', given, NOON + A_DAY).changes)).toEqual(['ACCOUNT ACTIVE → HALTED']);
  });

  it('says nothing of an account that is without marks', () => {
    const bare = ledger({ day: null, peak: null, equity: d('0') });
    expect(limitReached(bare, settings({ maxDailyLoss: d('1'), maxDrawdown: d('1') }))).toBeNull();
  });
});

describe('KS-2 a rule never weakens', () => {
  const given = { maxDailyLoss: d('100'), maxDrawdown: d('100'), maxStopStreak: 2 };

  it('a loss leaves HALTED alone, without a second alarm', () => {
    const decision = read(killed('HALTED'), '9000', given);
    expect([thrown(decision.changes), decision.notes]).toEqual([[], []]);
  });

  it('a loss halts what is REDUCING, and the reset may lift it no more', () => {
    const decision = read(killed('REDUCING', { passing: STREAK }), '9000', given);
    expect(thrown(decision.changes)).toEqual(['ACCOUNT REDUCING → HALTED', 'passing STREAK → NO']);
  });

  it.each(['REDUCING', 'HALTED'] as const)('a streak leaves %s alone', (state) => {
    const found = killed(state, { stopStreak: 5 });
    expect(thrown(streakAfter('STOP', having(found), context({ settings: settings(given) })).changes)).toEqual(['streak ADD']);
    expect(thrown(read(found, '10000', given).changes)).toEqual([]);
  });

  it.each([
    ['REDUCING', 'HALTED', 'ALREADY_SET'],
    ['HALTED', 'HALTED', 'ALREADY_SET'],
    ['ACTIVE', 'REDUCING', 'ALREADY_SET'],
    ['HALTED', 'REDUCING', ['ACCOUNT REDUCING → HALTED']],
  ] as const)('set by an event, %s over %s', (state, before, expected) => {
    const decision = decideKillSwitch({ scope: ACCOUNT, state, by: 'RULE', who: null }, having(killed(before)));
    expect(decision.kind === 'IGNORE' ? decision.reason : thrown(decision.changes)).toEqual(expected);
  });

  it('the reset before the open never lifts a halt', () => {
    for (const passing of [STREAK, null]) {
      const decision = commitOf(decideSessionReset(having(killed('HALTED', { stopStreak: 3, passing })), before930));
      expect(thrown(decision.changes)).toEqual(['streak CLEAR']);
    }
  });
});

const exiting = (reason: ExitReason): Position => ({ ...holdingOf(), status: 'EXITING', exit: orderOf(), reason });
const held: Position = { ...holdingOf(), status: 'OPEN' };

describe('KS-2 a streak of stops', () => {
  const given = context({ settings: settings({ maxStopStreak: 3 }) });
  const after = (closedBy: 'STOP' | 'OTHER', found: Capacity | null, with_ = given) => thrown(streakAfter(closedBy, having(found), with_).changes);

  it('grows with each stop and ends with any other exit', () => {
    expect(after('STOP', ledger({ stopStreak: 1 }))).toEqual(['streak ADD']);
    expect(after('OTHER', ledger({ stopStreak: 2 }))).toEqual(['streak CLEAR']);
  });

  it('reduces the account with the stop that reaches the limit', () => {
    expect(after('STOP', ledger({ stopStreak: 2 }))).toEqual(['streak ADD', 'ACCOUNT ACTIVE → REDUCING', 'passing NO → STREAK']);
    expect(streakAfter('STOP', having(ledger({ stopStreak: 2 })), given).notes).toMatchObject([{ name: 'KILL_SWITCH', fields: { stopStreak: 3 } }]);
    expect(streakAfter('STOP', having(ledger({ stopStreak: 1 })), given).notes).toEqual([]);
  });

  it.each([
    ['by its stop order', 'STOP', held, 'STOP'],
    ['by a sale because its stop’s price had come', 'EXIT', exiting('STOP_REACHED'), 'STOP'],
    ['by a sale because its stop did not fill', 'EXIT', exiting('STOP_UNFILLED'), 'STOP'],
    ['by its take-profit', 'EXIT', exiting('TAKE_PROFIT'), 'OTHER'],
    ['by the clock', 'EXIT', exiting('AUTO_EXIT'), 'OTHER'],
    ['by a sale of before', 'EXIT', held, 'OTHER'],
  ] as const)('ended %s counts so', (_, purpose, position, expected) => {
    expect(endedBy(purpose, position)).toBe(expected);
  });

  it('is counted and reduces nothing by default', () => {
    expect(after('STOP', ledger({ stopStreak: 99 }), context())).toEqual(['streak ADD']);
  });

  it('ends without a write where no ledger is known', () => {
    expect(after('STOP', null)).toEqual([]);
  });

  it('that two stops at once reached unseen is found at the next reading', () => {
    const decision = read(ledger({ stopStreak: 3 }), '10000', { maxStopStreak: 3 });
    expect(thrown(decision.changes)).toEqual(['ACCOUNT ACTIVE → REDUCING', 'passing NO → STREAK']);
    expect(decision.notes).toMatchObject([{ name: 'KILL_SWITCH', level: 'WARN', fields: { setting: 'MAX_STOP_STREAK', stopStreak: 3 } }]);
    expect(thrown(read(ledger({ stopStreak: 2 }), '10000', { maxStopStreak: 3 }).changes)).toEqual([]);
    expect(thrown(read(ledger({ stopStreak: 3 }), '10000').changes)).toEqual([]);
  });

  it('is over at the reset before the open, with its own REDUCING alone', () => {
    const reset = (found: Capacity) => {
      const decision = decideSessionReset(having(found), before930);
      return decision.kind === 'IGNORE' ? decision.reason : thrown(decision.changes);
    };
    expect(reset(killed('REDUCING', { stopStreak: 3, passing: STREAK }))).toEqual([
      'ACCOUNT REDUCING → ACTIVE', 'passing STREAK → NO', 'streak CLEAR',
    ]);
    expect(reset(killed('REDUCING', { stopStreak: 3 }))).toEqual(['streak CLEAR']);
    expect(reset(ledger({ stopStreak: 1 }))).toEqual(['streak CLEAR']);
    expect(reset(ledger())).toBe('NOTHING_TO_RESET');
  });
});

describe('KS-2 the reset before the open', () => {
  const resetAt = (now: number) => {
    const decision = decideSessionReset(having(killed('REDUCING', { stopStreak: 1, passing: { by: 'PAUSE', since: 1 } })), context({ now }));
    return decision.kind === 'IGNORE' ? decision.reason : thrown(decision.changes);
  };

  it.each([
    ['five minutes before it', Date.UTC(2025, 5, 4, 13, 25), ['ACCOUNT REDUCING → ACTIVE', 'passing PAUSE → NO', 'streak CLEAR']],
    ['in the last instant of the session', Date.UTC(2025, 5, 4, 20) - 1, ['ACCOUNT REDUCING → ACTIVE', 'passing PAUSE → NO', 'streak CLEAR']],
    ['at the close', Date.UTC(2025, 5, 4, 20), 'NO_SESSION_AHEAD'],
    ['at an early close', Date.UTC(2025, 6, 3, 17), 'NO_SESSION_AHEAD'],
    ['on a Saturday', Date.UTC(2025, 5, 7, 13, 25), 'NO_SESSION_AHEAD'],
    ['on a holiday', Date.UTC(2025, 5, 19, 13, 25), 'NO_SESSION_AHEAD'],
  ] as const)('lifts what passes for a session that is still to be had: %s', (_, now, expected) => {
    expect(resetAt(now)).toEqual(expected);
  });

  it.each([
    ['its own instant', Date.UTC(2025, 5, 4, 13, 25), 'NOTHING_TO_RESET'],
    ['the one before', Date.UTC(2025, 5, 4, 13, 25) - 1, ['ACCOUNT REDUCING → ACTIVE', 'passing PAUSE → NO', 'streak CLEAR']],
  ] as const)('lifts what has stood since before it was due, and not since %s', (_, since, expected) => {
    const decision = decideSessionReset(having(killed('REDUCING', { passing: { by: 'PAUSE', since } })), before930);
    expect(decision.kind === 'IGNORE' ? decision.reason : thrown(decision.changes)).toEqual(expected);
  });
});

describe("KS-2 a person's word", () => {
  const set = (state: KillState, found: Capacity) => {
    const decision = decideKillSwitch({ scope: ACCOUNT, state, by: 'PERSON', who: null }, having(found));
    return decision.kind === 'IGNORE' ? decision.reason : thrown(decision.changes);
  };

  it('lifts a halt, and losses and streak are counted from then on', () => {
    expect(set('ACTIVE', killed('HALTED'))).toEqual(['ACCOUNT HALTED → ACTIVE', 'limits anew', 'streak CLEAR']);
  });

  it('lowers a halt to REDUCING: losses are counted from then on, the streak goes on', () => {
    expect(set('REDUCING', killed('HALTED', { stopStreak: 3 }))).toEqual(['ACCOUNT HALTED → REDUCING', 'limits anew']);
  });

  it('lifts what a streak had reduced and keeps what losses are measured from', () => {
    expect(set('ACTIVE', killed('REDUCING', { passing: STREAK }))).toEqual([
      'ACCOUNT REDUCING → ACTIVE', 'passing STREAK → NO', 'streak CLEAR',
    ]);
  });

  it('makes a streak’s REDUCING its own, so that no reset lifts it', () => {
    expect(set('REDUCING', killed('REDUCING', { passing: STREAK }))).toEqual([
      'ACCOUNT REDUCING → REDUCING', 'passing STREAK → NO',
    ]);
    expect(set('REDUCING', killed('REDUCING'))).toBe('ALREADY_SET');
  });

  it('halts, and forgets nothing', () => {
    expect(set('HALTED', killed('REDUCING', { passing: STREAK }))).toEqual(['ACCOUNT REDUCING → HALTED', 'passing STREAK → NO']);
    expect(set('HALTED', ledger())).toEqual(['ACCOUNT ACTIVE → HALTED']);
  });

  it('about a class or a symbol moves nothing of the account', () => {
    const found = ledger({ passing: STREAK, kill: { ...ledger().kill, account: 'REDUCING', stock: 'HALTED' } });
    const decision = commitOf(decideKillSwitch({ scope: { kind: 'CLASS', assetClass: 'stock' }, state: 'ACTIVE', by: 'PERSON', who: null }, having(found)));
    expect(thrown(decision.changes)).toEqual(['CLASS HALTED → ACTIVE']);
    expect(decideKillSwitch({ scope: { kind: 'SYMBOL', symbol: 'AAPL' }, state: 'ACTIVE', by: 'PERSON', who: null }, having(found))).toMatchObject({ reason: 'ALREADY_SET' });
  });
});
