// Who sees to it that a position is covered when something got lost, and what is raised when it is not (SL-7, SL-12, SL-13).
import { describe, expect, it } from '@jest/globals';
import type { Message } from '../../../shared/messages.ts';
import { NOON, d } from '../../support/builders.ts';
import type { Fate } from '../../support/memory-venue.ts';
import { SIDES, armedLife, openLife, watchingLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

const REFUSED: Fate = { kind: 'REFUSED', code: 'BUSY' };
const seconds = (life: Life): readonly unknown[] => life.world.telemetry.fields('PROTECTED', 'unprotectedSeconds');
const watchdogs = (life: Life): number => life.world.queues.sent.filter(({ kind }) => kind === 'WATCHDOG').length;
const halted = (life: Life): unknown => life.world.account.capacity?.kill.symbols;

/** A position whose fill was counted, and whose messages of a kind are lost. */
const losing = async (side: 'buy' | 'sell', lost: Message['kind'], options: LifeOptions = {}): Promise<Life> => {
  const life = await armedLife(side, { ...options, loses: ({ kind }) => kind === lost });
  await life.tick('100');
  return life;
};

describe.each(SIDES)('SL-7 the look ten seconds after the fill of a %s', (_, side) => {
  it('makes up for a stop whose ring was lost', async () => {
    const life = await losing(side, 'STOP_ACTION');
    expect([life.state, life.stops]).toEqual(['NONE/OPEN', []]);
    await life.world.pass(8);
    expect(life.stops).toEqual([]);
    await life.world.pass(2);
    expect([life.stops, life.anomalies]).toEqual([['99.8 x 10'], []]);
    // From the fill, a second before its price was read, to the confirmation.
    expect(seconds(life)).toEqual([11]);
  });

  it('asks the venue at once for a stop whose answer and look-up were lost', async () => {
    const life = await armedLife(side, { loses: ({ kind }) => kind === 'LOOKUP' });
    life.world.webhooksHeld = true;
    await life.see('100');
    const fill = life.world.venue.outbox.pop();
    if (fill !== undefined) await life.world.deliverWebhook(fill);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.world.pass(9);
    expect([life.stopOrder.status, seconds(life)]).toEqual(['PENDING', []]);
    await life.world.pass(1);
    expect([life.stopOrder.status, seconds(life), life.liveStops.length]).toEqual(['OPEN', [11], 1]);
  });

  it('plans a stop where one was refused', async () => {
    const life = await armedLife(side);
    life.world.venue.next('place', REFUSED);
    await life.tick('100');
    expect(life.stops).toEqual([]);
    await life.world.pass(10);
    expect(life.stops).toEqual(['99.8 x 10']);
  });

  it('finds nothing to do where all is well, and looks no more', async () => {
    const life = await openLife(side);
    const { commits } = life.world;
    await life.world.pass(120);
    expect([life.world.commits, watchdogs(life), life.world.queues.waiting.length]).toEqual([commits, 1, 0]);
  });

  it('looks again until it is covered, long enough for a person to be told', async () => {
    const life = await armedLife(side);
    const call: Fate[] = Array.from({ length: 4 }, () => REFUSED);
    life.world.venue.next('place', ...call);
    await life.tick('100');
    await life.world.pass(200);
    expect([life.world.stop('AAPL').status, life.anomalies, halted(life)]).toEqual(['WATCHED', ['UNPROTECTED'], { AAPL: 'HALTED' }]);
    expect([watchdogs(life), life.world.queues.waiting.length]).toEqual([8, 0]);
  });

  it('comes once for each commit that counts fills, not for sales', async () => {
    const life = await armedLife(side);
    life.world.venue.fillShare = d('0.5');
    await life.tick('100');
    life.world.venue.fillShare = d(1);
    await life.tick('100');
    expect(watchdogs(life)).toBe(2);
    await life.tick('99.8');
    expect([life.state, watchdogs(life)]).toEqual(['NONE/FLAT', 2]);
  });

  it('of a position that has ended meanwhile changes nothing', async () => {
    const life = await openLife(side);
    await life.tick('99.8');
    const { commits } = life.world;
    await life.world.pass(30);
    expect([life.world.commits, life.state]).toEqual([commits, 'NONE/FLAT']);
  });

  it('itself lost: the next price sees to it all the same', async () => {
    const life = await armedLife(side, { loses: ({ kind }) => kind === 'WATCHDOG' });
    life.world.venue.next('place', REFUSED);
    await life.tick('100');
    await life.tick('100');
    expect([watchdogs(life), life.stops]).toEqual([0, ['99.8 x 10']]);
  });

  it('cannot read the venue: it is asked again', async () => {
    const life = await armedLife(side, { loses: ({ kind }) => kind === 'LOOKUP' });
    life.world.webhooksHeld = true;
    await life.see('100');
    const fill = life.world.venue.outbox.pop();
    if (fill !== undefined) await life.world.deliverWebhook(fill);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.drain();
    life.world.venue.failing.add('findOrder');
    life.world.now += 10_000;
    const target = { schema: 1, kind: 'WATCHDOG', account: 'paper-1', correlationId: 'c', symbol: 'AAPL', slot: 'main', hop: 0 } as const;
    await expect(life.world.run(target)).rejects.toThrow('findOrder');
    life.world.venue.failing.clear();
    await life.world.run(target);
    expect(life.stopOrder.status).toBe('OPEN');
  });
});

describe('SL-4 SL-13 the seconds without a stop', () => {
  it('are those from the fill to the venue\'s confirmation, call and answer included', async () => {
    let world: { now: number } | null = null;
    const slow = (operation: string): Promise<void> => {
      if (operation === 'place' && world !== null) world.now += 250;
      return Promise.resolve();
    };
    const life = await armedLife('buy', { pause: slow });
    ({ world } = life);
    await life.tick('100');
    expect(seconds(life)).toEqual([1.25]);
  });

  it('of a limit watch that fills in a call count from the trade', async () => {
    const life = await watchingLife('buy', { at: NOON });
    await life.world.plan(2, [{ symbol: 'AAPL' }]);
    await life.tick('99.9');
    expect(seconds(life)).toEqual([0]);
  });

  it('are told once for each stop, however often it is reported', async () => {
    const life = await openLife('buy');
    const report = life.world.venue.report(life.liveStop);
    for (const id of ['W-1', 'W-2', null]) expect(await life.world.report(report, id)).toBe('NOTHING_NEW');
    expect(seconds(life)).toHaveLength(1);
  });
});

describe.each(SIDES)('SL-13 what must never be, of a %s', (_, side) => {
  it('unprotected: at exactly a minute nothing is said, after it the symbol is halted, once', async () => {
    const life = await losing(side, 'STOP_ACTION');
    life.world.queues.waiting.splice(0);
    const since = life.slot.position.status === 'OPEN' ? life.slot.position.unprotectedSince : null;
    life.world.now = (since ?? 0) + 60_000;
    await life.look();
    expect(life.anomalies).toEqual([]);
    life.world.now += 1;
    for (let count = 0; count < 3; count += 1) await life.look();
    expect([life.anomalies, halted(life)]).toEqual([['UNPROTECTED'], { AAPL: 'HALTED' }]);
  });

  it('more sold than was held: the symbol is halted once, and the ledger ends at nothing', async () => {
    const life = await openLife(side);
    life.world.unexplained.add('AAPL');
    life.fill(life.liveStop, '13', '99.8');
    await life.drain();
    expect([life.state, life.held, life.world.free(), life.anomalies, halted(life)]).toEqual(['NONE/FLAT', '0', '20000', ['NEGATIVE_POSITION'], { AAPL: 'HALTED' }]);
    const stop = [...life.world.account.orders.keys()].find((id) => life.world.account.orders.get(id)?.order.purpose === 'STOP');
    life.fill({ clientOrderId: stop ?? '' }, '1', '99.8');
    await life.drain();
    expect([life.state, life.anomalies]).toEqual(['NONE/FLAT', ['NEGATIVE_POSITION']]);
  });

  it('an entry believed absent that lives beside another: it is cancelled, and the symbol halted', async () => {
    const life = await watchingLife(side);
    life.world.venue.next('place', { kind: 'LOST_BEFORE' });
    await life.tick('99');
    const first = life.entry.clientOrderId;
    await life.world.pass(40);
    await life.tick('99.5');
    const second = life.entry.clientOrderId;
    expect([life.state, second === first]).toEqual(['WORKING/FLAT', false]);
    const report = { ...life.world.venue.report(life.world.venue.order(second)), clientOrderId: first };
    expect(await life.world.report(report)).toBe('COMMITTED');
    expect([life.anomalies, halted(life), life.world.telemetry.messages('LATE_ARRIVAL').length]).toEqual([['TWO_LIVE_ENTRIES'], { AAPL: 'HALTED' }, 1]);
    await life.send('ACTION');
    expect(life.world.venue.callsOf('cancel')).toEqual([first]);
  });

  it('more entries in a day than there may be', async () => {
    const life = await openLife(side, { watch: { maxAttempts: 1 } });
    await life.tick('99.8');
    await life.world.plan(2, [{ symbol: 'AAPL', side, limit: '100', quantity: '10', maxAttempts: 2, takeProfit: life.p('110') }]);
    await life.tick('100.5');
    await life.world.plan(3, [{ symbol: 'AAPL', side, limit: '100', quantity: '10', maxAttempts: 1, takeProfit: life.p('110') }]);
    await life.tick('100');
    expect([life.anomalies, halted(life), life.stops]).toEqual([['ENTRIES_ABOVE_MAX'], { AAPL: 'HALTED' }, ['95 x 10']]);
  });

  it('halts no exit: a halted symbol is protected and left as ever (KS-1)', async () => {
    const life = await openLife(side);
    await life.world.kill('HALTED', { kind: 'SYMBOL', symbol: 'AAPL' });
    life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
    await life.drain();
    expect(life.stops).toEqual(['99.8 x 10']);
    await life.tick('100.6');
    expect([life.state, life.exits]).toEqual(['NONE/FLAT', ['TAKE_PROFIT']]);
  });
});

describe.each(SIDES)('SL-12 RACE DETECTED, of a %s', (_, side) => {
  const races = (life: Life): number => life.world.telemetry.messages('RACE').length;

  it('is not said of what the transition table knows: a fill before its acknowledgement, reports twice and late', async () => {
    const life = await armedLife(side);
    life.world.webhooksHeld = true;
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    await life.see('100');
    const [first, ...rest] = life.world.venue.outbox.splice(0).toReversed();
    for (const webhook of [first, first, ...rest, ...rest]) if (webhook !== undefined) await life.world.deliverWebhook(webhook);
    life.world.webhooksHeld = false;
    await life.drain();
    await life.world.pass(30);
    await life.tick('99.8');
    expect([life.state, races(life)]).toEqual(['NONE/FLAT', 0]);
  });

  it('is not said of a fill that is told after the cancel of its order', async () => {
    const life = await armedLife(side);
    const first = life.entry;
    await life.tickAt(first.createdAt + 15 * 60_000 + 1, '99.9');
    expect(life.state).toBe('NONE/FLAT');
    life.fill(first, '10', '100');
    await life.drain();
    expect([life.held, life.stops, races(life)]).toEqual(['10', ['99.8 x 10'], 0]);
  });

  it('is said of an answer for an order whose slot holds another, and nothing is overwritten', async () => {
    const life = await armedLife(side);
    const { slot } = life;
    const [id, record] = [...life.world.account.orders].find(([, { order }]) => order.purpose === 'ENTRY') ?? [];
    if (id === undefined || record === undefined) throw new Error('no entry');
    const foreign = { ...record, order: { ...record.order, clientOrderId: 'E9-other', fence: 9 } };
    life.world.account.orders.set('E9-other', foreign);
    const report = { ...life.world.venue.report(life.world.venue.order(id)), clientOrderId: 'E9-other', status: 'CANCELLED' as const };
    await expect(life.world.report(report)).resolves.toBe('COMMITTED');
    expect([races(life), life.slot.entry]).toEqual([1, slot.entry]);
  });
});
