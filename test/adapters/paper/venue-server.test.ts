import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import * as z from 'zod';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { VenueOperation, WebhookEffect } from '../../../shared/adapters/paper/venue-faults.ts';
import { createFaults } from '../../../shared/adapters/paper/venue-faults.ts';
import { VenueJournalError } from '../../../shared/adapters/paper/venue-journal.ts';
import type { VenueEventType } from '../../../shared/adapters/paper/venue-model.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { PlaceOrder } from '../../../shared/ports.ts';
import type { Inbox, PaperBench } from './paper-bench.ts';
import { AT, SECRET, buy, startInbox, startPaper } from './paper-bench.ts';

const d = (text: string): Decimal => new Decimal(text);
const orderBody = z.object({
  type: z.literal('order'),
  account: z.string(),
  order: z.looseObject({ clientOrderId: z.string(), status: z.string(), filledQuantity: z.string().nullable(), trades: z.array(z.looseObject({ tradeId: z.string() })) }),
});
const told = (inbox: Inbox): readonly string[] =>
  inbox.received.map(({ body }) => {
    const { order } = orderBody.parse(JSON.parse(body));
    return `${order.clientOrderId} ${order.status} ${order.filledQuantity ?? 'unsaid'}`;
  });
const orderText = (changes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ clientOrderId: 'a', symbol: 'AAPL', side: 'buy', quantity: '10', timeInForce: 'GTC', reduceOnly: false, ...changes });
const stopOf = (clientOrderId: string, stopPrice: string): PlaceOrder =>
  buy(clientOrderId, { side: 'sell', limit: null, stopPrice: d(stopPrice), reduceOnly: true });
const amendTo = (clientOrderId: string, quantity: string, limit: string) =>
  ({ clientOrderId, symbol: 'AAPL', intent: { kind: 'AMEND', quantity: d(quantity), limit: d(limit), stopPrice: null } }) as const;

describe('SL-10 webhooks of the paper venue', () => {
  let bench: PaperBench;
  let inbox: Inbox;
  beforeEach(async () => {
    inbox = await startInbox();
    bench = await startPaper({
      webhooks: { target: { url: inbox.url, secret: SECRET } },
      config: { markets: defaultMarkets(['AAPL']), fillShareOfVolume: d('1') },
    });
  });
  afterEach(async () => {
    await bench.venue.close();
    await inbox.close();
  });
  const spoil = (effect: WebhookEffect, types: readonly VenueEventType[] = [], only: string | null = null): void =>
    bench.venue.configureFaults({ seed: 1, calls: [], webhooks: [{ types, only, timing: { kind: 'EVERY', n: 1 }, effect }] });

  it('tell everything that becomes of an order, in order, at the flush', async () => {
    bench.price('105');
    await bench.exchange.place(buy('a'));
    await bench.exchange.amend(amendTo('a', '12', '101'));
    bench.price('101', { volume: d('5') });
    await bench.exchange.cancel(buy('a'));
    await bench.exchange.place(buy('b', { timeInForce: 'IOC', limit: d('90') }));
    await bench.exchange.place(buy('c', { limit: d('90.001') }));
    expect(inbox.received).toEqual([]);
    expect(bench.venue.pendingWebhooks()).toMatchObject({ due: 7, held: 0 });
    expect(await bench.venue.flushWebhooks()).toBe(7);
    expect(told(inbox)).toEqual(['a OPEN 0', 'a OPEN 0', 'a PARTIALLY_FILLED 5', 'a CANCELLED 5', 'b OPEN 0', 'b EXPIRED 0', 'c REJECTED 0']);
    expect(await bench.venue.flushWebhooks()).toBe(0);
  });

  it('carry one fill each, decimals as text', async () => {
    await bench.exchange.place(buy('a'));
    bench.price('99', { volume: d('4') });
    bench.price('98', { volume: d('6') });
    await bench.venue.flushWebhooks();
    const last = orderBody.parse(JSON.parse(inbox.received[2]?.body ?? ''));
    expect(last).toEqual({
      type: 'order',
      account: 'test',
      order: {
        clientOrderId: 'a', exchangeOrderId: 'P1', symbol: 'AAPL', status: 'FILLED', filledQuantity: '10', averagePrice: '100', quantity: '10',
        limit: '100', stopPrice: null, refusal: null, trades: [{ tradeId: 'T3', price: '100', quantity: '6', fee: null, liquidity: 'MAKER', at: AT }], at: AT,
      },
    });
  });

  it('tell of a stop what it waits for, when it is triggered, and why one was refused', async () => {
    bench.price('100');
    await bench.exchange.place(buy('held', { limit: d('100') }));
    await bench.exchange.place(stopOf('stop', '95'));
    await bench.exchange.place(stopOf('late', '100'));
    bench.price('94');
    await bench.venue.flushWebhooks();
    const stops = inbox.received.slice(2).map(({ body }) => {
      const { order } = orderBody.parse(JSON.parse(body));
      return [order.clientOrderId, order.status, order['stopPrice'], order['refusal'], order['limit'], order.trades.length];
    });
    expect(stops).toEqual([
      ['stop', 'OPEN', '95', null, null, 0],
      ['late', 'REJECTED', '100', 'REDUCE_ONLY', null, 0],
      ['stop', 'OPEN', '95', null, null, 0],
      ['stop', 'FILLED', '95', null, null, 1],
    ]);
  });

  it('are signed over id, timestamp and body; the id stays, the timestamp is that of the sending', async () => {
    inbox.statuses.push(500);
    await bench.exchange.place(buy('a'));
    expect(await bench.venue.flushWebhooks()).toBe(0);
    bench.clock.tick(61_999);
    expect(await bench.venue.flushWebhooks()).toBe(1);
    const [first, second] = inbox.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-timestamp']).toBe(String(AT / 1000 + 61));
    for (const { headers, body } of inbox.received) {
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('hex')}`);
    }
  });

  it('stay owed while nobody takes them, without holding up the others', async () => {
    inbox.statuses.push(503);
    await bench.exchange.place(buy('a'));
    await bench.exchange.place(buy('b'));
    expect(await bench.venue.flushWebhooks()).toBe(1);
    expect(bench.venue.pendingWebhooks()).toMatchObject({ due: 1, held: 0 });
    expect(await bench.venue.flushWebhooks()).toBe(1);
    expect(told(inbox)).toEqual(['a OPEN 0', 'b OPEN 0', 'a OPEN 0']);
  });

  it('can come twice', async () => {
    spoil({ kind: 'DUPLICATE' });
    await bench.exchange.place(buy('a'));
    expect(await bench.venue.flushWebhooks()).toBe(1);
    expect(told(inbox)).toEqual(['a OPEN 0', 'a OPEN 0']);
    expect(inbox.received[0]?.headers['webhook-id']).toBe(inbox.received[1]?.headers['webhook-id']);
  });

  it('can be dropped', async () => {
    spoil({ kind: 'DROP' });
    await bench.exchange.place(buy('a'));
    expect(bench.venue.pendingWebhooks()).toMatchObject({ due: 0, held: 0 });
    expect(await bench.venue.flushWebhooks()).toBe(0);
  });

  it('can come out of order', async () => {
    spoil({ kind: 'LAST' }, ['ACKNOWLEDGED'], 'a');
    for (const id of ['a', 'b', 'c']) await bench.exchange.place(buy(id));
    expect(await bench.venue.flushWebhooks()).toBe(3);
    expect(told(inbox)).toEqual(['b OPEN 0', 'c OPEN 0', 'a OPEN 0']);
  });

  it('can come some flushes later', async () => {
    spoil({ kind: 'DELAY', flushes: 2 });
    await bench.exchange.place(buy('a'));
    expect([await bench.venue.flushWebhooks(), await bench.venue.flushWebhooks(), await bench.venue.flushWebhooks()]).toEqual([0, 0, 1]);
  });

  it('can come up to a minute later, each in its own time, and none twice', async () => {
    spoil({ kind: 'DELAY_UP_TO', milliseconds: 60_000 });
    const names = Array.from({ length: 20 }, (_, n) => `order-${n}`);
    for (const id of names) await bench.exchange.place(buy(id, { quantity: d('1') }));
    const first = bench.venue.pendingWebhooks();
    expect(first).toMatchObject({ due: 0, held: 0, later: 20 });
    expect(await bench.venue.flushWebhooks()).toBe(0);
    bench.clock.tick((first.nextAt ?? 0) - AT - 1);
    expect(await bench.venue.flushWebhooks()).toBe(0);
    bench.clock.tick(1);
    expect(await bench.venue.flushWebhooks()).toBe(1);
    bench.clock.tick(AT + 30_000 - bench.clock.now());
    const early = await bench.venue.flushWebhooks();
    bench.clock.tick(30_000);
    expect([early > 3, early < 16, early + (await bench.venue.flushWebhooks())]).toEqual([true, true, 19]);
    expect(told(inbox).toSorted()).toEqual(names.map((id) => `${id} OPEN 0`).toSorted());
    expect(bench.venue.pendingWebhooks()).toEqual({ due: 0, held: 0, later: 0, nextAt: null });
  });

  it('can come twice, the second in a time of its own', async () => {
    const each = { types: [], only: null, timing: { kind: 'EVERY', n: 1 } } as const;
    bench.venue.configureFaults({
      seed: 3, calls: [], webhooks: [{ ...each, effect: { kind: 'DUPLICATE' } }, { ...each, effect: { kind: 'DELAY_UP_TO', milliseconds: 60_000 } }],
    });
    const names = Array.from({ length: 12 }, (_, n) => `order-${n}`);
    for (const id of names) await bench.exchange.place(buy(id, { quantity: d('1') }));
    const times = new Map<string, number[]>();
    for (let second = 0; second <= 60; second += 1) {
      while (bench.venue.pendingWebhooks().due > 0) await bench.venue.flushWebhooks();
      for (const line of told(inbox)) times.set(line, [...(times.get(line) ?? []), second]);
      inbox.received.length = 0;
      bench.clock.tick(1_000);
    }
    expect([...times.values()].map((each) => each.length)).toEqual(names.map(() => 2));
    const gaps = [...times.values()].map(([first = 0, second = 0]) => second - first);
    expect(gaps.filter((gap) => gap > 5).length).toBeGreaterThanOrEqual(9);
    expect(bench.venue.pendingWebhooks()).toMatchObject({ due: 0, later: 0 });
  });

  it('can come shuffled: another order for another seed, the same for the same', async () => {
    const orderOf = async (seed: number, letter: string): Promise<readonly string[]> => {
      bench.venue.configureFaults({ seed, calls: [], webhooks: [{ types: [], only: null, timing: { kind: 'EVERY', n: 1 }, effect: { kind: 'SHUFFLE' } }] });
      inbox.received.length = 0;
      for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) await bench.exchange.place(buy(`${letter}${n}`, { quantity: d('1') }));
      expect(await bench.venue.flushWebhooks()).toBe(8);
      return told(inbox).map((line) => line.slice(1, 2));
    };
    const first = await orderOf(1, 'a');
    expect(first.toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(first).not.toEqual(first.toSorted());
    expect(await orderOf(2, 'b')).not.toEqual(first);
    const draws = (seed: number, before: readonly string[]) => {
      const faults = createFaults({ seed, calls: [], webhooks: [{ types: [], only: null, timing: { kind: 'EVERY', n: 1 }, effect: { kind: 'SHUFFLE' } }] });
      const event = bench.venue.snapshot().orders.map((order) => ({ sequence: 1, type: 'ACKNOWLEDGED', order, fill: null, at: AT }) as const);
      return [...before, 'a3'].map((id) => event.filter(({ order }) => order.clientOrderId === id).map((one) => faults.ofWebhook(one)[0]?.draw(0))[0]).at(-1);
    };
    expect(draws(1, ['a1', 'a2'])).toBe(draws(1, []));
    expect(draws(1, [])).not.toBe(draws(2, []));
  });

  it('can leave out what is filled', async () => {
    bench.price('100');
    spoil({ kind: 'OMIT_FILLED' }, ['CANCELLED']);
    await bench.exchange.place(buy('a', { limit: d('99') }));
    await bench.exchange.cancel(buy('a'));
    await bench.venue.flushWebhooks();
    expect(told(inbox)).toEqual(['a OPEN 0', 'a CANCELLED unsaid']);
  });

  it('can have the report of the cancel overtake that of the fill (WS-8)', async () => {
    spoil({ kind: 'OVERTAKEN' }, ['FILLED']);
    await bench.exchange.place(buy('a'));
    bench.price('100', { volume: d('4') });
    expect(await bench.venue.flushWebhooks()).toBe(1);
    expect(bench.venue.pendingWebhooks()).toMatchObject({ due: 0, held: 1 });
    await bench.exchange.cancel(buy('a'));
    expect(await bench.venue.flushWebhooks()).toBe(2);
    expect(told(inbox)).toEqual(['a OPEN 0', 'a CANCELLED 4', 'a PARTIALLY_FILLED 4']);
  });

  it('are let go when the faults change', async () => {
    spoil({ kind: 'OVERTAKEN' });
    await bench.exchange.place(buy('a'));
    bench.venue.configureFaults({ seed: 0, calls: [], webhooks: [] });
    expect(await bench.venue.flushWebhooks()).toBe(1);
  });
});

describe('SL-10 webhooks that go by themselves', () => {
  it('wait for their time', async () => {
    const inbox = await startInbox();
    const clock = { now: () => Date.now() };
    const each = { types: [], only: null, timing: { kind: 'EVERY', n: 1 } } as const;
    const bench = await startPaper({
      clock, webhooks: { mode: 'AUTO', pauseMs: 1, target: { url: inbox.url, secret: SECRET } },
      faults: { seed: 1, calls: [], webhooks: [{ ...each, effect: { kind: 'DELAY_UP_TO', milliseconds: 300 } }] },
    });
    for (const id of ['a', 'b', 'c']) await bench.exchange.place(buy(id));
    expect(bench.venue.pendingWebhooks().later).toBeGreaterThan(0);
    while (bench.venue.pendingWebhooks().due + bench.venue.pendingWebhooks().later > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told(inbox).toSorted()).toEqual(['a OPEN 0', 'b OPEN 0', 'c OPEN 0']);
    await bench.venue.close();
    await inbox.close();
  });

  it('are sent as things happen, and again after a refusal', async () => {
    const inbox = await startInbox();
    const bench = await startPaper({ webhooks: { mode: 'AUTO', pauseMs: 1, target: { url: inbox.url, secret: SECRET } } });
    inbox.statuses.push(500, 500);
    await bench.exchange.place(buy('a'));
    while (bench.venue.pendingWebhooks().due > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(told(inbox)).toEqual(['a OPEN 0', 'a OPEN 0', 'a OPEN 0']);
    await bench.venue.close();
    await inbox.close();
  });

  it('are given up after so many rounds, and stay owed', async () => {
    const inbox = await startInbox();
    const bench = await startPaper({ webhooks: { mode: 'AUTO', pauseMs: 1, maxRounds: 3, target: { url: inbox.url, secret: SECRET } } });
    inbox.statuses.push(500, 500, 500, 500, 500);
    await bench.exchange.place(buy('a'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(inbox.received).toHaveLength(3);
    expect(bench.venue.pendingWebhooks().due).toBe(1);
    await bench.venue.close();
    await inbox.close();
  });
});

describe('the journal of the paper venue', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claimjump-venue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const journal = (): string => join(folder, 'paper-venue.jsonl');

  const trade = async (bench: PaperBench): Promise<void> => {
    bench.price('105');
    await bench.exchange.place(buy('a'));
    await bench.exchange.place(buy('refused', { limit: d('0.001') }));
    bench.price('100', { volume: d('4') });
    await bench.exchange.amend(amendTo('a', '8', '99'));
    await bench.exchange.place(buy('b', { limit: d('98.5') }));
    await bench.exchange.cancel(buy('b'));
    await bench.exchange.cancel(buy('b'));
  };
  const settings = { config: { markets: defaultMarkets(['AAPL']), fillShareOfVolume: d('1'), feeRate: d('0.001') } };

  it('brings back the same venue, to the last digit and number', async () => {
    const before = await startPaper({ ...settings, dataFolder: folder });
    await trade(before);
    const known = before.venue.snapshot();
    // Not closed before: a killed process closes nothing either.
    const after = await startPaper({ ...settings, dataFolder: folder });
    expect(JSON.stringify(after.venue.snapshot())).toBe(JSON.stringify(known));
    expect(known.orders.map((order) => [order.clientOrderId, order.status, order.openSequence, order.closeSequence])).toEqual([
      ['a', 'PARTIALLY_FILLED', 1, null],
      ['refused', 'REJECTED', 2, 2],
      ['b', 'CANCELLED', 5, 6],
    ]);
    await after.exchange.place(buy('c'));
    expect(after.venue.snapshot().orders.map((order) => order.exchangeOrderId)).toEqual(['P1', 'P2', 'P5', 'P7']);
    await before.venue.close();
    await after.venue.close();
  });

  it('outlives a SIGKILL with every order it had answered', async () => {
    const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'killed-venue.ts'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const answered: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      answered.push(line);
      if (answered.length === 25) child.kill('SIGKILL');
    }
    const after = await startPaper({ dataFolder: folder });
    const orders = after.venue.snapshot().orders.map((order) => `${order.clientOrderId} ${order.status}`);
    expect(answered.length).toBeGreaterThanOrEqual(25);
    expect(orders).toEqual(expect.arrayContaining(answered));
    expect(orders.length - answered.length).toBeLessThanOrEqual(1);
    await after.venue.close();
  });

  it('does not take a step of prices again', async () => {
    const step = { stepId: 'step', at: AT, prices: [{ symbol: 'AAPL', price: d('100'), sellable: true }] };
    const before = await startPaper({ ...settings, dataFolder: folder });
    expect(before.venue.setPrices(step)).toBe(true);
    await before.venue.close();
    const after = await startPaper({ ...settings, dataFolder: folder });
    expect(after.venue.setPrices(step)).toBe(false);
    await after.venue.close();
  });

  it('sends again what was not taken, under the same ids, and nothing else', async () => {
    const inbox = await startInbox();
    const webhooks = { target: { url: inbox.url, secret: SECRET } };
    const before = await startPaper({ ...settings, dataFolder: folder, webhooks });
    inbox.statuses.push(204, 500, 204);
    await trade(before);
    const sent = await before.venue.flushWebhooks();
    const refused = inbox.received[1]?.headers['webhook-id'];
    await before.venue.close();
    inbox.received.length = 0;
    const after = await startPaper({ ...settings, dataFolder: folder, webhooks });
    expect(sent).toBe(5);
    expect(after.venue.pendingWebhooks()).toMatchObject({ due: 1, held: 0 });
    expect(await after.venue.flushWebhooks()).toBe(1);
    expect(inbox.received.map(({ headers }) => headers['webhook-id'])).toEqual([refused]);
    await after.venue.close();
    await inbox.close();
  });

  it('brings back stops that wait, that moved and that were triggered', async () => {
    const config = { ...settings.config, reduceOnlyOverlap: true };
    const before = await startPaper({ config, dataFolder: folder });
    before.price('100');
    await before.exchange.place(buy('held', { limit: d('100') }));
    for (const id of ['waits', 'moved', 'triggered']) await before.exchange.place(stopOf(id, id === 'triggered' ? '95' : '90'));
    await before.exchange.amend({ clientOrderId: 'moved', symbol: 'AAPL', intent: { kind: 'AMEND', quantity: d('8'), limit: null, stopPrice: d('91') } });
    before.price('94', { sellable: false });
    const known = before.venue.snapshot();
    await before.venue.close();
    const after = await startPaper({ config, dataFolder: folder });
    expect(JSON.stringify(after.venue.snapshot())).toBe(JSON.stringify(known));
    expect((await after.exchange.conditionalOrders()).map((order) => [order.clientOrderId, order.stopPrice?.toFixed()])).toEqual([['waits', '90'], ['moved', '91']]);
    after.clock.tick(1_000);
    after.price('91', { volume: d('20') });
    const filled = after.venue.snapshot().orders.map((order) => `${order.clientOrderId} ${order.filledQuantity.toFixed()}`);
    expect(filled).toEqual(['held 10', 'waits 0', 'moved 0', 'triggered 10']);
    await after.venue.close();
  });

  it('is gone on with where it was begun before there were stops', async () => {
    const place = { clientOrderId: 'a', symbol: 'AAPL', side: 'buy', quantity: '10', limit: '99', timeInForce: 'GTC', reduceOnly: false };
    const lines = [
      { kind: 'OPENED', schema: 1 },
      { kind: 'PLACE', at: AT, order: place, sequence: 1 },
      { kind: 'AMEND', at: AT, clientOrderId: 'a', quantity: '8', limit: '98', sequence: 2 },
    ];
    writeFileSync(journal(), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const bench = await startPaper({ ...settings, dataFolder: folder });
    expect((await bench.exchange.openOrders()).map((order) => [order.clientOrderId, order.limit?.toFixed(), order.stopPrice])).toEqual([['a', '98', null]]);
    await bench.venue.close();
  });

  it('loses a torn last line, and goes on after it', async () => {
    const before = await startPaper({ ...settings, dataFolder: folder });
    await trade(before);
    const known = JSON.stringify(before.venue.snapshot());
    await before.venue.close();
    appendFileSync(journal(), '{"kind":"CANCEL","at":17684');
    const after = await startPaper({ ...settings, dataFolder: folder });
    expect(JSON.stringify(after.venue.snapshot())).toBe(known);
    await after.exchange.cancel(buy('a'));
    await after.venue.close();
    const last = await startPaper({ ...settings, dataFolder: folder });
    expect(last.venue.snapshot().orders[0]?.status).toBe('CANCELLED');
    await last.venue.close();
  });

  it('stops the start at a line that cannot be read, with its number', async () => {
    const before = await startPaper({ ...settings, dataFolder: folder });
    await trade(before);
    await before.venue.close();
    const lines = readFileSync(journal(), 'utf8').split('\n');
    writeFileSync(journal(), lines.with(3, 'nonsense').join('\n'));
    await expect(startPaper({ ...settings, dataFolder: folder })).rejects.toMatchObject({ name: 'VenueJournalError', line: 4 });
  });

  it('stops the start where it leads elsewhere under another configuration', async () => {
    const before = await startPaper({ ...settings, dataFolder: folder });
    await trade(before);
    await before.venue.close();
    const other = { config: { ...settings.config, fillShareOfVolume: d('0.000000000001') } };
    await expect(startPaper({ ...other, dataFolder: folder })).rejects.toBeInstanceOf(VenueJournalError);
    await expect(startPaper({ config: { markets: [] }, dataFolder: folder })).rejects.toBeInstanceOf(VenueJournalError);
  });
});

describe('faults', () => {
  it('strike by chance the same calls for the same seed, whatever comes between', () => {
    const struck = (seed: number, ids: readonly string[]): readonly string[] => {
      const faults = createFaults({
        seed, webhooks: [],
        calls: [{ operations: ['PLACE'], only: null, timing: { kind: 'CHANCE', ratio: 0.2 }, effect: { kind: 'LOST' } }],
      });
      return ids.filter((clientOrderId) => faults.ofCall({ operation: 'PLACE', clientOrderId, symbol: 'AAPL', isStop: false }) !== null);
    };
    const ids = Array.from({ length: 1000 }, (_, n) => `order-${n}`);
    const first = struck(7, ids);
    expect(first.length).toBeGreaterThan(150);
    expect(first.length).toBeLessThan(250);
    expect(struck(7, ids.toReversed()).toSorted()).toEqual([...first].toSorted());
    expect(struck(8, ids)).not.toEqual(first);
  });

  it('may be meant for stops alone', () => {
    const faults = createFaults({
      seed: 0, webhooks: [],
      calls: [{ operations: ['PLACE_STOP', 'CANCEL'], only: null, timing: { kind: 'EVERY', n: 1 }, effect: { kind: 'LOST' } }],
    });
    const strikes = (operation: VenueOperation, isStop: boolean): boolean => faults.ofCall({ operation, clientOrderId: 'a', symbol: 'AAPL', isStop }) !== null;
    expect([strikes('PLACE', true), strikes('PLACE', false), strikes('AMEND', true), strikes('CANCEL', true), strikes('CANCEL', false)]).toEqual([true, false, false, true, true]);
  });

  it('strike every n-th call that matches', () => {
    const faults = createFaults({
      seed: 0, webhooks: [],
      calls: [{ operations: ['CANCEL'], only: 'AAPL', timing: { kind: 'EVERY', n: 2 }, effect: { kind: 'LOST' } }],
    });
    const cancel = (symbol: string): boolean => faults.ofCall({ operation: 'CANCEL', clientOrderId: 'a', symbol, isStop: false }) !== null;
    expect(['AAPL', 'MSFT', 'AAPL', 'AAPL', 'AAPL'].map(cancel)).toEqual([false, false, true, false, true]);
  });
});

describe('the door of the paper venue', () => {
  let bench: PaperBench;
  beforeEach(async () => {
    bench = await startPaper();
  });
  afterEach(() => bench.venue.close());
  const ask = async (method: string, path: string, body?: string): Promise<readonly [number, unknown]> => {
    const answer = await fetch(`${bench.venue.url}${path}`, { method, ...(body === undefined ? {} : { body }) });
    const read = z.object({ code: z.string() }).safeParse(await answer.json());
    return [answer.status, read.success ? read.data.code : null];
  };

  it.each([
    ['GET', '/nothing', undefined, 404, 'NOT_FOUND'],
    ['PUT', '/orders', '{}', 405, 'METHOD'],
    ['POST', '/orders', 'no json', 400, 'BAD_REQUEST'],
    ['POST', '/orders', '{"clientOrderId":"a"}', 400, 'BAD_REQUEST'],
    ['PATCH', '/orders/a', '{"quantity":"-1","limit":"1"}', 400, 'BAD_REQUEST'],
    ['PATCH', '/orders/a', `{"quantity":"${'1'.repeat(39)}","limit":"1"}`, 400, 'BAD_REQUEST'],
    ['POST', '/orders', ' '.repeat(64 * 1024 + 1), 413, 'TOO_LARGE'],
    ['GET', '/orders/a', undefined, 404, 'ORDER_UNKNOWN'],
    ['GET', '/orders/%zz', undefined, 404, 'NOT_FOUND'],
    ['GET', '/fills?since=x', undefined, 400, 'BAD_REQUEST'],
    ['GET', '/fills?limit=0', undefined, 400, 'BAD_REQUEST'],
    ['GET', '/fills?limit=501', undefined, 400, 'BAD_REQUEST'],
    ['POST', '/conditional-orders', '{}', 405, 'METHOD'],
    ['POST', '/orders', orderText({ limit: '90', stopPrice: '90' }), 400, 'BAD_REQUEST'],
    ['POST', '/orders', orderText({ limit: null, stopPrice: '-1' }), 400, 'BAD_REQUEST'],
    ['PATCH', '/orders/a', '{"quantity":"1","limit":"90","stopPrice":"90"}', 400, 'BAD_REQUEST'],
    ['PATCH', '/orders/a', '{"quantity":"1","limit":null,"stopPrice":null}', 400, 'BAD_REQUEST'],
  ] as const)('%s %s', async (method, path, body, status, code) => {
    expect(await ask(method, path, body)).toEqual([status, code]);
    expect(bench.venue.snapshot().orders).toEqual([]);
  });

  it('lists fills after a number, and all orders where that is asked', async () => {
    bench.price('100');
    for (const id of ['a', 'b']) await bench.exchange.place(buy(id));
    const fills = z.object({ fills: z.array(z.looseObject({ sequence: z.number(), clientOrderId: z.string() })) });
    const since = async (number: number) =>
      fills.parse(await (await fetch(`${bench.venue.url}/fills?since=${number}`)).json()).fills.map((fill) => `${fill.sequence} ${fill.clientOrderId}`);
    expect([await since(0), await since(2), await since(4)]).toEqual([['2 a', '4 b'], ['4 b'], []]);
    expect(await (await fetch(`${bench.venue.url}/orders`)).json()).toMatchObject({ orders: [{ clientOrderId: 'a' }, { clientOrderId: 'b' }] });
  });

  it('opens on the loopback alone', async () => {
    const outside = Object.values(networkInterfaces()).flat().find((one) => one !== undefined && !one.internal && one.family === 'IPv4');
    const reach = (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host, port: bench.venue.port }, () => resolve(true));
        socket.once('error', () => resolve(false));
        socket.once('close', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      });
    expect(bench.venue.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await reach('127.0.0.1')).toBe(true);
    if (outside !== undefined) expect(await reach(outside.address)).toBe(false);
  });

  it.each(['TIMEOUT', 'LATE'])('leaves nothing open when it closes, a call that is not answered yet included: %s', async (fault) => {
    const script = join(import.meta.dirname, 'closing-venue.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', script, fault], { timeout: 15_000 });
    expect(stdout).toBe('UNKNOWN');
  });

  it('comes back on the port it had', async () => {
    const { port } = bench.venue;
    await bench.venue.close();
    bench = await startPaper({ port });
    expect(bench.venue.port).toBe(port);
    expect(await bench.exchange.openOrders()).toEqual([]);
  });
});
