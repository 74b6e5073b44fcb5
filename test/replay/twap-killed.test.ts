// EX-1 through kills: the process that sends the slices of a TWAP is killed ten times, between steps and in the middle of them.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startVenueServer } from '../../shared/adapters/paper/venue-server.ts';
import type { VenueServer } from '../../shared/adapters/paper/venue-server.ts';
import type { VenueOrder } from '../../shared/adapters/paper/venue-model.ts';
import { createDynamoStore } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { Decimal, roundDownTo, sum } from '../../shared/domain/decimal.ts';
import { heldQuantity } from '../../shared/domain/room.ts';
import { chanceOf } from '../concurrency/chance.ts';
import { openTable } from '../concurrency/table.ts';
import type { TestTable } from '../concurrency/table.ts';
import { market } from '../support/builders.ts';
import { ROOT, pause } from './processes.ts';
import { SLICES, SLICE_SECONDS, TWAP_ACCOUNT, TWAP_STARTS, TWAP_SYMBOL, WANTED } from './twap-run.ts';
import type { ChildTerms, Step } from './twap-run.ts';

const LONG = 120_000;
const KILLS = 10;
/** Shorter than a slice, so that each is looked at in its time. */
const STEP_SECONDS = 25;
const STEPS = (SLICES * SLICE_SECONDS) / STEP_SECONDS + 12;
const SEED = 20_250_604;
const LOT = new Decimal('0.0001');
const CHILD = join(ROOT, 'test', 'replay', 'twap-child.ts');

const rules = market(TWAP_SYMBOL, { lotSize: LOT, minNotional: new Decimal(1) });

/** A process that takes steps until it is killed. */
class Pipeline {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string | null>;

  constructor(terms: ChildTerms) {
    this.#child = spawn(process.execPath, ['--no-warnings', CHILD, JSON.stringify(terms)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ended = new Promise((resolve) => void this.#child.once('exit', (_code, signal) => resolve(signal)));
  }

  /** Waits for its next word; false where it ended without one. */
  async word(): Promise<boolean> {
    const told = new Promise<true>((resolve) => void this.#child.once('message', () => resolve(true)));
    return Promise.race([told, this.#ended.then(() => false)]);
  }

  send(step: Step): void {
    this.#child.send(step);
  }

  async kill(): Promise<string | null> {
    this.#child.kill('SIGKILL');
    return this.#ended;
  }
}

const begin = async (terms: ChildTerms): Promise<Pipeline> => {
  const pipeline = new Pipeline(terms);
  if (!(await pipeline.word())) throw new Error('the pipeline did not start');
  return pipeline;
};

/** What should at most have been bought by the end of the slice that a moment lies in. */
const mostBy = (at: number): Decimal => {
  const slice = Math.min(SLICES, Math.floor((at - TWAP_STARTS) / (SLICE_SECONDS * 1000)) + 1);
  return slice === SLICES ? new Decimal(WANTED) : roundDownTo(new Decimal(WANTED).dividedBy(SLICES), LOT).times(slice);
};

describe('EX-1 EX-9 a TWAP of a hundred slices whose process is killed and started again ten times', () => {
  const chance = chanceOf(SEED);
  const tooMuch: string[] = [];
  const killed: ('IN_THE_MIDDLE' | 'BETWEEN')[] = [];
  let table: TestTable;
  let venue: VenueServer;
  let clock = TWAP_STARTS;
  let pipeline: Pipeline | null = null;

  const entries = (): readonly VenueOrder[] => venue.snapshot().orders.filter((order) => !order.reduceOnly);
  const bought = (): Decimal => sum(entries().map((order) => order.filledQuantity));
  const store = () => createDynamoStore({ ...table, ids: { next: () => 'reader', fraction: () => 0 }, clock: { now: () => clock, sleep: () => pause(1) } });

  const stepOf = (index: number): Step => ({
    at: TWAP_STARTS + index * STEP_SECONDS * 1000,
    // Mostly through the limit; now and then beside it, where a slice rests until the next is due.
    price: index > STEPS - 12 || chance.happens(0.7) ? '99.9' : '100.2',
    isFirst: index === 0,
    reconciles: index % 2 === 1,
  });

  const moveVenue = ({ at, price }: Step): void => {
    clock = at;
    venue.setPrices({ stepId: String(at), at, prices: [{ symbol: TWAP_SYMBOL, price: new Decimal(price), volume: null, sellable: true }] });
  };

  /** Takes a step, through as many processes as it needs. */
  const take = async (step: Step, terms: ChildTerms, isFatal: boolean): Promise<void> => {
    pipeline ??= await begin(terms);
    moveVenue(step);
    const word = pipeline.word();
    pipeline.send(step);
    if (isFatal) {
      const done = await Promise.race([word.then(() => true), pause(chance.fraction() * 30).then(() => false)]);
      if ((await pipeline.kill()) === 'SIGKILL') killed.push(done ? 'BETWEEN' : 'IN_THE_MIDDLE');
      pipeline = null;
      return take(step, terms, false);
    }
    if (!(await word)) throw new Error(`the pipeline ended at step ${step.at}`);
    if (bought().greaterThan(mostBy(step.at))) tooMuch.push(`${bought().toFixed()} at ${step.at}`);
  };

  beforeAll(async () => {
    table = await openTable();
    venue = await startVenueServer({ account: TWAP_ACCOUNT, clock: { now: () => clock }, dataFolder: null, config: { markets: [rules] } });
    const terms = { table: table.endpoint, tableName: table.tableName, venue: venue.url };
    const places = new Set(Array.from({ length: KILLS }, (_, kill) => chance.whole(kill * 12 + 1, kill * 12 + 11)));
    for (let index = 0; index < STEPS; index += 1) await take(stepOf(index), terms, places.has(index));
  }, LONG);

  afterAll(async () => {
    await pipeline?.kill();
    await venue.close();
    await table.stop();
  });

  it('was killed ten times, most of them in the middle of a step', () => {
    expect(killed).toHaveLength(KILLS);
    expect(killed.filter((where) => where === 'IN_THE_MIDDLE').length).toBeGreaterThan(KILLS / 2);
  });

  it('ends with exactly the wanted quantity', () => {
    expect(bought().toFixed()).toBe(WANTED);
  });

  it('sends no slice twice: there was never more than the slices due so far, and no order was placed under an id again', () => {
    expect(tooMuch).toEqual([]);
    const ids = entries().map(({ clientOrderId }) => clientOrderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(SLICES / 2);
  });

  it('knows it: what the slot holds, its one attempt, its stop at the venue, and no part or action left', async () => {
    const { slots } = await store().audit(TWAP_ACCOUNT);
    const [slot] = slots;
    if (slot?.position.status !== 'OPEN') throw new Error('nothing is held');
    expect([heldQuantity(slot.position.lots).toFixed(), slot.attempts.count, slot.parts, slot.entry.status]).toEqual([WANTED, 1, null, 'NONE']);
    const live = venue.snapshot().orders.filter(({ status }) => status === 'OPEN' || status === 'PARTIALLY_FILLED');
    expect(live.map(({ reduceOnly, quantity, filledQuantity }) => [reduceOnly, quantity.minus(filledQuantity).toFixed()])).toEqual([[true, WANTED]]);
    expect(await store().openActions(TWAP_ACCOUNT)).toEqual([]);
  });
});
