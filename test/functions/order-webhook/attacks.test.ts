import { describe, expect, it } from '@jest/globals';
import { createHandler } from '../../../functions/order-webhook/handler.ts';
import { AAPL, ACCOUNT, context, fakeDeps, NOW, request, snapshotWithOrder } from '../fakes.ts';
import { attacksOn, bodyOf, flippedBits, paddedBody, signedWire } from './attacks.ts';
import type { Target, Wire } from './attacks.ts';

const SECRETS = ['the-present-secret-of-the-test', 'the-former-secret-of-the-test'] as const;
const TARGET: Target = {
  account: ACCOUNT,
  now: NOW,
  secrets: SECRETS,
  forgottenSecret: 'the-secret-before-the-former',
  clientOrderId: 'o1',
  symbol: 'AAPL',
  otherSymbol: 'MSFT',
};

/** The event that the HTTP API makes: names in lower case, what comes twice joined, bytes in base64 unless they are JSON. */
const eventOf = ({ headers, body }: Wire) => {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) joined.set(name, joined.has(name) ? `${joined.get(name)},${value}` : value);
  const isText = joined.get('content-type')?.startsWith('application/json') === true;
  return request(body.toString(isText ? 'utf8' : 'base64'), { headers: Object.fromEntries(joined), base64: !isText });
};

const send = async (wire: Wire, given: Parameters<typeof fakeDeps>[0] = {}) => {
  const { deps, commits, sent, notes } = fakeDeps({ secrets: SECRETS, markets: [AAPL, { ...AAPL, symbol: 'MSFT' }], snapshot: snapshotWithOrder(), ...given });
  const { statusCode, body } = await createHandler(deps)(eventOf(wire), context());
  return { status: statusCode, answer: JSON.parse(body), written: [...commits, ...sent], notes };
};

describe('SL-10 a webhook that is not what it has to be is refused and writes nothing', () => {
  it.each(attacksOn(TARGET).map((attack) => [attack.name, attack] as const))('%s', async (_name, { wire, status }) => {
    const answered = await send(wire);
    expect(answered.status).toBe(status);
    expect(answered.written).toEqual([]);
    const log = JSON.stringify(answered.notes);
    for (const secret of [...SECRETS, TARGET.forgottenSecret]) expect(log).not.toContain(secret);
  });

  it.each(['body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)('each single bit flipped in its %s', async (part) => {
    const wires = flippedBits(TARGET, part);
    expect(wires.length).toBeGreaterThan(0);
    for (const wire of wires) {
      const { status, written } = await send(wire);
      expect([status, written]).toEqual([401, []]);
    }
  });
});

describe('SL-10 what stands beside the attacks is taken', () => {
  const good: readonly (readonly [string, Wire])[] = [
    ['the request that the attacks change', signedWire(TARGET, bodyOf(TARGET))],
    ['its bytes as bytes', signedWire(TARGET, bodyOf(TARGET), { type: 'application/octet-stream' })],
    ['the former secret', signedWire(TARGET, bodyOf(TARGET), { secret: SECRETS[1] })],
    ['300 s old', signedWire(TARGET, bodyOf(TARGET), { offsetSeconds: -300 })],
    ['300 s ahead', signedWire(TARGET, bodyOf(TARGET), { offsetSeconds: 300 })],
    ['exactly 64 KB', signedWire(TARGET, paddedBody(TARGET, 65_536))],
    ['a colon after a text that is no name', signedWire(TARGET, bodyOf(TARGET, { refusal: '"a":"b":' }))],
  ];
  it.each(good)('%s', async (_name, wire) => {
    const { status, written, answer } = await send(wire);
    expect([status, answer]).toEqual([200, { duplicate: false }]);
    expect(written).not.toEqual([]);
  });

  it('a right signature beside one with a secret to come', async () => {
    const wire = signedWire(TARGET, bodyOf(TARGET));
    const coming = signedWire(TARGET, bodyOf(TARGET), { secret: 'a-secret-to-come' });
    const [both = '', one = ''] = [coming, wire].map(({ headers }) => headers.find(([name]) => name === 'webhook-signature')?.[1]);
    const headers = wire.headers.map(([name, value]) => [name, name === 'webhook-signature' ? `${both} ${one}` : value] as const);
    expect((await send({ ...wire, headers })).status).toBe(200);
  });

  it('an order of another account under a symbol of ours changes nothing while it tells of no fill', async () => {
    const body = bodyOf(TARGET, { clientOrderId: 'E1-AAPL-somebodyelses', status: 'OPEN', filledQuantity: '0', averagePrice: null, trades: [] });
    const { status, written } = await send(signedWire(TARGET, body));
    expect([status, written]).toEqual([200, []]);
  });
});
