// What is known of a venue, on the table: written under its revision, read back exactly, and cheap.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Dynoxide, startDynoxide } from '../../../infra/local/engines/dynoxide.ts';
import { createVenueStates } from '../../../shared/adapters/dynamo/venue-states.ts';
import { newVenueState } from '../../../shared/domain/venue-state.ts';
import type { VenueState } from '../../../shared/domain/venue-state.ts';
import type { Budget, VenueStates } from '../../../shared/ports.ts';
import { createSharedBudget } from '../../../shared/shared-budget.ts';
import { findVenueBudget } from '../../../shared/venue-budgets.ts';
import { TABLE, connect, createTable, losingAnswers, quickClock } from '../../contracts/store-bench.ts';

const NOON = Date.UTC(2025, 5, 4, 15, 0, 0);
const FULL: VenueState = {
  revision: 1,
  buckets: { parts: [0, 6_911_999_999_999, 1], at: NOON },
  pause: { kind: 'BANNED', until: NOON + 1, times: 3 },
  refusals: { code: 'NO_FUNDS', count: 2 },
  probeAt: NOON + 60_000,
};

describe('EX-4 EX-9 what is known of a venue, on the table', () => {
  let engine: Dynoxide;
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

  const units = { read: 0, write: 0 };
  const statesOf = (account: string, by: DynamoDBClient = client): VenueStates =>
    createVenueStates({
      client: by, tableName: TABLE, ids: { next: () => randomUUID(), fraction: () => 0.5 }, clock: quickClock(),
      onUnits: ({ read, write }) => {
        units.read += read;
        units.write += write;
      },
    }, account);
  const states = (): VenueStates => statesOf(`account-${randomUUID()}`);

  it('is read back as it was written, and is nothing before', async () => {
    const known = states();
    expect(await known.find('kraken')).toBeNull();
    expect(await known.swap('kraken', FULL)).toEqual({ written: true, found: FULL });
    expect(await known.find('kraken')).toEqual(FULL);
    const bare: VenueState = { ...newVenueState(), revision: 2 };
    await known.swap('kraken', bare);
    expect(await known.find('kraken')).toEqual(bare);
    expect(await known.find('okx')).toBeNull();
  });

  it('of two that saw the same, one writes, and the other is told what is there instead', async () => {
    const known = states();
    const other: VenueState = { ...FULL, pause: null };
    expect((await known.swap('kraken', FULL)).written).toBe(true);
    expect(await known.swap('kraken', other)).toEqual({ written: false, found: FULL });
    const both = await Promise.all([known.swap('kraken', { ...FULL, revision: 2 }), known.swap('kraken', { ...other, revision: 2 })]);
    expect(both.filter(({ written }) => written)).toHaveLength(1);
    expect(await known.find('kraken')).toEqual(both.find(({ written }) => written)?.found);
  });

  it('of one that was dropped meanwhile nothing is known again', async () => {
    expect(await states().swap('kraken', { ...FULL, revision: 7 })).toEqual({ written: false, found: newVenueState() });
  });

  it('a write whose answer was lost is repeated, and known for our own', async () => {
    const account = `account-${randomUUID()}`;
    const losing = losingAnswers(engine.endpoint, (call) => call <= 2);
    expect(await statesOf(account, losing).swap('kraken', FULL)).toEqual({ written: true, found: FULL });
    losing.destroy();
    expect(await statesOf(account).find('kraken')).toEqual(FULL);
  });

  const containerOf = (known: VenueStates, time: { now: number }, venue = 'binance'): Budget =>
    createSharedBudget({ venue: findVenueBudget(venue), states: known, telemetry: { record: () => undefined, count: () => undefined }, ids: { fraction: () => Math.random() }, clock: { now: () => time.now, sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)) } });

  it('ten containers at once lease no token twice', async () => {
    const known = states();
    const time = { now: NOON };
    const containers = Array.from({ length: 10 }, () => containerOf(known, time));
    const turns = await Promise.all(containers.map(async (budget) => {
      const each = [];
      for (let call = 0; call < 20; call += 1) each.push(await budget.ask('CANCEL', 'URGENT'));
      return each;
    }));
    const placed = await Promise.all(containers.map(async (budget) => {
      let gone = 0;
      for (let call = 0; call < 10; call += 1) if ((await budget.ask('PLACE', 'URGENT')).kind === 'GO') gone += 1;
      return gone;
    }));
    expect(turns.flat().every(({ kind }) => kind === 'GO')).toBe(true);
    // The bucket of ten seconds holds 40 orders; what a container leased and did not spend is lost.
    const gone = placed.reduce((total, each) => total + each, 0);
    expect(gone).toBeLessThanOrEqual(40);
    expect(gone).toBeGreaterThan(20);
  });

  it('a hundred entries in a minute cost a fraction of a write each, and one of the paper venue none', async () => {
    const time = { now: NOON };
    const spent = async (venue: string): Promise<{ read: number; write: number }> => {
      const budget = containerOf(states(), time, venue);
      Object.assign(units, { read: 0, write: 0 });
      for (let entry = 0; entry < 100; entry += 1) {
        expect(await budget.ask('PLACE', 'ENTRY')).toEqual({ kind: 'GO' });
        time.now += 600;
      }
      return { ...units };
    };
    const binance = await spent('binance');
    expect(binance.write).toBeLessThanOrEqual(35);
    expect(binance.read).toBeLessThanOrEqual(20);
    expect((await spent('paper')).write).toBe(0);
  });
});
