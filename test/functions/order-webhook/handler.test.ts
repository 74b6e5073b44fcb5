import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHandler } from '../../../functions/order-webhook/handler.ts';
import { ConflictError } from '../../../shared/errors.ts';
import { AAPL, ACCOUNT, context, fakeDeps, NOW, request, snapshotWithOrder } from '../fakes.ts';

const SECRET = 'first-secret-of-the-test';
const AT = String(NOW / 1000);
const report = { clientOrderId: 'o1', symbol: 'AAPL', status: 'OPEN', filledQuantity: '0', at: NOW };
const orderBody = (changes: Record<string, unknown> = {}) => JSON.stringify({ type: 'order', account: ACCOUNT, order: report, ...changes });
const pricesBody = JSON.stringify({ type: 'prices', account: ACCOUNT, prices: [{ symbol: 'AAPL', price: '1e2', at: NOW }] });

const headersFor = (body: string | Buffer, id = 'w1', secret = SECRET) => ({
  'webhook-id': id,
  'webhook-timestamp': AT,
  'webhook-signature': `v1,${createHmac('sha256', secret).update(`${id}.${AT}.`).update(body).digest('hex')}`,
});
const signed = (body: string, id = 'w1') => request(body, { headers: headersFor(body, id) });
const answerOf = (answer: { statusCode: number; body: string }) => ({ status: answer.statusCode, ...JSON.parse(answer.body) });

describe('SL-10 order-webhook answers 200 only to what has been stored', () => {
  it('commits a report with its id', async () => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder() });
    const answer = await createHandler(deps)(signed(orderBody()), context());
    expect(answerOf(answer)).toEqual({ status: 200, duplicate: false });
    expect(commits).toHaveLength(1);
    expect(commits[0]).toContainEqual({ kind: 'WEBHOOK', id: 'w1', at: NOW });
  });

  it('answers 200 to an id seen before and changes nothing', async () => {
    const { deps, commits, sent } = fakeDeps({ snapshot: snapshotWithOrder({ webhookSeen: true }) });
    const answer = await createHandler(deps)(signed(orderBody()), context());
    expect(answerOf(answer)).toEqual({ status: 200, duplicate: true });
    expect([commits, sent]).toEqual([[], []]);
  });

  it('takes a report of an order it does not know without writing', async () => {
    const { deps, commits } = fakeDeps({ markets: [AAPL] });
    const answer = await createHandler(deps)(signed(orderBody()), context());
    expect(answerOf(answer)).toEqual({ status: 200, duplicate: false });
    expect(commits).toEqual([]);
  });

  it('passes prices on as one message, in plain decimals', async () => {
    const { deps, sent, commits } = fakeDeps();
    const answer = await createHandler(deps)(signed(pricesBody), context());
    expect(answerOf(answer)).toEqual({ status: 200, duplicate: false });
    expect(sent.map(({ message }) => message)).toEqual([
      { schema: 1, kind: 'QUOTES', account: ACCOUNT, correlationId: expect.any(String), quotes: [{ symbol: 'AAPL', price: '100', at: NOW }] },
    ]);
    expect(commits).toEqual([]);
  });

  const failing: readonly (readonly [string, 'commit' | 'load', Error])[] = [
    ['the commit loses every time', 'commit', new ConflictError({ item: 'ORDER#o1', expected: '1', found: '2' })],
    ['the table is away', 'load', new Error('socket hang up')],
  ];
  it.each(failing)('answers 503 with retry-after when %s', async (_name, where, error) => {
    const { deps, failures, notes } = fakeDeps({ snapshot: snapshotWithOrder() });
    failures[where] = error;
    const answer = await createHandler(deps)(signed(orderBody()), context());
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain(error.message);
    expect(notes.filter(({ note }) => note.level === 'ERROR')).toHaveLength(1);
  });

  it('takes what is signed with a secret that was turned just now, and refuses the wrong as before', async () => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder() });
    const asked: (boolean | undefined)[] = [];
    const turned = { ...deps, secrets: { webhookSecrets: async (isDoubted?: boolean) => {
      asked.push(isDoubted);
      return isDoubted === true ? [SECRET, 'the-one-before'] : ['the-one-before', 'the-one-before-that'];
    } } };
    expect(answerOf(await createHandler(turned)(signed(orderBody()), context()))).toEqual({ status: 200, duplicate: false });
    expect([asked, commits.length]).toEqual([[undefined, true], 1]);
    const wrong = request(orderBody(), { headers: headersFor(orderBody(), 'w2', 'another') });
    expect((await createHandler(turned)(wrong, context())).statusCode).toBe(401);
    const silent = { ...deps, secrets: { webhookSecrets: async (isDoubted?: boolean) => {
      if (isDoubted === true) throw new Error('no answer');
      return ['the-one-before'];
    } } };
    expect((await createHandler(silent)(wrong, context())).statusCode).toBe(401);
    expect(commits).toHaveLength(1);
  });

  it('answers 503 when prices could not be sent on', async () => {
    const { deps, failures } = fakeDeps();
    failures.send = new Error('queue away');
    expect((await createHandler(deps)(signed(pricesBody), context())).statusCode).toBe(503);
  });

  it('answers 503 when there is no secret to check with', async () => {
    const { deps, commits } = fakeDeps({ secrets: [' '] });
    const body = orderBody();
    const forged = request(body, { headers: headersFor(body, 'w1', ' ') });
    expect((await createHandler(deps)(forged, context())).statusCode).toBe(503);
    expect(commits).toEqual([]);
  });

  it('reads the bytes of a body in base64', async () => {
    const { deps, commits } = fakeDeps({ snapshot: snapshotWithOrder() });
    const body = orderBody();
    const event = request(Buffer.from(body).toString('base64'), { headers: headersFor(body), base64: true });
    expect((await createHandler(deps)(event, context())).statusCode).toBe(200);
    expect(commits).toHaveLength(1);
  });
});

describe('SL-10 order-webhook refuses with a 4xx and writes nothing', () => {
  const big = `{"pad":"${'x'.repeat(65_536)}"}`;
  const notText = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  const cases: readonly (readonly [string, ReturnType<typeof request>, number, string])[] = [
    ['another method', { ...signed(orderBody()), ...request(orderBody(), { method: 'GET', headers: headersFor(orderBody()) }) }, 405, 'method'],
    ['no signature', request(orderBody()), 401, 'webhook-id'],
    ['a signature of another body', request(orderBody(), { headers: headersFor(pricesBody) }), 401, 'webhook-signature'],
    ['no body', request(null, { headers: headersFor('') }), 400, 'body'],
    ['a body over 64 KB, before its signature is looked at', request(big), 413, 'body'],
    ['a body over 64 KB in base64', request(Buffer.from(big).toString('base64'), { base64: true }), 413, 'body'],
    ['a body of more bytes than characters', request('€'.repeat(21_846)), 413, 'body'],
    ['text that is not JSON', signed('{"type":'), 400, 'body'],
    ['bytes that are no text', request(notText.toString('base64'), { headers: headersFor(notText), base64: true }), 400, 'body'],
    ['another account', signed(orderBody({ account: 'somebody-else' })), 403, 'account'],
    ['an unknown status', signed(orderBody({ order: { ...report, status: 'VANISHED' } })), 400, 'order.status'],
    ['a list', signed('[]'), 400, 'body'],
  ];
  it.each(cases)('%s', async (_name, event, status, field) => {
    const { deps, commits, loads, sent } = fakeDeps();
    const answer = answerOf(await createHandler(deps)(event, context()));
    expect(answer).toMatchObject({ status, field, expected: expect.any(String) });
    expect([commits, loads, sent]).toEqual([[], [], []]);
  });

  it('says that bytes which are no text are none, even where the JSON around them is whole', async () => {
    const { deps } = fakeDeps();
    const body = Buffer.concat([Buffer.from(orderBody()).subarray(0, 9), Buffer.from([0xff]), Buffer.from(orderBody()).subarray(9)]);
    const event = request(body.toString('base64'), { headers: headersFor(body), base64: true });
    expect(answerOf(await createHandler(deps)(event, context()))).toMatchObject({ status: 400, expected: 'UTF-8 text' });
  });

  it('takes a body of exactly 65,536 bytes for a body', async () => {
    const { deps } = fakeDeps();
    const body = `{"pad":"${'x'.repeat(65_536 - 10)}"}`;
    expect(Buffer.byteLength(body)).toBe(65_536);
    expect((await createHandler(deps)(signed(body), context())).statusCode).toBe(400);
  });

  it('refuses what is no request at all', async () => {
    const { deps } = fakeDeps();
    expect((await createHandler(deps)({ Records: [] }, context())).statusCode).toBe(400);
  });

  it('logs neither secret nor signature nor body', async () => {
    const { deps, notes } = fakeDeps();
    const body = orderBody({ secretWord: 'swordfish' });
    await createHandler(deps)(signed(body), context());
    await createHandler(deps)(request(body, { headers: { ...headersFor(body), 'webhook-id': 'w2' } }), context());
    const log = JSON.stringify(notes);
    expect(notes).toHaveLength(2);
    for (const hidden of [SECRET, headersFor(body)['webhook-signature'].slice(3), 'swordfish']) expect(log).not.toContain(hidden);
  });

  it('never crashes on any signed JSON, and on 4xx has written nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.jsonValue().map((order) => JSON.stringify({ type: 'order', account: ACCOUNT, order }))), async (body) => {
        const { deps, commits, sent } = fakeDeps({ snapshot: snapshotWithOrder() });
        const { statusCode } = await createHandler(deps)(signed(body), context());
        expect([200, 400, 403, 413]).toContain(statusCode);
        if (statusCode !== 200) expect([commits, sent]).toEqual([[], []]);
      }),
      { numRuns: 300 },
    );
  });
});
