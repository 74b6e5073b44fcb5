import { Buffer } from 'node:buffer';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { hideSecret, hideSecretsIn, hideSecretsOf, redactError, redactFields, redactText } from '../../shared/redaction.ts';

const SECRET = 'canary/Q7+v9xw=Zt"k';
const SECRET_WORD = 'c4n4ryValueOfASecret77';
const SHORT_WORD = 'c4n4';
const PEM = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIcanaryPEMbodyAAAAA\nAAAAAcanaryPEMtail1234==\n-----END EC PRIVATE KEY-----\n';
const bytes = Buffer.from(SECRET);

describe('SL-14 a secret that was read is never told', () => {
  hideSecret(SECRET);
  it.each([
    ['as it is', SECRET],
    ['in base64', bytes.toString('base64')],
    ['in base64 for addresses', bytes.toString('base64url')],
    ['in hex', bytes.toString('hex')],
    ['in hex, in capitals', bytes.toString('hex').toUpperCase()],
    ['in an address', encodeURIComponent(SECRET)],
    ['in JSON', JSON.stringify({ x: SECRET }).slice(6, -2)],
  ])('%s', (_form, form) => {
    const told = redactText(`before ${form} between ${form} after`);
    expect(told).toMatch(/^before \[hidden\]\S* between \[hidden\]\S* after$/);
    expect(told).not.toContain(form);
  });

  it('nor any text of the JSON that it stood in', () => {
    hideSecretsIn(JSON.stringify({ apiKey: 'canary-key-7781', secret: 'canary-secret-7781', more: [{ password: 'canary-pass-7781' }] }));
    for (const word of ['canary-key-7781', 'canary-secret-7781', 'canary-pass-7781']) expect(redactText(`it was ${word}.`)).toBe('it was [hidden].');
  });

  it('nor a line of a key that has several, however its ends are written', () => {
    hideSecret(PEM);
    expect(redactText(`x ${JSON.stringify(PEM)} y`)).not.toMatch(/canaryPEM/);
    expect(redactText('x AAAAAcanaryPEMtail1234== y')).toBe('x [hidden] y');
  });

  it('nor what an environment holds under such a name; the name of a secret is none', () => {
    hideSecretsOf({ AWS_SECRET_ACCESS_KEY: 'canary-env-aws-key', RELAY_CREDENTIALS: '{"secret":"canary-env-json"}', VENUE_SECRET_NAME: 'fund/kraken-live', HOME: '/home/canary' });
    expect(redactText('canary-env-aws-key canary-env-json fund/kraken-live /home/canary')).toBe('[hidden] [hidden] fund/kraken-live /home/canary');
  });

  it('while a word too short to be one stays', () => {
    hideSecret('buy');
    expect(redactText('AAPL: buy 10')).toBe('AAPL: buy 10');
  });
});

const HEX = 'ab12'.repeat(16);
describe('SL-14 nor is what looks like one', () => {
  it.each([
    ['a signature of a webhook', `got v1,${HEX}`, 'got [hidden]'],
    ['a signed address', `GET https://api.venue.example/api/v3/order?symbol=BTC&timestamp=1&signature=${HEX} 400`, 'GET https://api.venue.example/api/v3/order?[hidden] 400'],
    ['a presigned address', `https://q.example/?X-Amz-Credential=AKIAX%2F1&X-Amz-Signature=abc`, 'https://q.example/?[hidden]'],
    ['a signed body', `failed: symbol=BTC&timestamp=1&signature=c4n4ry&x=1`, 'failed: symbol=BTC&timestamp=1&signature=[hidden]&x=1'],
    ['headers', `{"X-MBX-APIKEY":"c4n4ry-1","OK-ACCESS-SIGN":"c4n4ry/2=","ok-access-passphrase":"c4n4ry 3"}`, '{"X-MBX-APIKEY":"[hidden]","OK-ACCESS-SIGN":"[hidden]","ok-access-passphrase":"[hidden]"}'],
    ['headers as an object is printed', `{ 'API-Sign': 'c4n4ry==', 'X-BAPI-API-KEY': 'c4n4ry' }`, `{ 'API-Sign': '[hidden]', 'X-BAPI-API-KEY': '[hidden]' }`],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ secretKey: 'c4n4ry' })), JSON.stringify(JSON.stringify({ secretKey: '[hidden]' }))],
    ['Authorization', 'authorization: Bearer c4n4ry.c4n4ry', 'authorization: Bearer [hidden]'],
    ['a token of Coinbase', 'sent eyJhbGciOiJFUzI1.eyJzdWIiOiJvcmc.c2lnbmF0dXJl now', 'sent [hidden] now'],
    ['a private key', `key -----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY----- done`, 'key [hidden] done'],
    ['a private key that was cut off', `key -----BEGIN PRIVATE KEY-----\nMIGHAgEAc4n4ry`, 'key [hidden]'],
    ['credentials in an address', 'https://user:c4n4ry@venue.example/x', 'https://[hidden]@venue.example/x'],
    ['a token in the place of a user', 'https://c4n4ry@venue.example/x', 'https://[hidden]@venue.example/x'],
    ['an access key', 'AKIAABCDEFGHIJKLMNOP', '[hidden]'],
    ['a bare HMAC in hex', `expected ${HEX}`, 'expected [hidden]'],
    ['a bare HMAC in base64', `sign ${'aB3/'.repeat(21)}aB== end`, 'sign [hidden] end'],
  ])('%s', (_what, text, told) => {
    expect(redactText(text)).toBe(told);
    expect(redactText(told)).toBe(told);
  });

  it.each([
    'AAPL: claimed 10',
    'webhook-signature: expected a signature of this request with a shared secret',
    'VENUE_SECRET_NAME: expected the name of the secret with the exchange\'s keys',
    'The security token included in the request is invalid.',
    'E1z-BTCUSD-abcdefghij0123456789',
    'fetchOpenOrders, GET /api/v3/openOrders: status 503',
    'https://venue.example/orders?symbol=BTC&limit=5',
  ])('and our own words stay: %s', (text) => expect(redactText(text)).toBe(text));

  it('fields that are called so are hidden whole', () => {
    expect(redactFields({ apiKey: 'x', webhookSecret: 'y', symbol: 'AAPL', price: 1, passphrase: null })).toEqual({ apiKey: '[hidden]', webhookSecret: '[hidden]', symbol: 'AAPL', price: 1, passphrase: null });
  });
});

describe('SL-14 nor does an error carry one', () => {
  const bad = `GET https://venue.example/o?signature=${HEX}`;
  it('in its words, its stack, its causes and whatever it has', () => {
    const error = Object.assign(new Error(bad, { cause: new Error(`caused by ${bad}`, { cause: { text: bad } }) }), {
      config: { headers: { 'X-MBX-APIKEY': 'c4n4ry', list: [bad] }, secret: 'c4n4ry' }, apiKey: 'c4n4ry', code: 'ECONNRESET',
    });
    expect(redactError(error)).toBe(error);
    const { cause } = error;
    const printed = [error.message, error.stack, JSON.stringify(error.config), error.apiKey, String(cause), JSON.stringify(cause instanceof Error ? cause.cause : null)].join('\n');
    expect(printed).not.toMatch(/c4n4ry|ab12ab12/);
    expect(error).toMatchObject({ name: 'Error', code: 'ECONNRESET' });
  });

  it('also where it goes in circles, is frozen, or is none at all', () => {
    const round: Error & { self?: unknown } = new Error('round');
    round.self = round;
    expect(redactError(round)).toBe(round);
    expect(() => redactError(Object.freeze(new Error(bad)))).not.toThrow();
    expect([redactError(null), redactError(undefined), redactError(5), redactError(bad)]).toEqual([null, undefined, 5, 'GET https://venue.example/o?[hidden]']);
  });

  const told = (error: unknown): string => {
    const clean = redactError(error);
    return inspect(clean, { depth: 9 }) + JSON.stringify(clean, (_name, value: unknown) => (value instanceof Error ? { ...value, words: value.message, trace: value.stack } : value));
  };
  const URL_WITH = `https://venue.example/${SECRET_WORD}`;
  it.each([
    ['an address', () => ({ at: new URL(URL_WITH) })],
    ['bytes', () => ({ body: Buffer.from(SECRET_WORD) })],
    ['a map', () => ({ headers: new Map([['k', SECRET_WORD]]) })],
    ['a set', () => ({ headers: new Set([SECRET_WORD]) })],
    ['headers', () => ({ headers: new Headers({ k: SECRET_WORD }) })],
    ['an object of a class', () => ({ answer: new (class Answer { readonly body = SECRET_WORD; })() })],
    ['a function with a property', () => ({ send: Object.assign(() => 1, { body: SECRET_WORD }) })],
    ['a property named by a symbol', () => ({ [Symbol('body')]: SECRET_WORD })],
    ['a property named by the secret', () => ({ [SECRET_WORD]: 1 })],
    ['a password that is no text', () => ({ password: { is: SHORT_WORD }, apiKey: [SHORT_WORD] })],
    ['a frozen cause', () => ({ cause: Object.freeze(new Error(SECRET_WORD)), again: Object.freeze({ body: SECRET_WORD }) })],
    ['a getter that throws', () => ({ inner: Object.defineProperty({}, 'body', { enumerable: true, configurable: true, get: () => { throw new Error(SECRET_WORD); } }) })],
    ['a proxy that throws', () => ({ inner: new Proxy({}, { ownKeys: () => { throw new Error(SECRET_WORD); } }) })],
  ])('nor in %s', (_what, carried) => {
    hideSecret(SECRET_WORD);
    const forms = [SECRET_WORD, [...Buffer.from(SECRET_WORD)].join(','), (Buffer.from(SECRET_WORD).toString('hex').match(/../g) ?? []).join(' '), SHORT_WORD];
    const printed = told(Object.assign(new Error('x'), carried()));
    for (const form of forms) expect(printed).not.toContain(form);
  });

  it('and one that cannot be changed is given back as another, without its secret', () => {
    hideSecret(SECRET_WORD);
    for (const error of [Object.freeze(new Error(SECRET_WORD)), Object.defineProperty(new Error('x'), 'body', { enumerable: true, value: SECRET_WORD })]) {
      expect(told(error)).not.toContain(SECRET_WORD);
      expect(redactError(error)).toBeInstanceOf(Error);
    }
  });

  it('and what is alive is left alone: a socket that an error holds on to', () => {
    class Socket { readonly token = 'c4n4ry'; }
    const socket = new Socket();
    redactError(Object.assign(new Error('x'), { socket }));
    expect(socket.token).toBe('c4n4ry');
  });
});

describe('SL-14 hiding costs little', () => {
  const line = JSON.stringify({ level: 'INFO', message: 'BTC/USD: claimed 10 at 98.50 '.repeat(4), fields: Array.from({ length: 12 }, (_, place) => `value-${place}`), clientOrderId: 'E1z-BTCUSD-abcdefghij0123456789' });
  const times: number[] = [];
  afterAll(() => expect(times).toHaveLength(1));
  it('less than a fifth of a millisecond a line', () => {
    for (let n = 0; n < 300; n += 1) redactText(line);
    const start = performance.now();
    for (let n = 0; n < 500; n += 1) redactText(line);
    times.push((performance.now() - start) / 500);
    expect(times[0]).toBeLessThan(0.2);
  });

  it.each([
    ['letters', `?${'a'.repeat(50_000)} secret ${'='.repeat(50_000)} ${'-----BEGIN '.repeat(500)}`],
    ['question marks', '?'.repeat(100_000)],
    ['colons behind an address', `://${':'.repeat(100_000)}`],
    ['users without a host', `://${'a:'.repeat(50_000)}`],
    ['tokens that never end', 'eyJ'.repeat(33_000)],
    ['backslashes before a quote', `secret:${'\\'.repeat(50_000)}"${'\\'.repeat(49_999)}`],
  ])('and grows no faster than what is told, whoever writes it: %s', (_what, long) => {
    const start = performance.now();
    redactText(long);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
