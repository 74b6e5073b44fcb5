import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NoSecretError, readSignedHeaders, verifySignature } from '../../../functions/order-webhook/signature.ts';
import { InputError } from '../../../functions/support/input-error.ts';
import { NOW, request } from '../fakes.ts';

const SECRETS = ['first-secret', 'second-secret'];
const BODY = Buffer.from('{"type":"order"}');
const AT = String(NOW / 1000);
const hex = (secret: string, id = 'w1', timestamp = AT, body: Buffer = BODY) =>
  createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('hex');

const signed = (changes: Record<string, string | undefined> = {}) => {
  const headers: Record<string, string> = {};
  const all = { 'webhook-id': 'w1', 'webhook-timestamp': AT, 'webhook-signature': `v1,${hex('first-secret')}`, ...changes };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers[name] = value;
  return { ...request(''), headers, body: '', isBase64Encoded: false };
};

const check = (given: ReturnType<typeof signed>, body = BODY, secrets: readonly string[] = SECRETS, now = NOW): string => {
  try {
    verifySignature(readSignedHeaders(given, now), body, secrets);
    return 'accepted';
  } catch (error) {
    if (error instanceof InputError) return `${error.status} ${error.field}`;
    throw error;
  }
};

describe('SL-10 a webhook is believed only with a signature of exactly what was sent', () => {
  const good = hex('first-secret');
  const cases: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
    ['a right signature', {}, 'accepted'],
    ['a signature with the second secret', { 'webhook-signature': `v1,${hex('second-secret')}` }, 'accepted'],
    ['upper case hexadecimals', { 'webhook-signature': `v1,${good.toUpperCase()}` }, '401 webhook-signature'],
    ['a right one after a wrong one', { 'webhook-signature': `v1,${hex('other')} v1,${good}` }, 'accepted'],
    ['a right one after an unknown version', { 'webhook-signature': `v2,abc v1,${good}` }, 'accepted'],
    ['no signature', { 'webhook-signature': undefined }, '401 webhook-signature'],
    ['an empty signature', { 'webhook-signature': '' }, '401 webhook-signature'],
    ['a version without signature', { 'webhook-signature': 'v1,' }, '401 webhook-signature'],
    ['a signature without version', { 'webhook-signature': good }, '401 webhook-signature'],
    ['a short signature', { 'webhook-signature': `v1,${good.slice(0, 62)}` }, '401 webhook-signature'],
    ['a long signature', { 'webhook-signature': `v1,${good}00` }, '401 webhook-signature'],
    ['a signature that is not hexadecimal', { 'webhook-signature': `v1,${'z'.repeat(64)}` }, '401 webhook-signature'],
    ['a right signature under another version', { 'webhook-signature': `v2,${good}` }, '401 webhook-signature'],
    ['another secret', { 'webhook-signature': `v1,${hex('other')}` }, '401 webhook-signature'],
    ['one digit changed', { 'webhook-signature': `v1,${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}` }, '401 webhook-signature'],
    ['a right one hidden behind ten wrong ones', { 'webhook-signature': `${`v1,${hex('other')} `.repeat(10)}v1,${good}` }, '401 webhook-signature'],
    ['another id than was signed', { 'webhook-id': 'w2' }, '401 webhook-signature'],
    ['another time than was signed', { 'webhook-timestamp': String(NOW / 1000 + 1) }, '401 webhook-signature'],
    ['no id', { 'webhook-id': undefined }, '401 webhook-id'],
    ['its id twice, once in capitals', { 'WEBHOOK-ID': 'w1' }, '401 webhook-id'],
    ['an id with a dot', { 'webhook-id': 'w.1' }, '401 webhook-id'],
    ['an id with a blank', { 'webhook-id': 'w 1' }, '401 webhook-id'],
    ['a long id', { 'webhook-id': 'w'.repeat(129) }, '401 webhook-id'],
    ['no time', { 'webhook-timestamp': undefined }, '401 webhook-timestamp'],
    ['a time as a date', { 'webhook-timestamp': '2025-06-04T15:00:00Z' }, '401 webhook-timestamp'],
    ['a negative time', { 'webhook-timestamp': `-${AT}` }, '401 webhook-timestamp'],
    ['a time with a fraction', { 'webhook-timestamp': `${AT}.5` }, '401 webhook-timestamp'],
    ['a time in hexadecimals', { 'webhook-timestamp': '0x10' }, '401 webhook-timestamp'],
    ['a time in milliseconds', { 'webhook-timestamp': String(NOW) }, '401 webhook-timestamp'],
  ];
  it.each(cases)('%s', (_name, changes, outcome) => {
    expect(check(signed(changes))).toBe(outcome);
  });

  it('refuses a body changed by one byte', () => {
    expect(check(signed(), Buffer.from('{"type":"orDer"}'))).toBe('401 webhook-signature');
  });

  it.each([[[]], [['']], [['  ']]])('believes nothing when the secrets are %j', (secrets) => {
    const forged = signed({ 'webhook-signature': `v1,${hex('')} v1,${hex('  ')}` });
    expect(() => check(forged, BODY, secrets)).toThrow(NoSecretError);
  });

  it('takes no blank secret beside a good one', () => {
    expect(check(signed({ 'webhook-signature': `v1,${hex('')}` }), BODY, ['', 'first-secret'])).toBe('401 webhook-signature');
  });

  it('finds the headers whatever their case', () => {
    const given = signed();
    const headers = Object.fromEntries(Object.entries(given.headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(check({ ...given, headers })).toBe('accepted');
  });
});

describe('SL-10 a webhook is believed for 300 seconds in both directions', () => {
  const times: readonly (readonly [number, string])[] = [
    [-301, '401 webhook-timestamp'],
    [-300, 'accepted'],
    [0, 'accepted'],
    [300, 'accepted'],
    [301, '401 webhook-timestamp'],
  ];
  it.each(times)('signed %i s from now: %s', (offset, outcome) => {
    const timestamp = String(NOW / 1000 + offset);
    const signature = `v1,${hex('first-secret', 'w1', timestamp)}`;
    expect(check(signed({ 'webhook-timestamp': timestamp, 'webhook-signature': signature }))).toBe(outcome);
  });

  it('refuses an old one a millisecond too late', () => {
    expect(check(signed(), BODY, SECRETS, NOW + 300_000)).toBe('accepted');
    expect(check(signed(), BODY, SECRETS, NOW + 300_001)).toBe('401 webhook-timestamp');
  });
});
