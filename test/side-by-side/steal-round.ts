// One steal from plan to protected position, during which each call goes to one release or the other.
import type { OtherRelease } from '../../infra/local/function-host.ts';
import { readTable } from '../../infra/local/table-copy.ts';
import type { FaultPlan } from '../../shared/adapters/paper/venue-faults.ts';
import type { Release } from './previous.ts';
import { MINUTE, SECOND, violationsOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** Which release takes the calls while they are mixed: one sign a call, `o` the one before and `n` this one; then this one. */
export interface Mix extends OtherRelease {
  begin(signs: string): void;
  /** Ends the mixing: who took which call. */
  end(): readonly string[];
}

const NEW = 'n';

export const mixOf = (previous: Release): Mix => {
  let signs = '';
  let taken: string[] | null = null;
  return {
    fileOf: (functionName) => previous.fileOf(functionName),
    takes: (functionName) => {
      if (taken === null) return false;
      // A sign with a star stands for all that follow.
      const sign = signs[Math.min(taken.length, signs.length - 1)] ?? NEW;
      const isOld = (taken.length < signs.length || signs.endsWith('*')) && (sign === '*' ? signs.at(-2) : sign) === 'o';
      taken.push(`${isOld ? 'o' : NEW} ${functionName}`);
      return isOld;
    },
    begin: (wanted) => {
      [signs, taken] = [wanted, []];
    },
    end: () => {
      const calls = taken ?? [];
      taken = null;
      return calls;
    },
  };
};

const VICTIM = { symbol: 'BTC/USD', limit: '100', quantity: '15' } as const;
const THIEF = { symbol: 'ETH/USD', limit: '200', quantity: '5' } as const;

export interface Round {
  readonly calls: readonly string[];
  readonly violations: readonly string[];
  /** What became of it: `BTC/USD WATCHING…`, orders by side and status, the schema of the ledger. */
  readonly outcome: readonly string[];
  readonly schema: string | undefined;
}

const outcomeOf = async ({ store, cloud, outside }: Stage): Promise<readonly string[]> => {
  const { slots } = await store.audit(cloud.account);
  const { orders } = outside.venue.snapshot();
  return [
    ...slots.map(({ symbol, entry, position }) => `${symbol} ${entry.status}/${position.status}`),
    ...orders.map(({ symbol, clientOrderId, status, filledQuantity }) => `${symbol} ${clientOrderId[0] ?? ''} ${status} ${filledQuantity.toFixed()}`),
  ].toSorted();
};

export const ledgerSchema = async ({ cloud }: Stage): Promise<string | undefined> => {
  const items = await readTable({ endpoint: cloud.endpoints.dynamodb, tableName: cloud.tableName });
  return items.find(({ sk }) => sk?.S?.endsWith('CAPACITY'))?.['schema']?.N;
};

/** How the cancel of the victim is heard of: at once, or by the venue's webhook alone, so that step 2 is another call. */
export type Heard = 'ANSWER' | 'WEBHOOK';

/** Plays one steal; the calls from the price that begins it to the stop that ends it are mixed as the signs say. */
export const playSteal = async (stage: Stage, mix: Mix, signs: string, heard: Heard = 'ANSWER'): Promise<Round> => {
  await stage.beginAnew();
  await stage.reconcile();
  await stage.prices({ 'BTC/USD': '100.5', 'ETH/USD': '210' });
  await stage.plan([VICTIM]);
  await stage.prices({ 'BTC/USD': '100.5', 'ETH/USD': '210' });
  await stage.pass(MINUTE);
  await stage.prices({ 'BTC/USD': '110', 'ETH/USD': '210' });
  await stage.plan([VICTIM, THIEF]);
  await stage.reconcile();
  if (heard === 'WEBHOOK') stage.outside.venue.configureFaults(LOSES_CANCELS);
  mix.begin(signs);
  await stage.prices({ 'BTC/USD': '110', 'ETH/USD': '200.4' });
  await stage.pass(10 * SECOND);
  await stage.prices({ 'BTC/USD': '110', 'ETH/USD': '200.4' });
  await stage.pass(20 * SECOND);
  await stage.prices({ 'BTC/USD': '110', 'ETH/USD': '199.9' });
  await stage.reconcile();
  const calls = mix.end();
  for (let run = 0; run < 3; run += 1) {
    await stage.pass(30 * SECOND);
    await stage.prices({ 'BTC/USD': '110', 'ETH/USD': '199.9' });
    await stage.reconcile();
  }
  return { calls, violations: await violationsOf(stage), outcome: await outcomeOf(stage), schema: await ledgerSchema(stage) };
};

/** The first cancel takes effect, and its answer is lost. */
const LOSES_CANCELS: FaultPlan = {
  seed: 1,
  calls: [
    { operations: ['CANCEL'], only: null, timing: { kind: 'LISTED', numbers: [1] }, effect: { kind: 'ERROR', when: 'AFTER', status: 504, retryAfterSeconds: null } },
  ],
  webhooks: [],
};
