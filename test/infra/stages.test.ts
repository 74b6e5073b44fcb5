import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readStage } from '../../infra/read-stage.ts';
import { parseStage } from '../../infra/stage-file.ts';
import { fileOf, krakenFile, krakenStage, stageWith } from './stage-builder.ts';
import type { Change } from './stage-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'claimjump-stages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context = (given: Readonly<Record<string, string>>) => (name: string) => given[name];
const faultsOf = (act: () => unknown): string => {
  try {
    act();
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('the stages', () => {
  it('are paper where none is named, without a question', () => {
    expect(readStage(() => undefined)).toEqual(stageWith('paper'));
    expect(stageWith('paper')).toMatchObject({ name: 'paper', kind: 'paper', account: 'main', place: { kind: 'PAPER', url: 'http://127.0.0.1:8790' } });
  });

  it('are a sandbox where one is named, with play money and nothing that outlives it', () => {
    expect(readStage(context({ stage: 'sandbox' }))).toMatchObject({ kind: 'sandbox', keepsData: false, place: { kind: 'EXCHANGE', sandbox: true, options: { ALPACA_FEED: 'iex' } } });
  });

  it('are no other', () => {
    expect(() => readStage(context({ stage: 'production' }))).toThrow('-c stage, expected paper, sandbox, live, found production');
  });

  it('keep their data where money is at stake', () => {
    expect(fileOf('live')).toMatchObject({ keepsData: true, place: { sandbox: false } });
  });

  it('trade with real money only once their file says so in words that name the account and the venue', () => {
    const words = 'confirmation: this stage trades with real money; to let it, write exactly "account main trades with real money at alpaca"';
    expect(() => readStage(context({ stage: 'live' }))).toThrow(`stages/live.json, ${words}`);
    for (const confirmation of ['yes', 'account main trades with real money at kraken', 'account fund trades with real money at alpaca']) {
      expect(() => stageWith('live', { confirmation })).toThrow(words);
    }
    expect(stageWith('live', { confirmation: 'account main trades with real money at alpaca' }).kind).toBe('live');
  });

  it('are read from another file where one is named, by the same rules', () => {
    const file = join(folder, 'kraken.json');
    writeFileSync(file, JSON.stringify(krakenFile({}, { name: 'kraken' })));
    expect(readStage(context({ stage: 'live', settings: file }))).toEqual(krakenStage({}, { name: 'kraken' }));
    expect(() => readStage(context({ stage: 'sandbox', settings: file }))).toThrow(`${file}, place: expected an EXCHANGE with sandbox true at the stage sandbox`);
    expect(() => readStage(context({ settings: file }))).toThrow(`${file}, place.kind: expected PAPER at the stage paper`);
  });

  it('are not read from a file that is missing or is no JSON', () => {
    const file = join(folder, 'torn.json');
    writeFileSync(file, '{');
    for (const settings of [file, join(folder, 'none.json')]) {
      expect(() => readStage(context({ settings }))).toThrow(`${settings}, expected a file of JSON that can be read`);
    }
  });

  it.each(['venue', 'account', 'exchangeSecret', 'venueUrl', 'stopMoves', 'sandbox'])('do not pass over a -c %s that would go unheard', (name) => {
    expect(() => readStage(context({ stage: 'live', [name]: 'x' }))).toThrow(`stages/live.json, ${name}: expected in this file`);
  });
});

describe('the file of a stage', () => {
  const place = (change: Change): Change => ({ place: { ...(krakenFile()['place'] as object), ...change } });
  const wrong: readonly (readonly [string, Change, string])[] = [
    ['a field that there is not', { colour: 'red' }, 'colour: there is no such field here'],
    ['a field that there is not, further in', place({ key: 'k' }), 'place.key: there is no such field here'],
    ['a venue nobody knows', place({ venue: 'moon' }), 'place.venue: expected alpaca, alpaca-crypto,'],
    ['a venue that has no place', place({ kind: 'MOON' }), 'place.kind: expected an object whose kind is PAPER or EXCHANGE'],
    ['no secret', place({ secretName: undefined }), 'place.secretName: expected the name of a secret'],
    ['a secret’s value in the place of its name', place({ secretName: '{"apiKey":"hush"}' }), 'place.secretName: expected the name of a secret'],
    ['a key that is none', place({ secretKeyArn: 'hush' }), 'place.secretKeyArn: expected the ARN of a KMS key'],
    ['no word on the sandbox', place({ sandbox: undefined }), 'place.sandbox: expected true or false'],
    ['a sandbox that there is not', place({ sandbox: true }), 'place.sandbox: expected false, since kraken has no sandbox'],
    ['a sandbox at the stage live', place({ venue: 'okx', sandbox: true }), 'place: expected an EXCHANGE with sandbox false at the stage live'],
    ['an address', place({ url: 'https://venue.example.com' }), 'place.url: there is no such field here'],
    ['terms of another venue', place({ options: { feed: 'sip' } }), 'place.options.feed: expected with the venue alpaca alone'],
    ['a term that there is not', place({ venue: 'alpaca', options: { feed: 'otc' } }), 'place.options.feed: expected iex, sip'],
    ['no account', { account: undefined }, 'account: expected the name of the account'],
    ['a name that is no name', { name: 'Live!' }, 'name: expected a name of small letters'],
    ['a way to move stops that there is not', { stopMoves: 'SIDEWAYS' }, 'stopMoves: expected AMEND, PLACE_FIRST, CANCEL_FIRST'],
    ['no word on its data', { keepsData: undefined }, 'keepsData: expected true or false'],
    ['data that goes with the stack while money is at stake', { keepsData: false }, 'keepsData: expected true at the stage live'],
    ['a setting that there is not', { settings: { MAX_LEVERGE: '2' } }, 'settings.MAX_LEVERGE: there is no such setting'],
    ['a setting that is wrong', { settings: { WORK_STEALING_FIGHT_THRESHOLD: 0 } }, 'settings.WORK_STEALING_FIGHT_THRESHOLD: expected'],
    ['settings that contradict one another', { settings: { QUOTE_INTERVAL_SECONDS: 300 } }, 'settings.QUOTE_INTERVAL_SECONDS: expected at most 120'],
    ['a number that has lost digits', { settings: { MAX_LEVERAGE: 1.1 } }, 'settings.MAX_LEVERAGE: expected text or a whole number'],
    ['a spend limit in cents', { monthlySpendLimitUsd: 9.5 }, 'monthlySpendLimitUsd: expected a whole number'],
    ['a throttle of nothing', { limits: { webhookPerSecond: 0 } }, 'limits.webhookPerSecond: expected a whole number from 1'],
    ['no address of mail', { alarmEmail: 'me' }, 'alarmEmail: expected an address of mail'],
    ['no way out', { egress: 'VPN' }, 'egress: expected ANY, FIXED'],
    ['the name of another stage, whose stack it would become', { name: 'paper' }, 'name: expected another: paper is the name of the stage paper'],
    ['an access key in the place of a secret’s name', place({ secretName: 'AKIAABCDEFGHIJKLMNOP' }), 'place.secretName: expected the name of a secret'],
    ['a restored table under a schema that does not keep its floor', { restoredTable: 'claimjump-restored' }, 'writesNewest: expected true with a restored table'],
    ['no table', { restoredTable: 'a b' }, 'restoredTable: expected the name of a table'],
  ];
  it.each(wrong)('is refused with %s, by its field', (_name, change, words) => {
    const file = { ...krakenFile(), ...change };
    const said = faultsOf(() => parseStage('live', 'live.json', file));
    expect(said).toContain(`live.json, ${words}`);
    expect(said).not.toContain('hush');
  });

  it.each(['https://me:hush@venue.example', 'https://hush@venue.example', 'https://venue.example/x?token=hush', 'https://venue.example/#hush'])('has no credentials in the address of a paper venue, which stands in the template: %s', (url) => {
    const said = faultsOf(() => stageWith('paper', { place: { kind: 'PAPER', url } }));
    expect(said).toContain('place.url: expected the address of a paper venue');
    expect(said).not.toContain('hush');
  });

  it('is told everything that is wrong with it at once', () => {
    const file = { ...krakenFile(), account: '', egress: '', colour: 'red' };
    expect(faultsOf(() => parseStage('live', 'live.json', file)).split('\n')).toHaveLength(3);
  });

  it('carries a confirmation at the stage live alone', () => {
    expect(() => stageWith('paper', { confirmation: 'yes' })).toThrow('confirmation: expected at the stage live alone');
  });

  it('is no list, and no text', () => {
    for (const content of [[], 'paper', null]) expect(() => parseStage('paper', 'paper.json', content)).toThrow('paper.json, the whole: expected an object');
  });

  it('needs no more than what differs', () => {
    const file = { name: 'p', account: 'main', keepsData: false, place: { kind: 'PAPER', url: 'https://venue.example.com' }, monthlySpendLimitUsd: 5 };
    expect(parseStage('paper', 'p.json', file)).toMatchObject({
      stopMoves: null, settings: {}, alarmEmail: null, writesNewest: false, restoredTable: null, egress: 'ANY',
      limits: { webhookPerSecond: 100, webhookBurst: 200, plansPerSecond: 5, operatorPerSecond: 5, reserveConcurrency: true },
    });
  });
});
