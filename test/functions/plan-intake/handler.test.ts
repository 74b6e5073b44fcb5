import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHandler } from '../../../functions/plan-intake/handler.ts';
import { InputError } from '../../../functions/support/input-error.ts';
import { ConflictError, InvalidInputError, RestoreUntoldError } from '../../../shared/errors.ts';
import { AAPL, BTC, context, fakeDeps, request } from '../fakes.ts';

const watch = { symbol: 'AAPL', side: 'buy', limit: '101.509', quantity: '3.0009' };
const plan = (...watches: unknown[]) => ({ strategy: 'dips', version: 4, watches });
const accepted = { results: [{ symbol: 'AAPL', slot: 'main', outcome: 'ACCEPTED', reason: null }], grids: [], withdrawn: [], reductions: [] };
const listing = () => fakeDeps({ markets: [AAPL, BTC] });
const post = async (deps: ReturnType<typeof fakeDeps>['deps'], body: string) => {
  const answer = await createHandler(deps)(request(body), context());
  if (!('statusCode' in answer)) throw new Error('no answer over HTTP');
  return { ...answer, json: JSON.parse(answer.body) };
};

describe('EW-6 a plan comes in by three doors', () => {
  it('as the body of a request', async () => {
    const { deps, commits } = listing();
    const { statusCode, json } = await post(deps, JSON.stringify(plan(watch)));
    expect([statusCode, json]).toEqual([200, accepted]);
    expect(commits).toHaveLength(1);
  });

  it('as the detail of an event on the bus', async () => {
    const { deps, commits } = listing();
    const event = { version: '0', id: 'e1', 'detail-type': 'plan', source: 'strategy', detail: plan(watch) };
    expect(await createHandler(deps)(event, context())).toEqual(accepted);
    expect(commits).toHaveLength(1);
  });

  it('as the payload of a direct call', async () => {
    const { deps, commits } = listing();
    expect(await createHandler(deps)(plan(watch), context())).toEqual(accepted);
    expect(commits).toHaveLength(1);
  });

  it('and a fault is thrown where nobody waits for a status, and logged once', async () => {
    const { deps, notes, commits } = listing();
    await expect(createHandler(deps)(plan({ ...watch, limit: '0' }), context())).rejects.toBeInstanceOf(InputError);
    await expect(createHandler(deps)(plan({ ...watch, symbol: 'NOBODY' }), context())).rejects.toBeInstanceOf(InvalidInputError);
    expect([notes.length, commits]).toEqual([2, []]);
  });
});

describe('EW-6 a plan that is refused has written nothing', () => {
  it('names a symbol that the venue does not list (EW-4)', async () => {
    const { deps, commits } = listing();
    const { statusCode, json } = await post(deps, JSON.stringify(plan(watch, { ...watch, symbol: 'NOBODY' })));
    expect(statusCode).toBe(422);
    expect(json).toMatchObject({ field: 'watches[1].symbol', expected: 'a symbol that the venue lists' });
    expect(commits).toEqual([]);
  });

  it('says that a restored table has to be told first, which sending it again would not mend (EX-11)', async () => {
    const { deps, commits, failures } = listing();
    failures.commit = new RestoreUntoldError('claimjump-restored');
    const { statusCode, json } = await post(deps, JSON.stringify(plan(watch)));
    expect([statusCode, json.expected, commits]).toEqual([409, expect.stringContaining('claimjump restored claimjump-restored'), []]);
  });

  it('names a setting of a watch that contradicts another, and a trigger beyond its entry', async () => {
    const wrong = [
      ['watches[1].settings.IGNORE_INITIAL_MINUTES', { settings: { IGNORE_INITIAL_MINUTES: 70 } }],
      ['watches[1].trigger', { kind: 'stop', trigger: '102' }],
      ['watches[1].stop', { stop: '101.51' }],
    ] as const;
    for (const [field, given] of wrong) {
      const { deps, commits } = listing();
      const { statusCode, json } = await post(deps, JSON.stringify(plan(watch, { ...watch, slot: 'other', ...given })));
      expect([statusCode, json.field, commits]).toEqual([422, field, []]);
    }
  });

  const bodies: readonly (readonly [string, string, number, string])[] = [
    ['nothing', '', 400, 'body'],
    ['broken JSON', '{"strategy":', 400, 'body'],
    ['a negative limit', JSON.stringify(plan({ ...watch, limit: '-5' })), 400, 'watches[0].limit'],
    ['a duplicate watch', JSON.stringify(plan(watch, { ...watch, symbol: 'aapl' })), 400, 'watches[1].symbol'],
    ['a body over 64 KB', JSON.stringify(plan({ ...watch, pad: 'x'.repeat(65_536) })), 413, 'body'],
    ['a deep nest', '['.repeat(20_000) + ']'.repeat(20_000), 400, 'plan'],
  ];
  it.each(bodies)('%s', async (_name, body, status, field) => {
    const { deps, commits } = listing();
    const { statusCode, json } = await post(deps, body);
    expect([statusCode, json.field]).toEqual([status, field]);
    expect(json.error).toContain('expected');
    expect(commits).toEqual([]);
  });

  it('never crashes on any JSON, and on 4xx has written nothing', async () => {
    const text = fc.oneof(fc.constantFrom('AAPL', 'BTCUSD', '1', '-1', '101.5', '1e400', 'NaN', '', '__proto__'), fc.string());
    const anyWatch = fc.record(
      {
        symbol: text,
        side: fc.constantFrom('buy', 'sell', 'x'),
        limit: text,
        quantity: text,
        rank: fc.anything(),
        maxHold: fc.anything(),
        kind: fc.constantFrom('limit', 'stop', 'x'),
        trigger: text,
        stop: text,
        hours: fc.constantFrom('NYSE', 'NSE', 'ALWAYS', 'x'),
        takeProfitMultiple: fc.anything(),
        settings: fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('TRAIL_TICKS', 'LIMIT_STOP_RATIO', '__proto__'), fc.anything())),
        forecastPnl: text,
        expiresAt: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const nearPlan = fc.record({ strategy: text, version: fc.oneof(fc.integer(), fc.double(), text), watches: fc.array(anyWatch) }, { requiredKeys: [] });
    const bodies = fc.oneof(fc.json(), fc.string(), nearPlan.map((value) => JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { deps, commits } = listing();
        const { statusCode } = await post(deps, body);
        expect([200, 400, 413, 422]).toContain(statusCode);
        if (statusCode !== 200) expect(commits).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('EX-10 a watch whose stop could not be placed', () => {
  it('is answered with the reason and writes nothing, and the watches beside it are taken', async () => {
    const { deps, commits } = listing();
    const penny = { ...watch, slot: 'penny', kind: 'stop', trigger: '0.1', limit: '0.2', quantity: '100' };
    const { statusCode, json } = await post(deps, JSON.stringify(plan(penny, watch)));
    expect(statusCode).toBe(200);
    expect(json.results).toEqual([
      { symbol: 'AAPL', slot: 'penny', outcome: 'REFUSED', reason: 'STOP_NOT_POSITIVE' },
      { symbol: 'AAPL', slot: 'main', outcome: 'ACCEPTED', reason: null },
    ]);
    const slots = commits.flat().flatMap((change) => (change.kind === 'SLOT' ? [change.after.slot] : []));
    expect(slots).toEqual(['main']);
  });
});

describe('EW-6 a plan that could not be taken in', () => {
  it('may be sent again', async () => {
    const { deps, failures } = listing();
    failures.commit = new ConflictError({ item: 'BOOK#3#SLOT#AAPL#main', expected: 'none', found: 'one' });
    const { statusCode, headers } = await post(deps, JSON.stringify(plan(watch)));
    expect([statusCode, headers['retry-after']]).toEqual([503, '1']);
  });
});
