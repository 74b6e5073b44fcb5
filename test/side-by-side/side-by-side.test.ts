// The release before this one, as it was shipped, and this one, on one table: a deploy in the middle of a steal (WS-8).
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPrevious } from './previous.ts';
import type { Release } from './previous.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { mixOf, playSteal } from './steal-round.ts';
import type { Heard, Mix } from './steal-round.ts';

const LONG = 120_000;
/** Calls from the price that begins the steal to the thief's placement, its webhooks included. */
const CALLS_OF_A_STEAL = 7;

type Play = readonly [signs: string, heard: Heard];

/** Every way in which two releases can share the calls of a steal; `npm run side-by-side` plays them all. */
const every = (): readonly Play[] =>
  Array.from({ length: 2 ** CALLS_OF_A_STEAL }, (_, number) => number.toString(2).padStart(CALLS_OF_A_STEAL, '0').replaceAll('0', 'o').replaceAll('1', 'n')).flatMap(
    (signs): readonly Play[] => [[signs, 'ANSWER'], [signs, 'WEBHOOK']],
  );
const ALL = process.env['SIDE_BY_SIDE'] === 'all';
const LIMIT = ALL ? 3_600_000 : LONG;

const OUTCOME = ['BTC/USD E CANCELLED 0', 'BTC/USD NONE/FLAT', 'ETH/USD E FILLED 5', 'ETH/USD NONE/OPEN', 'ETH/USD S OPEN 0'];

let previous: Release;
beforeAll(async () => {
  previous = await openPrevious();
}, LONG);
afterAll(() => previous.remove());

/** A stage whose calls go to either release. */
const mixed = (writes: string) => {
  const of: { mix: Mix; stage: Stage } = { mix: undefined as unknown as Mix, stage: undefined as unknown as Stage };
  beforeAll(async () => {
    of.mix = mixOf(previous);
    of.stage = await openStage({ otherRelease: of.mix, settings: { WRITE_SCHEMAS: writes } });
  }, LONG);
  afterAll(() => of.stage.close());
  return of;
};

describe('WS-8 a deploy in the middle of a steal, the older schema written', () => {
  const of = mixed('OLDER');
  const plays: readonly Play[] = ALL
    ? every()
    : [
        ['ooo' + 'n', 'WEBHOOK'],
        ['nnn' + 'o*', 'WEBHOOK'],
      ];
  it.each(plays)('EW-7 EX-9 SL-4 %s, the cancel heard by %s: one send, one entry, all of it protected', async (signs, heard) => {
    const { calls, violations, outcome, schema } = await playSteal(of.stage, of.mix, signs, heard);
    expect(violations).toEqual([]);
    expect(outcome).toEqual(OUTCOME);
    expect(schema).toBe('1');
    // Both had their part in it: old code that took no call would prove nothing.
    const taken = new Set(calls.map((call) => call.slice(0, 1)));
    if (/o/.test(signs)) expect(taken).toContain('o');
    if (/n/.test(signs)) expect(taken).toContain('n');
  }, LIMIT);

  it('nothing is given up on', async () => {
    expect(await of.stage.cloud.deadLetters()).toEqual([]);
  });
});

describe('the ledger changes its shape while old code still runs: the newest schema written', () => {
  const of = mixed('NEWEST');
  const plays: readonly Play[] = ALL ? every() : [['ononoono', 'WEBHOOK'], ['noooooooooooooo', 'ANSWER']];
  it.each(plays)('WS-8 EX-9 %s, the cancel heard by %s: old code refuses what it does not know, and nothing is lost', async (signs, heard) => {
    const { calls, violations, outcome, schema } = await playSteal(of.stage, of.mix, signs, heard);
    expect(violations).toEqual([]);
    expect(outcome).toEqual(OUTCOME);
    expect(schema).toBe('2');
    const refused = of.stage.notes.filter(({ message }) => message.includes('schema 2 is newer than 1'));
    if (calls.some((call) => call.startsWith('o'))) expect(refused.length).toBeGreaterThan(0);
  }, LIMIT);
});
