import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { createReports } from '../../../shared/adapters/dynamo/reports.ts';
import { keyOf } from '../../../shared/adapters/dynamo/write.ts';
import { nyseCalendar } from '../../../shared/adapters/calendar/nyse-calendar.ts';
import type { ReportDeps } from '../../../shared/daily-report.ts';
import { readReport, writeDailyReport } from '../../../shared/daily-report.ts';
import { toPlain } from '../../../shared/domain/decimal.ts';
import type { Note } from '../../../shared/domain/decision.ts';
import type { TripRecord } from '../../../shared/domain/trip.ts';
import type { TraceContext } from '../../../shared/ports.ts';
import { connect, createTable, losingAnswers, quickClock, storeOn, TABLE } from '../../contracts/store-bench.ts';
import { capacityOf, d, stealOf } from '../../contracts/store-samples.ts';
import { PAPER_TRAITS, settings } from '../../support/builders.ts';

const at = (text: string): number => Date.parse(text);
const CALLED_AT = at('2025-06-04T17:05-04:00');
const trace: TraceContext = { account: 'a', source: 'schedule', requestId: 'r', correlationId: 'c' };

const trips = (when: number): TripRecord => ({
  id: `X${when}`, ref: { symbol: 'BTC/USD', slot: 'main' }, side: 'buy', policy: 'TAKE_PROFIT', at: when, late: d('0'), lost: [], unpaired: d('0'),
  trips: [{ entryTradeId: `e${when}`, exitTradeId: `x${when}`, direction: 'long', quantity: d('0.12345678901234567891'), entryPrice: d('64250.12345678901234567891'), exitPrice: d('64300.5'), commission: d('0.1'), openedAt: when, closedAt: when }],
});

describe('MH-3 the daily report on a table', () => {
  let engine: { endpoint: string; stop(): Promise<void> };
  let client: DynamoDBClient;

  beforeAll(async () => {
    engine = await startDynoxide({ dataDir: null });
    client = connect(engine.endpoint);
    await createTable(client);
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });

  const bench = (given: { readonly publish?: () => Promise<void>; readonly client?: DynamoDBClient; readonly account?: string } = {}) => {
    const account = given.account ?? `account-${randomUUID()}`;
    const clock = { now: CALLED_AT };
    const ids = { next: () => randomUUID(), fraction: () => 0.5 };
    const told: string[] = [];
    const notes: Note[] = [];
    const used = given.client ?? client;
    const deps: ReportDeps = {
      account, ids, settings: settings(), calendar: nyseCalendar(), traits: PAPER_TRAITS,
      clock: { ...quickClock(), now: () => clock.now },
      store: storeOn(client),
      queues: { send: async () => undefined },
      telemetry: { record: (note) => void notes.push(note), count: () => undefined },
      reports: createReports({ client: used, tableName: TABLE, ids, clock: quickClock() }),
      notices: { publish: async (subject, text) => { await given.publish?.(); told.push(`${subject}\n${text}`); } },
    };
    const run = (date: string | null = null) => writeDailyReport(deps, date, trace);
    return { deps, account, clock, told, notes, run };
  };

  it('keeps what it was made of, to the last digit, and expires by itself', async () => {
    const { deps, account, run, told, notes } = bench();
    const ledger = capacityOf({ passing: { by: 'PAUSE', since: 7 }, kill: { account: 'REDUCING', stock: 'ACTIVE', crypto: 'HALTED', symbols: { 'BTC/USD': 'HALTED' } } });
    await deps.store.commit(account, [{ kind: 'EQUITY', before: null, after: ledger }], 'one');
    await deps.store.commit(account, [{ kind: 'TRIP', record: trips(CALLED_AT - 3_600_000) }, { kind: 'STEAL', steal: stealOf({ at: CALLED_AT - 7_200_000 }) }], 'two');
    await deps.store.commit(account, [{ kind: 'TRIP', record: trips(at('2025-06-03T16:59-04:00')) }, { kind: 'STEAL', steal: stealOf({ at: at('2025-06-03T16:59-04:00') }) }], 'three');
    expect(await run()).toBe('WRITTEN');
    const found = await readReport(deps, '2025-06-04');
    expect(found).toMatchObject({ date: '2025-06-04', writtenAt: CALLED_AT, steals: 1, lostLots: 0, unpaired: 0, deadLetters: null });
    const exact = d('64300.5').minus('64250.12345678901234567891').times('0.12345678901234567891');
    expect([found?.symbols.length, found?.total.pairs, toPlain(found?.total.gross ?? d('0')), toPlain(found?.total.net ?? d('0'))]).toEqual([1, 1, toPlain(exact), toPlain(exact.minus('0.1'))]);
    expect(found?.account).toEqual({ equity: ledger.equity, equityAt: ledger.equityAt, cap: ledger.cap, free: ledger.free, kill: ledger.kill, passing: ledger.passing, held: [] });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`claimjump ${account}: report of 2025-06-04\nReport of 2025-06-04`);
    expect(notes.map(({ name, fields }) => [name, fields['date'], fields['pairs']])).toEqual([['DAILY_REPORT', '2025-06-04', 1]]);
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key: keyOf(account, 'REPORT#2025-06-04') }));
    expect(Number(Item?.['ttl']?.N) * 1000).toBeGreaterThan(CALLED_AT + 365 * 86_400_000);
  });

  it('is written and told once, however often, late or together it is run', async () => {
    const { run, told, clock } = bench();
    const outcomes = await Promise.all([run(), run(), run()]);
    clock.now += 5 * 3_600_000;
    outcomes.push(await run(), await run('2025-06-04'));
    expect(outcomes.filter((outcome) => outcome === 'WRITTEN')).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  it('that was missed is made up for by its date, by a run a day later of its own day alone', async () => {
    const { deps, run, told, clock } = bench();
    clock.now += 24 * 3_600_000;
    expect([await run(), (await readReport(deps, '2025-06-04')) === null]).toEqual(['WRITTEN', true]);
    expect(await run('2025-06-04')).toBe('WRITTEN');
    expect(told.map((text) => text.split('\n')[1])).toEqual([
      'Report of 2025-06-05 (to 17:00 New York), written at 2025-06-05 21:05 UTC',
      'Report of 2025-06-04 (to 17:00 New York), written at 2025-06-05 21:05 UTC',
    ]);
  });

  it('whose answer from the table was lost is told all the same', async () => {
    // Read, read, read, then the write whose answer never comes.
    const failing = losingAnswers(engine.endpoint, (call) => call === 4);
    const { run, told } = bench({ client: failing });
    expect(await run()).toBe('WRITTEN');
    expect(told).toHaveLength(1);
    failing.destroy();
  });

  it('that nobody could be told of is there to be read, and is not told twice', async () => {
    let fails = true;
    const { deps, run, told } = bench({ publish: async () => { if (fails) throw new Error('no topic'); } });
    await expect(run()).rejects.toThrow('no topic');
    fails = false;
    expect([await run(), told, (await readReport(deps, '2025-06-04'))?.date]).toEqual(['THERE_ALREADY', [], '2025-06-04']);
  });

  it.each(['2025-06-05', '2025-02-30', '2025-6-4', 'yesterday', '2025-13-01'])('is not made for %s', async (date) => {
    const { run } = bench();
    await expect(run(date)).rejects.toMatchObject({ field: 'date' });
  });
});
