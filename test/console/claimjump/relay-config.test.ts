import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { buildVenue } from '../../../console/claimjump/build-relay.ts';
import { readRelayConfig } from '../../../console/claimjump/relay-config.ts';
import { relayCommand } from '../../../console/claimjump/relay-command.ts';
import { openProgress } from '../../../console/claimjump/relay/progress-file.ts';
import { InvalidInputError } from '../../../shared/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-'));
const SECRET = 'sixteen letters at least';
const KEYS = '{"apiKey":"key-of-mine","secret":"secret-of-mine"}';
const good = { venue: 'binance', account: 'a-1', webhookUrl: 'https://example.org/hook', stateFile: join(folder, 'state.json'), webhookSecret: SECRET, credentials: KEYS };
const faultOf = (work: () => unknown): InvalidInputError => {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('what a relay is told', () => {
  it('has defaults for all that is not needed, and symbols in our spelling (EW-4)', () => {
    expect(readRelayConfig({ ...good, symbols: 'btcusdt, ETH-USDT' })).toEqual({
      ...good, credentials: { apiKey: 'key-of-mine', secret: 'secret-of-mine' }, symbols: ['BTC/USDT', 'ETH/USDT'], sandbox: false, healthPort: null, behindMs: 15_000, heartbeatUrl: null, heartbeatMs: 60_000,
    });
  });

  it('takes its secrets from files, too', () => {
    const [secretFile, keysFile] = [join(folder, 'secret'), join(folder, 'keys')];
    writeFileSync(secretFile, `${SECRET}\n`);
    writeFileSync(keysFile, KEYS);
    const config = readRelayConfig({ ...good, webhookSecret: undefined, credentials: undefined, webhookSecretFile: secretFile, credentialsFile: keysFile });
    expect([config.webhookSecret, config.credentials]).toEqual([SECRET, { apiKey: 'key-of-mine', secret: 'secret-of-mine' }]);
  });

  it.each([
    ['venue', { venue: '  ' }],
    ['account', { account: undefined }],
    ['webhookUrl', { webhookUrl: 'http://example.org/hook' }],
    ['webhookUrl', { webhookUrl: 'not an address' }],
    ['webhookSecret', { webhookSecret: 'short' }],
    ['webhookSecretFile', { webhookSecretFile: join(folder, 'nowhere') }],
    ['credentials', { credentials: '{"apiKey":' }],
    ['credentials', { credentials: '{}' }],
    ['credentials', { credentials: '["key-of-mine"]' }],
    ['credentialsFile', { credentialsFile: folder }],
    ['symbols', { symbols: 'BTC/USD/T' }],
    ['stateFile', { stateFile: '' }],
    ['healthPort', { healthPort: '70000' }],
    ['behindSeconds', { behindSeconds: '0' }],
    ['heartbeatUrl', { heartbeatUrl: 'ftp://example.org' }],
    ['heartbeatSeconds', { heartbeatSeconds: 'often' }],
  ])('is refused by the name of %s when it is %j, and shows no secret', (field, changes) => {
    const fault = faultOf(() => readRelayConfig({ ...good, ...changes }));
    expect(fault.field).toBe(field);
    expect(`${fault.message} ${String(fault.stack)}`).not.toMatch(/of-mine|sixteen|short\b.*short/);
  });

  it.each([
    ['venue', { venue: 'nowhere' }],
    ['venue', { venue: 'paper' }],
    ['credentials', { venue: 'alpaca' }],
    ['symbols', { venue: 'alpaca', credentials: '{"keyId":"k","secret":"s"}', symbols: 'BTC/USD' }],
  ])('is refused by the name of %s where no venue can be built of %j', async (field, changes) => {
    await expect(buildVenue(readRelayConfig({ ...good, ...changes }))).rejects.toMatchObject({ name: 'InvalidInputError', field });
  });

  it.each(['binance', 'binanceusdm', 'kraken', 'bybit', 'okx', 'coinbase', 'alpaca-crypto'])('is enough to build %s', async (venue) => {
    expect((await buildVenue(readRelayConfig({ ...good, venue }))).venue.traits.venue).toBe(venue);
  });
});

describe('claimjump relay', () => {
  it('does not start on what is wrong, says which field, and has 2 for it', async () => {
    const complaints: string[] = [];
    const codes: number[] = [];
    const program = new Command('claimjump').exitOverride();
    const io = { environment: { RELAY_CREDENTIALS: KEYS }, write: () => undefined, complain: (line: string) => void complaints.push(line), stop: new AbortController().signal };
    program.addCommand(relayCommand(io, (code) => void codes.push(code)));
    await program.parseAsync(['relay', '--venue', 'binance', '--account', 'a', '--webhook-url', 'https://example.org/', '--state-file', good.stateFile], { from: 'user' });
    expect(codes).toEqual([2]);
    expect(complaints).toEqual([expect.stringMatching(/^webhookSecret: expected /)]);
  });
});

describe('the file of a relay', () => {
  const of = { venue: 'binance', account: 'a-1' };

  it('is empty before the first time, and keeps the last', () => {
    const path = join(folder, 'kept.json');
    const store = openProgress(path, of);
    expect(store.load()).toEqual({ cursor: null, live: {} });
    store.save({ cursor: '7', live: { one: 'BTC/USD' } });
    store.save({ cursor: '8', live: {} });
    expect(openProgress(path, of).load()).toEqual({ cursor: '8', live: {} });
    expect(readFileSync(path, 'utf8')).not.toContain('one');
  });

  it.each([
    ['of another account', JSON.stringify({ schema: 1, venue: 'binance', account: 'b-2', cursor: null, live: {} })],
    ['of another venue', JSON.stringify({ schema: 1, venue: 'okx', account: 'a-1', cursor: null, live: {} })],
    ['of a newer relay', JSON.stringify({ schema: 2, venue: 'binance', account: 'a-1', cursor: null, live: {} })],
    ['that is torn', '{"schema":1,'],
  ])('%s is refused by its name', (_name, text) => {
    const path = join(folder, 'other.json');
    writeFileSync(path, text);
    expect(faultOf(() => openProgress(path, of).load()).field).toBe('stateFile');
  });
});
