import { describe, expect, it } from '@jest/globals';
import { createHandler as createQuotePoll } from '../../functions/quote-poll/handler.ts';
import { createHandler as createReconcile } from '../../functions/reconcile/handler.ts';
import { createHandler as createSession } from '../../functions/session/handler.ts';
import { InputError } from '../../functions/support/input-error.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { newSlot } from '../../shared/domain/slot-moves.ts';
import { ACCOUNT, AAPL, BTC, batch, CAPACITY, context, emptySnapshot, failedIds, fakeDeps, fakeExchange, NOW, snapshotWithOrder } from './fakes.ts';

const tick = (kind: string) => ({ schema: 1, account: ACCOUNT, correlationId: 'c', kind });

describe('MH-3 a heartbeat', () => {
  /** Runs a function for a schedule, or for nobody's, and says what it counted. */
  const beats = async (build: (deps: ReturnType<typeof fakeDeps>['deps'] & { exchange: ReturnType<typeof fakeExchange> }) => (event: unknown, at: ReturnType<typeof context>) => Promise<unknown>, event: object, exchange = fakeExchange()) => {
    const counted: unknown[] = [];
    const { deps } = fakeDeps({ snapshot: snapshotWithOrder() });
    const telemetry = { ...deps.telemetry, count: (...measured: unknown[]) => void counted.push(measured) };
    await build({ ...deps, telemetry, exchange })(event, context()).catch(() => undefined);
    return counted.filter((measured) => Array.isArray(measured) && measured[0] === 'schedule_runs_total');
  };
  const builds = [
    ['quote-poll', createQuotePoll, { kind: 'QUOTE_POLL' }],
    ['reconcile', createReconcile, { kind: 'RECONCILE' }],
    ['session', createSession, { kind: 'EXPIRY' }],
    ['session', createSession, { kind: 'PRE_OPEN_RESET', hours: 'ALWAYS' }],
  ] as const;

  it.each(builds)('of %s is counted under the name of the schedule that called', async (_name, build, event) => {
    expect(await beats(build, { ...event, schedule: 'some-schedule' })).toEqual([['schedule_runs_total', 1, { schedule: 'some-schedule' }]]);
  });

  it.each(builds)('of %s is not counted where no schedule called', async (_name, build, event) => {
    expect(await beats(build, event)).toEqual([]);
  });

  it('is not counted for a run that failed', async () => {
    expect(await beats(createQuotePoll, { kind: 'QUOTE_POLL', schedule: 'quote-poll' }, fakeExchange({ quotes: new Error('no answer') }))).toEqual([]);
  });

  it.each(['', 'Two Words', 'x'.repeat(65)])('is not counted under %j, which is no name of a schedule', async (schedule) => {
    expect(await beats(createSession, { kind: 'EXPIRY', schedule })).toEqual([]);
  });
});

describe('MH-3 quote-poll', () => {
  it('sends a delayed tick for each repeat, then asks once for all prices', async () => {
    const { deps, sent } = fakeDeps({ snapshot: snapshotWithOrder() });
    const exchange = fakeExchange();
    await createQuotePoll({ ...deps, exchange })({ kind: 'QUOTE_POLL', repeatSeconds: [10, 20] }, context());
    expect(sent.map(({ message, delaySeconds }) => [message.kind, delaySeconds])).toEqual([
      ['QUOTE_TICK', 10],
      ['QUOTE_TICK', 20],
    ]);
    expect(exchange.calls).toEqual(['quotes AAPL']);
  });

  it('polls at a tick and repeats nothing', async () => {
    const { deps, sent } = fakeDeps({ snapshot: snapshotWithOrder() });
    const exchange = fakeExchange();
    expect(failedIds(await createQuotePoll({ ...deps, exchange })(batch([tick('QUOTE_TICK')]), context()))).toEqual([]);
    expect([exchange.calls, sent]).toEqual([['quotes AAPL'], []]);
  });

  it('has sent its ticks when the venue gives no answer', async () => {
    const { deps, sent, notes } = fakeDeps({ snapshot: snapshotWithOrder() });
    const exchange = fakeExchange({ quotes: new Error('no answer') });
    await expect(createQuotePoll({ ...deps, exchange })({ kind: 'QUOTE_POLL', repeatSeconds: [10] }, context())).rejects.toThrow('no answer');
    expect(sent).toHaveLength(1);
    expect(notes.map(({ note }) => note.message)).toEqual(['no answer']);
  });

  it('takes a schedule without repeats', async () => {
    const { deps, sent } = fakeDeps();
    await createQuotePoll({ ...deps, exchange: fakeExchange() })({ kind: 'QUOTE_POLL', repeatSeconds: [] }, context());
    expect(sent).toEqual([]);
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['nothing', null, 'event'],
    ['another kind', { kind: 'RECONCILE', repeatSeconds: [] }, 'kind'],
    ['a repeat at once', { kind: 'QUOTE_POLL', repeatSeconds: [0] }, 'repeatSeconds[0]'],
    ['a repeat too late for a queue', { kind: 'QUOTE_POLL', repeatSeconds: [10, 901] }, 'repeatSeconds[1]'],
    ['an unknown field', { kind: 'QUOTE_POLL', repeatSeconds: [], symbols: [] }, 'symbols'],
  ];
  it.each(wrong)('refuses %s and asks nobody', async (_name, event, field) => {
    const { deps, sent } = fakeDeps();
    const exchange = fakeExchange();
    const refused = createQuotePoll({ ...deps, exchange })(event, context());
    await expect(refused).rejects.toBeInstanceOf(InputError);
    await expect(refused).rejects.toMatchObject({ field });
    expect([exchange.calls, sent]).toEqual([[], []]);
  });

  it('gives back the tick of another function', async () => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange();
    expect(failedIds(await createQuotePoll({ ...deps, exchange })(batch([tick('RECONCILE_TICK')]), context()))).toEqual(['m1']);
    expect(exchange.calls).toEqual([]);
  });
});

describe('SL-11 reconcile', () => {
  it('repeats itself half a minute later and reads the venue', async () => {
    const { deps, sent } = fakeDeps();
    const exchange = fakeExchange();
    await createReconcile({ ...deps, exchange })({ kind: 'RECONCILE', repeatSeconds: [30] }, context());
    expect(sent.map(({ message, delaySeconds }) => [message.kind, delaySeconds])).toEqual([['RECONCILE_TICK', 30]]);
    expect(exchange.calls).toContain('equity');
  });

  it('begins nothing that the time left does not allow', async () => {
    const { deps } = fakeDeps();
    const exchange = fakeExchange();
    const late = context({ getRemainingTimeInMillis: () => 4_999 });
    await createReconcile({ ...deps, exchange })(batch([tick('RECONCILE_TICK')]), late);
    expect(exchange.calls).toEqual([]);
  });
});

describe('KS-1 a person sets the kill switch by direct call', () => {
  const killed = async (event: unknown) => {
    const { deps, commits } = fakeDeps({ markets: [AAPL, BTC], snapshot: emptySnapshot({ capacity: CAPACITY }) });
    await createSession(deps)(event, context());
    return commits.flat().flatMap((change) => (change.kind === 'KILL' ? [[change.scope, change.state]] : []));
  };

  it('for the account, until the next reset', async () => {
    expect(await killed({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'PAUSED' })).toEqual([[{ kind: 'ACCOUNT' }, 'REDUCING']]);
  });

  it('for the account', async () => {
    expect(await killed({ kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' })).toEqual([[{ kind: 'ACCOUNT' }, 'HALTED']]);
  });

  it.each(['BTCUSD', 'btc-usd', 'BTC/USD'])('for a symbol spelt %s (EW-4)', async (symbol) => {
    expect(await killed({ kind: 'KILL_SWITCH', scope: { kind: 'SYMBOL', symbol }, state: 'REDUCING' })).toEqual([
      [{ kind: 'SYMBOL', symbol: 'BTC/USD' }, 'REDUCING'],
    ]);
  });

  it('and a symbol that nobody lists is refused rather than left trading', async () => {
    await expect(killed({ kind: 'KILL_SWITCH', scope: { kind: 'SYMBOL', symbol: 'BTCUSDX' }, state: 'HALTED' })).rejects.toMatchObject({
      field: 'scope.symbol',
    });
  });

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['no event', null, 'event'],
    ['another kind', { kind: 'LUNCH' }, 'kind'],
    ['a run with a field too many', { kind: 'EXPIRY', at: NOW }, 'at'],
    ['a switch without scope', { kind: 'KILL_SWITCH', state: 'HALTED' }, 'scope'],
    ['another scope', { kind: 'KILL_SWITCH', scope: { kind: 'WORLD' }, state: 'HALTED' }, 'scope.kind'],
    ['another class', { kind: 'KILL_SWITCH', scope: { kind: 'CLASS', assetClass: 'bond' }, state: 'HALTED' }, 'scope.assetClass'],
    ['another state', { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'OFF' }, 'state'],
  ];
  it.each(wrong)('refuses %s', async (_name, event, field) => {
    await expect(killed(event)).rejects.toMatchObject({ name: 'InputError', field });
  });
});

describe('SL-11 a person adopts a position by direct call', () => {
  const foreign: Slot = {
    ...newSlot({ symbol: 'BTC/USD', slot: 'foreign' }, 'crypto'),
    position: { status: 'FOREIGN', side: 'buy', quantity: new Decimal('2'), averagePrice: new Decimal('100'), seenAt: NOW - 60_000 },
  };
  const adopt = async (event: unknown) => {
    const snapshot = emptySnapshot({ capacity: CAPACITY, slots: new Map([[slotKey(foreign), foreign]]) });
    const fake = fakeDeps({ markets: [AAPL, BTC], snapshot });
    await createSession(fake.deps)(event, context());
    return fake;
  };

  it.each(['BTCUSD', 'btc-usd', 'BTC/USD'])('of a symbol spelt %s (EW-4): it becomes ours and gets its stop', async (symbol) => {
    const { commits, sent } = await adopt({ kind: 'ADOPT', symbol });
    const positions = commits.flat().flatMap((change) => (change.kind === 'SLOT' ? [change.after.position.status] : []));
    expect(positions).toEqual(['OPEN']);
    expect(sent.map(({ message }) => message.kind)).toEqual(['STOP_ACTION']);
  });

  it.each([
    ['a symbol without such a position', { kind: 'ADOPT', symbol: 'AAPL' }, 'symbol'],
    ['a symbol that nobody lists', { kind: 'ADOPT', symbol: 'BTCUSDX' }, 'symbol'],
    ['no symbol', { kind: 'ADOPT' }, 'symbol'],
    ['a quantity of its own', { kind: 'ADOPT', symbol: 'BTC/USD', quantity: '3' }, 'quantity'],
  ])('and %s is refused', async (_name, event, field) => {
    await expect(adopt(event)).rejects.toMatchObject({ field });
  });
});

describe('MH-3 the daily report by its schedule', () => {
  const AT_1705 = Date.UTC(2025, 5, 4, 21, 5);

  it('is written, told and counted as a run; a second run tells nobody', async () => {
    const { deps, clock, kept, told } = fakeDeps({ snapshot: emptySnapshot({ capacity: CAPACITY }) });
    clock.at = AT_1705;
    const session = createSession(deps);
    for (let count = 0; count < 2; count += 1) await session({ kind: 'DAILY_REPORT', schedule: 'daily-report' }, context());
    expect([[...kept.keys()], told.map(({ subject }) => subject)]).toEqual([['2025-06-04'], [`claimjump ${ACCOUNT}: report of 2025-06-04`]]);
  });

  it('makes up for a date that was missed', async () => {
    const { deps, clock, kept } = fakeDeps();
    clock.at = AT_1705;
    await createSession(deps)({ kind: 'DAILY_REPORT', date: '2025-06-02' }, context());
    expect([...kept.keys()]).toEqual(['2025-06-02']);
  });

  it.each([['a day that is not over', '2025-06-05'], ['what is no date', 'today']])('refuses %s', async (_, date) => {
    const { deps, clock, kept } = fakeDeps();
    clock.at = AT_1705;
    await expect(createSession(deps)({ kind: 'DAILY_REPORT', date }, context())).rejects.toMatchObject({ field: 'date' });
    expect(kept.size).toBe(0);
  });

  it('is written where a stack has no topic', async () => {
    const { deps, clock, kept } = fakeDeps();
    clock.at = AT_1705;
    await createSession({ ...deps, notices: null })({ kind: 'DAILY_REPORT' }, context());
    expect(kept.size).toBe(1);
  });
});

describe('MH-3 session', () => {
  it.each(['AUTO_EXIT', 'PRE_OPEN_RESET', 'EXPIRY', 'CRYPTO_RUN'])('runs %s on an empty account', async (kind) => {
    const { deps, commits, notes } = fakeDeps();
    await createSession(deps)({ kind }, context());
    expect(commits).toEqual([]);
    expect(notes.filter(({ note }) => note.level === 'ERROR')).toEqual([]);
  });
});
