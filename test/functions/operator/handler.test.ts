import { describe, expect, it } from '@jest/globals';
import { createHandler } from '../../../functions/operator/handler.ts';
import { createOperatorDeps } from '../../../functions/support/operator-deps.ts';
import { EnvironmentError } from '../../../functions/support/env.ts';
import { newVenueState, withPause, withRefused } from '../../../shared/domain/venue-state.ts';
import { adoptAnswer, deadLettersAnswer, journalAnswer, killAnswer, ordersAnswer, positionsAnswer, redriveAnswer, restoredAnswer, statusAnswer, stealsAnswer, whyAnswer } from '../../../shared/operator/answers.ts';
import { SchemaNotFlippedError } from '../../../shared/errors.ts';
import { restoreGate } from '../../../shared/restore-gate.ts';
import { d } from '../../support/builders.ts';
import { operatorOf } from '../../support/operator-world.ts';
import type { OperatorWorld } from '../../support/operator-world.ts';
import { afterStepOne } from '../../support/steal-world.ts';
import { World } from '../../support/world.ts';
import { context, request } from '../fakes.ts';

const WHO = 'arn:aws:iam::123456789012:role/duty';
const signed = (body: string) => {
  const event = request(body);
  return { ...event, requestContext: { ...event.requestContext, authorizer: { iam: { userArn: WHO, accessKey: 'AKIDEXAMPLE' } } } };
};
const answered = async (operator: OperatorWorld, event: unknown) => {
  const answer = await createHandler(operator.deps)(event, context());
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
};
const post = (operator: OperatorWorld, document: unknown) => answered(operator, signed(typeof document === 'string' ? document : JSON.stringify(document)));

/** Ten of AAPL at 100 under a stop, MSFT planned. */
const holding = async (): Promise<World> => {
  const world = await World.open();
  await world.plan(1, [{ symbol: 'AAPL', takeProfit: '110' }, { symbol: 'MSFT' }]);
  await world.tick({ AAPL: '100.5' });
  world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
  await world.drain();
  await world.tick({ AAPL: '101' });
  return world;
};

describe('the door of the operator', () => {
  const bad: readonly (readonly [string, string, number, string])[] = [
    ['nothing', '', 400, 'body'],
    ['broken JSON', '{"kind":', 400, 'body'],
    ['a list', '[]', 400, 'command'],
    ['a number', '1e400', 400, 'command'],
    ['no command', '{}', 400, 'kind'],
    ['an unknown command', '{"kind":"DELETE"}', 400, 'kind'],
    ['a command of another type', '{"kind":{"$ne":1}}', 400, 'kind'],
    ['a field too many', '{"kind":"STATUS","all":true}', 400, 'all'],
    ['a prototype key', '{"kind":"STATUS","__proto__":{"admin":true}}', 400, '__proto__'],
    ['a symbol that would be a query', '{"kind":"WHY","symbol":"A\\" or 1=1"}', 400, 'symbol'],
    ['hours beyond a week', '{"kind":"STEALS","hours":169}', 400, 'hours'],
    ['hours as text', '{"kind":"STEALS","hours":"1"}', 400, 'hours'],
    ['a state that is none', '{"kind":"KILL_SWITCH","scope":{"kind":"ACCOUNT"},"state":"OFF"}', 400, 'state'],
    ['a lifting that is no yes or no', '{"kind":"KILL_SWITCH","scope":{"kind":"ACCOUNT"},"state":"REDUCING","lifts":"yes"}', 400, 'lifts'],
    ['a scope that is none', '{"kind":"KILL_SWITCH","scope":{"kind":"ALL"},"state":"HALTED"}', 400, 'scope.kind'],
    ['a symbol that nobody lists', '{"kind":"KILL_SWITCH","scope":{"kind":"SYMBOL","symbol":"NOBODY"},"state":"HALTED"}', 422, 'scope.symbol'],
    ['a pause of a class', '{"kind":"KILL_SWITCH","scope":{"kind":"CLASS","assetClass":"crypto"},"state":"PAUSED"}', 422, 'scope'],
    ['a queue of another name', '{"kind":"REDRIVE","queue":"../actions"}', 400, 'queue'],
    ['a queue that there is not', '{"kind":"REDRIVE","queue":"nobody"}', 422, 'queue'],
    ['a table of no name', '{"kind":"RESTORE","table":"a/b"}', 400, 'table'],
    ['a date that is none', '{"kind":"REPORT","date":"2025-02-30"}', 422, 'date'],
    ['a deep nest', '['.repeat(20_000) + ']'.repeat(20_000), 400, 'command'],
    ['64 KB and a byte', `{"kind":"STATUS","pad":"${'x'.repeat(65_536)}"}`, 413, 'body'],
  ];
  it.each(bad)('refuses %s, names the field, and writes nothing', async (_name, body, status, field) => {
    const world = await World.open();
    const { commits } = world;
    const answer = await post(operatorOf(world), body);
    expect([answer.status, answer.body.field, world.commits]).toEqual([status, field, commits]);
  });

  it('lets nobody in whose signature the endpoint has not checked', async () => {
    const operator = operatorOf(await World.open());
    for (const authorizer of [undefined, {}, { iam: {} }, { iam: { userArn: '' } }, { jwt: { claims: {} } }]) {
      const event = request('{"kind":"STATUS"}');
      const answer = await answered(operator, { ...event, requestContext: { ...event.requestContext, authorizer } });
      expect([answer.status, answer.body.field]).toEqual([403, 'caller']);
    }
  });

  it('takes POST alone', async () => {
    const event = signed('{"kind":"STATUS"}');
    const get = { ...event, requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method: 'GET' } } };
    expect((await answered(operatorOf(await World.open()), get)).status).toBe(405);
  });

  it('says where a stack has not told it its logs or its queues', () => {
    const env = { ACCOUNT: 'a', TABLE_NAME: 't', VENUE: 'paper' };
    expect(() => createOperatorDeps(env)).toThrow(new EnvironmentError('LOG_GROUPS', 'the names of log groups, with commas between'));
    expect(() => createOperatorDeps({ ...env, LOG_GROUPS: 'a,b', DEAD_LETTERS: '{"a":1}' })).toThrow('DEAD_LETTERS: expected JSON');
  });
});

describe('what the operator tells', () => {
  it('STATUS: room by class, counts, reconcile, actions, dead letters, venue', async () => {
    const world = await holding();
    const operator = operatorOf(world);
    operator.letters.set('actions', 2);
    operator.venueState = withPause(newVenueState(), { kind: 'BANNED', milliseconds: 60_000 }, world.now);
    const status = statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body);
    expect(status.capacity).toMatchObject({ equity: '10000', cap: '20000', used: '1000', free: '19000', isRecent: true });
    expect(status.capacity?.byClass).toEqual([
      { assetClass: 'stock', cap: '20000', used: '1000', free: '19000' },
      { assetClass: 'crypto', cap: '20000', used: '0', free: '20000' },
    ]);
    expect([status.kill, status.counts]).toEqual([[], { watches: 2, entries: 0, positions: 1, unprotected: 0, foreign: 0 }]);
    expect([status.deadLetters, status.reconcileAgeSeconds, status.faults]).toEqual([[{ queue: 'actions', waiting: 2 }], null, []]);
    expect(status.venue).toEqual({ name: 'paper', circuit: 'CLOSED', pause: { kind: 'BANNED', seconds: 60 } });
    await world.reconcile();
    world.now += 12_000;
    expect(statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body).reconcileAgeSeconds).toBe(12);
  });

  it('STATUS: an open circuit, an unprotected position, a call without an answer, and equity that is too old', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.5' });
    world.venue.next('place', { kind: 'LOST_BEFORE' });
    world.venue.fill(world.order('AAPL').clientOrderId, '10', '100');
    await world.drain();
    const operator = operatorOf(world);
    operator.venueState = [1, 2, 3].reduce((state) => withRefused(state, 'NO_FUNDS', world.now), newVenueState());
    world.now += 100_000;
    const status = statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body);
    expect([status.counts.unprotected, status.capacity?.isRecent, status.venue?.circuit]).toEqual([1, false, 'PROBE']);
    expect(status.actions.map(({ symbol, purpose, work, state, ageSeconds }) => [symbol, purpose, work, state, ageSeconds])).toEqual([['AAPL', 'STOP', 'PLACE', 'SENT', 100]]);
  });

  it('STATUS: what cannot be read is said, and the rest told', async () => {
    const world = await holding();
    await world.kill('HALTED');
    const operator = operatorOf(world);
    operator.broken = true;
    const status = statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body);
    expect([status.deadLetters, status.venue, status.faults.length, status.kill]).toEqual([
      null, null, 3, [{ scope: 'account', state: 'HALTED', until: null, by: null, why: null, at: null }],
    ]);
  });

  it('ORDERS: distance, notional, age, and what protects each (WS-3)', async () => {
    const world = await afterStepOne();
    world.now += 5000;
    const { orders } = ordersAnswer.parse((await post(operatorOf(world), { kind: 'ORDERS' })).body);
    expect(orders).toEqual([expect.objectContaining({
      symbol: 'AAPL', purpose: 'ENTRY', side: 'buy', quantity: '8', filled: '0', price: '100', notional: '800', distance: '0.006', ageSeconds: 6, status: 'OPEN', protectedBy: 'YIELDING',
    })]);
    const held = ordersAnswer.parse((await post(operatorOf(await holding()), { kind: 'ORDERS' })).body).orders;
    expect(held.map(({ purpose, protectedBy }) => [purpose, protectedBy])).toEqual([['STOP', 'EXIT']]);
  });

  it('POSITIONS: what is held, covered, and worth; exactly', async () => {
    const world = await holding();
    const { positions } = positionsAnswer.parse((await post(operatorOf(world), { kind: 'POSITIONS' })).body);
    expect(positions).toEqual([expect.objectContaining({
      symbol: 'AAPL', status: 'OPEN', side: 'buy', quantity: '10', averagePrice: '100', stopPrice: '95', stop: 'PROTECTED', isProtected: true,
      takeProfit: '110', lastPrice: '101', unrealised: '10', rules: ['auto-exit at 2025-06-04 19:15:00 UTC'],
    })]);
  });

  it('STEALS: both sides as they stood (WS-10)', async () => {
    const world = await afterStepOne();
    await world.drain();
    const { steals } = stealsAnswer.parse((await post(operatorOf(world), { kind: 'STEALS' })).body);
    expect(steals).toEqual([{
      at: world.now, thief: 'MSFT', thiefDistance: '0.001', thiefPnl: '3', victim: 'AAPL', victimDistance: '0.006', victimPnl: '5', fight: false, cooldownSeconds: 300,
    }]);
    world.now += 3_600_001;
    expect(stealsAnswer.parse((await post(operatorOf(world), { kind: 'STEALS', hours: 1 })).body).steals).toEqual([]);
  });

  it('WHY and JOURNAL', async () => {
    const operator = operatorOf(await holding());
    expect(whyAnswer.parse((await post(operator, { kind: 'WHY', symbol: 'aapl' })).body).slots[0]?.reasons[1]?.words).toBe('it holds 10 at 100');
    expect(journalAnswer.parse((await post(operator, { kind: 'JOURNAL', symbol: 'AAPL', most: 2 })).body).entries).toHaveLength(2);
    operator.broken = true;
    expect((await post(operator, { kind: 'JOURNAL' })).status).toBe(503);
  });

  it('REPORT: refuses a day that has none', async () => {
    const answer = await post(operatorOf(await World.open()), { kind: 'REPORT', date: '2025-06-03' });
    expect([answer.status, answer.body.expected]).toEqual([422, 'a day whose report was written']);
  });

  it('REPORT: reads that of the last day that is over where none is named', async () => {
    const asked: string[] = [];
    const operator = operatorOf(await World.open());
    const find = (_account: string, date: string) => {
      asked.push(date);
      return Promise.resolve(null);
    };
    await post({ ...operator, deps: { ...operator.deps, reports: { ...operator.deps.reports, find } } }, { kind: 'REPORT' });
    expect(asked).toEqual(['2025-06-03']);
  });
});

describe('KS-1 SL-11 what the operator changes, and who asked for it', () => {
  const asked = (world: World) => world.telemetry.notes.filter(({ name }) => name === 'OPERATOR').map(({ fields }) => fields);

  it('halts the account: live entries are cancelled, and status says who it was', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL' }]);
    await world.tick({ AAPL: '100.5' });
    const operator = operatorOf(world);
    const { body } = await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' });
    expect(killAnswer.parse(body)).toEqual({ kind: 'KILL_SWITCH', scope: 'account', changed: true, state: 'HALTED', until: null });
    expect(world.state('AAPL')).toBe('CANCELLING/FLAT');
    expect(asked(world)).toEqual([{ command: 'KILL_SWITCH', state: 'HALTED', scope: 'ACCOUNT', who: WHO }]);
    const { kill } = statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body);
    expect(kill).toEqual([{ scope: 'account', state: 'HALTED', until: null, by: WHO, why: 'kill switch ACTIVE → HALTED', at: world.now }]);
  });

  it('knows a symbol in any spelling, and resumes it', async () => {
    const world = await World.open();
    const operator = operatorOf(world);
    const scope = { kind: 'SYMBOL', symbol: 'btc-usd' };
    expect((await post(operator, { kind: 'KILL_SWITCH', scope, state: 'REDUCING' })).body).toMatchObject({ scope: 'BTC/USD', state: 'REDUCING', changed: true });
    expect(world.account.capacity?.kill.symbols).toEqual({ 'BTC/USD': 'REDUCING' });
    expect((await post(operator, { kind: 'KILL_SWITCH', scope, state: 'ACTIVE' })).body).toMatchObject({ state: 'ACTIVE', changed: true });
    expect((await post(operator, { kind: 'KILL_SWITCH', scope, state: 'ACTIVE' })).body).toMatchObject({ changed: false });
  });

  it('halts a class, and status knows by whom', async () => {
    const operator = operatorOf(await World.open());
    await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'CLASS', assetClass: 'crypto' }, state: 'HALTED' });
    expect(statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body).kill).toMatchObject([{ scope: 'crypto', state: 'HALTED', by: WHO }]);
  });

  it('lifts no halt by what is to stop entries, unless that is said: two people in a hurry, or a person and a limit (KS-2)', async () => {
    const operator = operatorOf(await World.open());
    for (const scope of [{ kind: 'ACCOUNT' }, { kind: 'CLASS', assetClass: 'stock' }, { kind: 'SYMBOL', symbol: 'AAPL' }]) {
      await post(operator, { kind: 'KILL_SWITCH', scope, state: 'HALTED' });
      expect((await post(operator, { kind: 'KILL_SWITCH', scope, state: 'REDUCING' })).body).toMatchObject({ changed: false, state: 'HALTED', until: null });
    }
    expect((await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'PAUSED' })).body).toMatchObject({ changed: false, state: 'HALTED' });
    expect((await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'REDUCING', lifts: true })).body).toMatchObject({ changed: true, state: 'REDUCING' });
  });

  it('pauses the account until the next reset', async () => {
    const world = await World.open();
    const operator = operatorOf(world);
    const until = Date.UTC(2025, 5, 5, 13, 25);
    expect((await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'PAUSED' })).body).toMatchObject({ state: 'REDUCING', until });
    expect(statusAnswer.parse((await post(operator, { kind: 'STATUS' })).body).kill).toMatchObject([{ scope: 'account', state: 'REDUCING', until, by: WHO }]);
  });

  it('does not pretend that a switch was set before there is a ledger to keep it', async () => {
    const answer = await post(operatorOf(new World()), { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' });
    expect([answer.status, answer.body.error]).toEqual([409, expect.stringContaining('equity has not been read yet')]);
  });

  it('takes over a restored table, once (EX-11)', async () => {
    const world = await World.open();
    const operator = operatorOf(world);
    const first = restoredAnswer.parse((await post(operator, { kind: 'RESTORE', table: 'claimjump-restored' })).body);
    expect(first).toMatchObject({ table: 'claimjump-restored', changed: true });
    expect(world.account.capacity).toMatchObject({ kill: { account: 'HALTED' }, restore: { table: 'claimjump-restored', fenceFloor: first.fenceFloor, isOpen: true } });
    expect((await post(operator, { kind: 'RESTORE', table: 'claimjump-restored' })).body).toMatchObject({ changed: false, fenceFloor: first.fenceFloor });
    const resumed = await post(operator, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'ACTIVE' });
    expect([resumed.status, resumed.body.field, resumed.body.expected]).toEqual([422, 'state', expect.stringContaining('since the restore')]);
    expect(asked(world)).toEqual([
      { command: 'RESTORE', table: 'claimjump-restored', who: WHO }, { command: 'RESTORE', table: 'claimjump-restored', who: WHO },
      { command: 'KILL_SWITCH', state: 'ACTIVE', scope: 'ACCOUNT', who: WHO },
    ]);
    expect((await post(operatorOf(new World()), { kind: 'RESTORE', table: 'claimjump-restored' })).status).toBe(422);
  });

  it('says what a person has to mend first, where trying again would not help', async () => {
    const world = await World.open();
    const operator = operatorOf(world);
    const untold = { ...operator, deps: { ...operator.deps, store: restoreGate(world.deps.store, { account: world.deps.account, table: 'claimjump-restored' }) } };
    const halted = await post(untold, { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' });
    expect([halted.status, halted.body.expected]).toEqual([409, expect.stringContaining('claimjump restored claimjump-restored')]);
    const older = { ...operator, deps: { ...operator.deps, store: { ...world.deps.store, commit: () => Promise.reject(new SchemaNotFlippedError('CAPACITY', 'a restore')) } } };
    const refused = await post(older, { kind: 'RESTORE', table: 'claimjump-restored' });
    expect([refused.status, refused.body.expected]).toEqual([409, expect.stringContaining('set writesNewest')]);
  });

  it('adopts a foreign position, once', async () => {
    const world = await holding();
    world.unexplained.add('MSFT');
    world.venue.positions = () => Promise.resolve([{ symbol: 'AAPL', quantity: d(10), averagePrice: d(100) }, { symbol: 'MSFT', quantity: d(20), averagePrice: d(50) }]);
    for (let run = 0; run < 3; run += 1) {
      world.now += 30_000;
      await world.reconcile();
      await world.drain();
    }
    const operator = operatorOf(world);
    expect(adoptAnswer.parse((await post(operator, { kind: 'ADOPT', symbol: 'msft' })).body)).toEqual({ kind: 'ADOPT', symbol: 'msft', adopted: true, reason: null });
    expect((await post(operator, { kind: 'ADOPT', symbol: 'MSFT' })).status).toBe(422);
    expect(asked(world)).toEqual([{ command: 'ADOPT', symbol: 'msft', who: WHO }, { command: 'ADOPT', symbol: 'MSFT', who: WHO }]);
  });

  it('counts dead letters and puts them back', async () => {
    const world = await World.open();
    const operator = operatorOf(world);
    operator.letters.set('actions', 3);
    expect(deadLettersAnswer.parse((await post(operator, { kind: 'DEAD_LETTERS' })).body).queues).toEqual([{ queue: 'actions', waiting: 3 }]);
    expect(redriveAnswer.parse((await post(operator, { kind: 'REDRIVE', queue: 'actions', most: 2 })).body)).toEqual({ kind: 'REDRIVE', queue: 'actions', moved: 2, left: 1 });
    expect(asked(world)).toEqual([{ command: 'REDRIVE', queue: 'actions', who: WHO }]);
  });

  it('a question is not told as a change', async () => {
    const world = await World.open();
    for (const kind of ['STATUS', 'ORDERS', 'POSITIONS', 'STEALS', 'DEAD_LETTERS', 'JOURNAL']) expect((await post(operatorOf(world), { kind })).status).toBe(200);
    expect([asked(world), world.commits]).toEqual([[], 1]);
  });
});
