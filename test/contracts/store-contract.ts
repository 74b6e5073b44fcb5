// What the store must do on whatever engine it stands: run it against each.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { CLAUSES, type ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import type { Passing } from '../../shared/domain/account.ts';
import { placeActionId } from '../../shared/domain/action.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import { NEVER_RECONCILED } from '../../shared/domain/reconcile-state.ts';
import { ConflictError, SchemaTooNewError, StoreUnavailableError } from '../../shared/errors.ts';
import type { Store } from '../../shared/ports.ts';
import { connect, createTable, forgettingTokens, inTheWay, losingAnswers, quickClock, storeOn, TABLE } from './store-bench.ts';
import { GUARDS } from './store-guards.ts';
import {
  actionOf, anyAction, anyAmount, anyBoard, anyCapacity, anyReconcile, anyRecord, anyRules, anySlot, anySteal, AT, capacityOf, d, factsOf, fillOf,
  holdingOf, moveOf, orderOf, placedOf, recordOf, requirementOf, slotOf, stealOf, stopOrderOf, watchOf,
} from './store-samples.ts';

const A_STREAK: Passing = { by: 'STREAK', since: AT };

export interface StoreEngine {
  readonly endpoint: string;
  /** What the engine counts for a write in a transaction: two units, as billed, unless it is simpler than that. */
  readonly transactionUnits: number;
  stop(): Promise<void>;
}

/** Declares the suite for one engine. */
export const storeContract = (name: string, start: () => Promise<StoreEngine>): void => {
  describe(`the Store port on ${name}`, () => {
    let engine: StoreEngine;
    let client: DynamoDBClient;
    let store: Store;
    const account = (): string => `account-${randomUUID()}`;
    const commit = (of: string, ...changes: readonly Change[]): Promise<void> => store.commit(of, changes, randomUUID());
    const ledgerOf = async (of: string) => {
      const { capacity } = await store.load(of, { kind: 'ACCOUNT' });
      if (capacity === null) throw new Error('no ledger');
      return capacity;
    };

    beforeAll(async () => {
      engine = await start();
      client = connect(engine.endpoint);
      await createTable(client);
      store = storeOn(client);
    });
    afterAll(async () => {
      client.destroy();
      await engine.stop();
    });

    describe('gives back what it was given, to the last digit', () => {
      const trips = { numRuns: 25 };

      it('a slot in every state', async () => {
        await fc.assert(
          fc.asyncProperty(anySlot, async (slot) => {
            const of = account();
            await commit(of, { kind: 'SLOT', before: null, after: slot, guard: 'STATE' });
            const { slots } = await store.load(of, { kind: 'SLOT', ref: slot });
            expect(slots.get(slotKey(slot))).toEqual(slot);
          }),
          { numRuns: 60 },
        );
      });

      it('a slot changed from any state to any other', async () => {
        await fc.assert(
          fc.asyncProperty(anySlot, anySlot, async (before, other) => {
            const of = account();
            const after = { ...other, symbol: before.symbol, slot: before.slot, assetClass: before.assetClass, watch: null, pending: null, revision: before.revision + 1 };
            await commit(of, { kind: 'SLOT', before: null, after: before, guard: 'STATE' });
            await commit(of, { kind: 'SLOT', before, after, guard: 'STATE' });
            const { slots } = await store.load(of, { kind: 'SLOT', ref: before });
            expect(slots.get(slotKey(before))).toEqual(after);
          }),
          trips,
        );
      });

      it('an action', async () => {
        await fc.assert(
          fc.asyncProperty(anyAction, async (action) => {
            const of = account();
            await commit(of, { kind: 'ACTION', before: null, after: action });
            expect(await store.findAction(of, action.id)).toEqual(action);
          }),
          trips,
        );
      });

      it('an order record', async () => {
        await fc.assert(
          fc.asyncProperty(anyRecord, async (record) => {
            const of = account();
            await commit(of, { kind: 'ORDER', before: null, after: record });
            const { clientOrderId } = record.order;
            const { orders } = await store.load(of, { kind: 'ORDER', clientOrderId, tradeIds: [], webhookId: null, actionIds: [] });
            expect(orders.get(clientOrderId)).toEqual(record);
          }),
          trips,
        );
      });

      it('a ledger', async () => {
        await fc.assert(
          fc.asyncProperty(anyCapacity, async (capacity) => {
            const of = account();
            await commit(of, { kind: 'EQUITY', before: null, after: capacity });
            expect(await ledgerOf(of)).toEqual(capacity);
          }),
          trips,
        );
      });

      it('WS-10 a steal', async () => {
        await fc.assert(
          fc.asyncProperty(anySteal, async (steal) => {
            const of = account();
            await commit(of, { kind: 'STEAL', steal });
            expect((await store.load(of, { kind: 'BOOK', stealsSince: 0 })).steals).toEqual([steal]);
          }),
          trips,
        );
      });

      it('quotes', async () => {
        await fc.assert(
          fc.asyncProperty(anyBoard(1), anyBoard(2), async (first, second) => {
            const of = account();
            await commit(of, { kind: 'QUOTES', before: { revision: 0, quotes: {}, bars: {}, features: {} }, after: first });
            expect((await store.load(of, { kind: 'ACCOUNT' })).board).toEqual(first);
            await commit(of, { kind: 'QUOTES', before: first, after: second });
            expect((await store.load(of, { kind: 'ACCOUNT' })).board).toEqual(second);
          }),
          trips,
        );
      });

      it('SL-11 what a run of reconcile left', async () => {
        await fc.assert(
          fc.asyncProperty(anyReconcile(1), anyReconcile(2), async (first, second) => {
            const of = account();
            await commit(of, { kind: 'RECONCILE', before: NEVER_RECONCILED, after: first });
            expect((await store.load(of, { kind: 'RECONCILE' })).reconcile).toEqual(first);
            await commit(of, { kind: 'RECONCILE', before: first, after: second });
            expect((await store.load(of, { kind: 'RECONCILE' })).reconcile).toEqual(second);
          }),
          trips,
        );
      });

      it('SL-10 a fee, for whoever reads the fills', async () => {
        const of = account();
        for (const fee of [{ asset: 'BTC', amount: d('0.00001') }, null]) await commit(of, { kind: 'FILL', fill: fillOf({ tradeId: fee?.asset ?? 'none', fee }) });
        const feeOf = async (tradeId: string) => {
          const Key = { pk: { S: of }, sk: { S: `FILL#cj-9f86d081884c7d65#${tradeId}` } };
          return (await client.send(new GetItemCommand({ TableName: TABLE, Key }))).Item?.['fe']?.M;
        };
        expect([await feeOf('BTC'), await feeOf('none')]).toEqual([{ as: { S: 'BTC' }, am: { N: '0.00001' } }, undefined]);
      });

      it('EX-10 a market, written again only when it has changed', async () => {
        await fc.assert(
          fc.asyncProperty(anyRules, anyRules, async (rules, others) => {
            const of = account();
            const markets = [
              { symbol: 'BTC/USD', assetClass: 'crypto', rules } as const,
              { symbol: 'AAPL', assetClass: 'stock', rules } as const,
            ];
            expect(await store.saveMarkets(of, markets)).toBe(2);
            expect(await store.saveMarkets(of, markets)).toBe(0);
            const tickSize = d(rules.tickSize.equals('0.5') ? '0.25' : '0.5');
            const changed = markets.map((market) => (market.symbol === 'AAPL' ? { ...market, rules: { ...others, tickSize } } : market));
            expect(await store.saveMarkets(of, changed)).toBe(1);
            expect(await store.findMarket(of, 'AAPL')).toEqual(changed[1]);
            expect(await store.findMarket(of, 'MSFT')).toBeNull();
          }),
          { numRuns: 10 },
        );
      });

      it('refuses a number of more than 38 digits before anything is written', async () => {
        const of = account();
        const limit = d('1.00000000000000000000000000000000000001');
        const slot = slotOf({ watch: watchOf({ limit }) });
        await expect(commit(of, { kind: 'SLOT', before: null, after: slot, guard: 'STATE' }, { kind: 'WEBHOOK', id: 'w', at: AT })).rejects.toThrow('38 digits');
        await expect(commit(of, { kind: 'ROOM', move: moveOf('0.000000000000000000001'), require: null })).rejects.toThrow('20 after it');
        expect((await store.load(of, { kind: 'BOOK', stealsSince: null })).slots.size).toBe(0);
      });
    });

    describe('loads what the scope names', () => {
      it('an account that has nothing yet', async () => {
        expect(await store.load(account(), { kind: 'BOOK', stealsSince: 0 })).toEqual({
          account: expect.any(String),
          capacity: null,
          board: { revision: 0, quotes: {}, bars: {}, features: {} },
          slots: new Map(),
          steals: [],
          orders: new Map(),
          actions: new Map(),
          countedTrades: new Set(),
          webhookSeen: false,
          reconcile: NEVER_RECONCILED,
        });
      });

      it('the book over many pages, and steals since a time alone', async () => {
        const of = account();
        const slots = Array.from({ length: 90 }, (_, index) => slotOf({ symbol: `S${index}`, slot: 'x'.repeat(1000), watch: watchOf({ symbol: `S${index}`, slot: 'x'.repeat(1000), group: 'g'.repeat(20_000) }) }));
        for (let start = 0; start < slots.length; start += 30) {
          await commit(of, ...slots.slice(start, start + 30).map((after): Change => ({ kind: 'SLOT', before: null, after, guard: 'STATE' })));
        }
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
        for (const at of [AT - 1, AT, AT + 1]) await commit(of, { kind: 'STEAL', steal: stealOf({ at }) });
        const without = await store.load(of, { kind: 'BOOK', stealsSince: null });
        expect([without.slots.size, without.steals.length, without.capacity?.free.toFixed()]).toEqual([90, 0, '20000']);
        const book = await store.load(of, { kind: 'BOOK', stealsSince: AT });
        expect(book.slots.get(`S89#${'x'.repeat(1000)}`)).toEqual(slots[89]);
        expect(book.steals.map((steal) => steal.at)).toEqual([AT, AT + 1]);
      });

      it('a slot with the placements and records of its entry, exit, stop and former stop', async () => {
        const of = account();
        const orders = {
          entry: orderOf(),
          exit: orderOf({ clientOrderId: 'cj-exit', purpose: 'EXIT' }),
          stop: stopOrderOf({ clientOrderId: 'cj-stop' }),
          former: stopOrderOf({ clientOrderId: 'cj-former' }),
        };
        const { exit, stop, former } = orders;
        const held = holdingOf({ stop: placedOf({ order: stop, former: { order: former, attempts: 0 } }) });
        const slot = slotOf({ entry: { status: 'PLACING', order: orders.entry }, position: { status: 'EXITING', exit, reason: 'MAX_HOLD', ...held } });
        await commit(of, { kind: 'SLOT', before: null, after: slot, guard: 'STATE' });
        for (const order of [...Object.values(orders), orderOf({ clientOrderId: 'cj-other' })]) {
          const action = actionOf({ id: placeActionId(order.clientOrderId), clientOrderId: order.clientOrderId });
          await commit(of, { kind: 'ACTION', before: null, after: action }, { kind: 'ORDER', before: null, after: recordOf({ order }) });
        }
        const found = await store.load(of, { kind: 'SLOT', ref: slot });
        const ids = Object.values(orders).map((order) => order.clientOrderId).sort();
        expect([...found.actions.keys()].sort()).toEqual(ids.map(placeActionId).sort());
        expect([...found.orders.keys()].sort()).toEqual(ids);
      });

      it.each([
        ['both stops', { status: 'PLACED', former: true }, ['cj-former', 'cj-stop', 'cj-told']],
        ['both stops on their way out', { status: 'CANCELLING', former: true }, ['cj-former', 'cj-stop', 'cj-told']],
        ['no stop that has taken nobody’s place', { status: 'PLACED', former: false }, ['cj-told']],
      ] as const)('SL-5 an order with the records of %s', async (_what, { status, former }, expected) => {
        const of = account();
        const placed = { order: stopOrderOf({ clientOrderId: 'cj-stop' }), attempts: 1, former: former ? { order: stopOrderOf({ clientOrderId: 'cj-former' }), attempts: 1 } : null };
        const stop = status === 'PLACED' ? placedOf(placed) : { status, ...placed };
        await commit(of, { kind: 'SLOT', before: null, after: slotOf({ position: { status: 'OPEN', ...holdingOf({ stop }) } }), guard: 'STATE' });
        for (const clientOrderId of ['cj-told', 'cj-stop', 'cj-former']) {
          await commit(of, { kind: 'ORDER', before: null, after: recordOf({ order: orderOf({ clientOrderId }) }) });
        }
        const { orders } = await store.load(of, { kind: 'ORDER', clientOrderId: 'cj-told', tradeIds: [], webhookId: null, actionIds: [] });
        expect([...orders.keys()].sort()).toEqual(expected);
      });

      it('what reconcile left, with the ledger and the quotes, under its own scope and under no other', async () => {
        const of = account();
        const state = { ...NEVER_RECONCILED, revision: 1, tradeCursor: '17' };
        const board = { revision: 1, quotes: { AAPL: { price: d('187.5'), at: AT } }, bars: {}, features: {} };
        await commit(
          of,
          { kind: 'RECONCILE', before: NEVER_RECONCILED, after: state },
          { kind: 'EQUITY', before: null, after: capacityOf() },
          { kind: 'QUOTES', before: { revision: 0, quotes: {}, bars: {}, features: {} }, after: board },
          { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' },
        );
        const found = await store.load(of, { kind: 'RECONCILE' });
        expect([found.reconcile, found.capacity, found.board, found.slots.size]).toEqual([state, capacityOf(), board, 0]);
        for (const scope of [{ kind: 'ACCOUNT' }, { kind: 'BOOK', stealsSince: 0 }, { kind: 'SLOT', ref: slotOf() }] as const) {
          expect((await store.load(of, scope)).reconcile).toEqual(NEVER_RECONCILED);
        }
      });

      it('an order with its slot, thief, actions, counted trades and webhook', async () => {
        const of = account();
        const thief = slotOf({ symbol: 'MSFT', assetClass: 'stock', watch: null, entry: { status: 'WAITING', limit: d('1'), quantity: d('2'), needed: d('2'), hold: d('0'), classHold: d('0'), steal: factsOf() } });
        const victim = slotOf({ entry: { status: 'YIELDING', order: orderOf(), thief: { symbol: 'MSFT', slot: 'main' }, attempts: 1 } });
        const cumulative = 'cj-9f86d081884c7d65#cumulative';
        await commit(
          of,
          { kind: 'SLOT', before: null, after: thief, guard: 'STATE' },
          { kind: 'SLOT', before: null, after: victim, guard: 'STATE' },
          { kind: 'ORDER', before: null, after: recordOf() },
          { kind: 'ACTION', before: null, after: actionOf() },
          { kind: 'ACTION', before: null, after: actionOf({ id: 'cancel', intent: { kind: 'CANCEL' } }) },
          { kind: 'FILL', fill: fillOf() },
          { kind: 'FILL', fill: fillOf({ tradeId: cumulative }) },
          { kind: 'WEBHOOK', id: 'w-1', at: AT },
        );
        const scope = { kind: 'ORDER', clientOrderId: 'cj-9f86d081884c7d65', actionIds: ['cancel', 'gone'], webhookId: 'w-1' } as const;
        const found = await store.load(of, { ...scope, tradeIds: ['t-1', 't-2', cumulative] });
        expect([...found.slots.values()]).toEqual(expect.arrayContaining([thief, victim]));
        expect([...found.orders.values()]).toEqual([recordOf()]);
        expect([...found.actions.keys()].sort()).toEqual(['cancel', 'cj-9f86d081884c7d65:PLACE']);
        expect(found.countedTrades).toEqual(new Set(['t-1', cumulative]));
        expect(found.webhookSeen).toBe(true);
        expect((await store.load(of, { ...scope, webhookId: 'w-2', tradeIds: [] })).webhookSeen).toBe(false);
      });

      it('an order that has more trades than one read takes', async () => {
        const of = account();
        const tradeIds = Array.from({ length: 150 }, (_, index) => `t-${index}`);
        for (const tradeId of ['t-3', 't-149']) await commit(of, { kind: 'FILL', fill: fillOf({ tradeId }) });
        const found = await store.load(of, { kind: 'ORDER', clientOrderId: 'cj-9f86d081884c7d65', tradeIds, webhookId: null, actionIds: [] });
        expect(found.countedTrades).toEqual(new Set(['t-3', 't-149']));
      });

      it('open actions, the oldest first', async () => {
        const of = account();
        for (const [id, plannedAt] of [['a', 3], ['b', 1], ['c', 2]] as const) await commit(of, { kind: 'ACTION', before: null, after: actionOf({ id, plannedAt }) });
        await commit(of, { kind: 'ACTION', before: actionOf({ id: 'c', plannedAt: 2 }), after: null });
        expect((await store.openActions(of)).map((action) => action.id)).toEqual(['b', 'a']);
        expect(await store.findAction(of, 'c')).toBeNull();
      });

      it('SL-13 all slots for an audit, the ledger before and after them', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() }, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' });
        expect(await store.audit(of)).toEqual({ before: capacityOf(), slots: [slotOf()], after: capacityOf() });
      });

      it('keeps accounts apart', async () => {
        const [one, other] = [account(), account()];
        await commit(one, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' });
        expect((await store.load(other, { kind: 'BOOK', stealsSince: 0 })).slots.size).toBe(0);
      });

      it('gives an item of a newer schema back to newer code', async () => {
        const of = account();
        await client.send(new PutItemCommand({ TableName: TABLE, Item: { pk: { S: of }, sk: { S: 'ACTION#new' }, schema: { N: '4' } } }));
        await expect(store.findAction(of, 'new')).rejects.toThrow(SchemaTooNewError);
      });
    });

    describe('every clause stands against a race, and nothing else does', () => {
      it('has a race for every clause', () => {
        const named = new Set<ClauseName>([...GUARDS.map((guard) => guard.clause), 'capacity known']);
        expect([...named].sort()).toEqual(Object.keys(CLAUSES).sort());
      });

      it.each(GUARDS)('$clause: $race', async ({ clause, item, there, late }) => {
        const guarded = account();
        if (there.length > 0) await commit(guarded, ...there);
        const before = await store.load(guarded, { kind: 'BOOK', stealsSince: 0 });
        const lost = await commit(guarded, ...late, { kind: 'WEBHOOK', id: 'with', at: AT }).catch((error: unknown) => error);
        expect(lost).toBeInstanceOf(ConflictError);
        expect(lost).toMatchObject({ item, expected: expect.any(String), found: expect.any(String) });
        expect(await store.load(guarded, { kind: 'BOOK', stealsSince: 0 })).toEqual(before);
        expect((await store.load(guarded, { kind: 'ORDER', clientOrderId: 'x', tradeIds: [], webhookId: 'with', actionIds: [] })).webhookSeen).toBe(false);

        const open = account();
        const unguarded = storeOn(client, { without: [clause] });
        if (there.length > 0) await commit(open, ...there);
        await expect(unguarded.commit(open, late, randomUUID())).resolves.toBeUndefined();
      });

      it('says what it expected and what it found', async () => {
        const of = account();
        await commit(of, { kind: 'SLOT', before: null, after: slotOf({ fence: 4 }), guard: 'STATE' });
        const seen = slotOf({ fence: 3 });
        await expect(commit(of, { kind: 'SLOT', before: seen, after: { ...seen, revision: 2 }, guard: 'STATE' })).rejects.toMatchObject({
          expected: 'state = NONE/FLAT AND fence = 3 AND watchVersion = 1 AND revision = 1',
          found: 'state = NONE/FLAT, fence = 4, watchVersion = 1, revision = 1',
        });
      });

      it.each([
        ['room', { kind: 'ROOM', move: moveOf('1'), require: null }],
        ['the kill switch', { kind: 'KILL', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, before: 'ACTIVE', state: 'HALTED' }],
      ] as const)('capacity known: %s cannot be moved where there is no ledger', async (_what, change) => {
        await expect(commit(account(), change)).rejects.toThrow(ConflictError);
        const failure = await storeOn(client, { without: ['capacity known'] }).commit(account(), [change], randomUUID()).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Error);
        expect(failure).not.toBeInstanceOf(ConflictError);
      });

      it.each([
        ['a streak', { kind: 'STREAK', to: 'ADD' }],
        ['what passes', { kind: 'PASSING', before: null, after: A_STREAK }],
        ['marks', { kind: 'LIMITS_ANEW' }],
      ] as const)('capacity known: %s makes no ledger of its own', async (_what, change) => {
        await expect(commit(account(), change)).rejects.toThrow(ConflictError);
        const of = account();
        await storeOn(client, { without: ['capacity known'] }).commit(of, [change], randomUUID());
        await expect(store.load(of, { kind: 'ACCOUNT' })).rejects.toThrow('expected a number in the table');
      });

      it('lets an entry pass over what it is not based on, and keeps that', async () => {
        const of = account();
        const seen = slotOf();
        await commit(of, { kind: 'SLOT', before: null, after: seen, guard: 'STATE' });
        await commit(of, { kind: 'SLOT', before: seen, after: { ...seen, revision: 2, lastStolen: { at: AT, cooldownSeconds: 300 } }, guard: 'STATE' });
        const entry = { status: 'PLACING', order: orderOf() } as const;
        await commit(of, { kind: 'SLOT', before: seen, after: { ...seen, revision: 2, fence: 1, entry }, guard: 'ENTRY' });
        const { slots } = await store.load(of, { kind: 'SLOT', ref: seen });
        expect(slots.get(slotKey(seen))).toEqual({ ...seen, revision: 3, fence: 1, entry, lastStolen: { at: AT, cooldownSeconds: 300 } });
      });
    });

    describe('WS-2 moves room by differences', () => {
      it('merges what a commit does to the ledger into one write', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
        await commit(
          of,
          { kind: 'ROOM', move: moveOf('2000.5', 'crypto'), require: requirementOf({ assetClass: 'crypto' }) },
          { kind: 'ENTRIES_ALLOWED', symbol: 'BTC/USD', assetClass: 'crypto' },
          { kind: 'EQUITY', before: capacityOf(), after: capacityOf({ equity: d('11000'), cap: d('22000'), equityAt: AT + 1, capOfClass: { stock: d('22000'), crypto: d('11000') } }) },
          { kind: 'KILL', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, before: 'ACTIVE', state: 'HALTED' },
          { kind: 'KILL', scope: { kind: 'CLASS', assetClass: 'stock' }, before: 'ACTIVE', state: 'REDUCING' },
        );
        expect(await ledgerOf(of)).toEqual({
          equity: d('11000'),
          equityAt: AT + 1,
          cap: d('22000'),
          free: d('19999.5'),
          capOfClass: { stock: d('22000'), crypto: d('11000') },
          freeOfClass: { stock: d('22000'), crypto: d('8999.5') },
          sequence: 1,
          kill: { account: 'ACTIVE', stock: 'REDUCING', crypto: 'ACTIVE', symbols: { AAPL: 'HALTED' } },
          day: null,
          peak: null,
          stopStreak: 0,
          passing: null,
          restore: null,
        });
      });

      it('EX-11 keeps a restore once, beside what else is done to the ledger', async () => {
        const of = account();
        const restore = { table: 'claimjump-restored', at: AT, fenceFloor: 1_790_000_000, isOpen: true };
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
        await commit(of, { kind: 'RESTORE', before: null, after: restore }, { kind: 'KILL', scope: { kind: 'ACCOUNT' }, before: 'ACTIVE', state: 'HALTED' });
        expect(await ledgerOf(of)).toMatchObject({ restore, kill: { account: 'HALTED' } });
        await commit(of, { kind: 'RESTORE', before: restore, after: { ...restore, isOpen: false } });
        expect((await ledgerOf(of)).restore).toEqual({ ...restore, isOpen: false });
      });

      it('KS-2 keeps day, peak and streak, in one write with the switch', async () => {
        const of = account();
        const first = capacityOf();
        await commit(of, { kind: 'EQUITY', before: null, after: first });
        const marked = { ...first, equityAt: AT + 1, day: { date: '2026-11-20', equity: d('10000') }, peak: d('10000') };
        await commit(of, { kind: 'EQUITY', before: first, after: marked });
        expect(await ledgerOf(of)).toEqual(marked);
        const fallen = { ...marked, equityAt: AT + 2, equity: d('9000'), day: { date: '2026-11-21', equity: d('9000') }, peak: d('10000.5') };
        await commit(of, { kind: 'EQUITY', before: marked, after: fallen }, { kind: 'STREAK', to: 'ADD' });
        expect(await ledgerOf(of)).toEqual({ ...fallen, stopStreak: 1 });
        await commit(
          of,
          { kind: 'STREAK', to: 'ADD' },
          { kind: 'KILL', scope: { kind: 'ACCOUNT' }, before: 'ACTIVE', state: 'REDUCING' },
          { kind: 'PASSING', before: null, after: A_STREAK },
          { kind: 'ROOM', move: moveOf('100'), require: null },
        );
        const reduced = await ledgerOf(of);
        expect([reduced.stopStreak, reduced.passing, reduced.kill.account, reduced.free.toFixed()]).toEqual([2, A_STREAK, 'REDUCING', '19900']);
        await commit(of, { kind: 'STREAK', to: 'CLEAR' }, { kind: 'PASSING', before: A_STREAK, after: null }, { kind: 'LIMITS_ANEW' });
        expect(await ledgerOf(of)).toMatchObject({ day: null, peak: null, stopStreak: 0, passing: null });
        await commit(of, { kind: 'PASSING', before: null, after: A_STREAK });
        expect((await ledgerOf(of)).passing).toEqual(A_STREAK);
      });

      it('KS-2 counts every stop of many at once', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
        await Promise.all(Array.from({ length: 20 }, () => commit(of, { kind: 'STREAK', to: 'ADD' })));
        expect((await ledgerOf(of)).stopStreak).toBe(20);
      });

      it('lets the free room fall below zero, and claims as little as nothing from it', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
        await commit(of, { kind: 'ROOM', move: moveOf('20000.00000001'), require: null });
        expect((await ledgerOf(of)).free.toFixed()).toBe('-0.00000001');
        await expect(commit(of, { kind: 'ROOM', move: moveOf('0'), require: requirementOf() })).rejects.toThrow(ConflictError);
        await commit(of, { kind: 'ROOM', move: moveOf('0'), require: requirementOf({ free: d('-0.00000001'), freeOfClass: d('-1') }) });
        expect((await ledgerOf(of)).sequence).toBe(2);
      });

      it('adds up to the last digit', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyAmount, { maxLength: 6 }), async (amounts) => {
            const of = account();
            await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() });
            for (const amount of amounts) await commit(of, { kind: 'ROOM', move: { total: amount, stock: amount, crypto: d('0') }, require: null });
            const { free, freeOfClass, sequence } = await ledgerOf(of);
            const left = d('20000').minus(sum(amounts));
            expect([free.toFixed(), freeOfClass.stock.toFixed(), sequence]).toEqual([left.toFixed(), left.toFixed(), amounts.length]);
          }),
          { numRuns: 10 },
        );
      });

      it('spends the last room once among 64 writers', async () => {
        const of = account();
        const unit = new Decimal('0.1234567890123456789');
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf({ free: unit.times(40), freeOfClass: { stock: unit.times(40), crypto: d('0') } }) });
        const claims = Array.from({ length: 64 }, async (_, index) => {
          const slot = slotOf({ symbol: `S${index}`, watch: null });
          const room = { kind: 'ROOM', move: { total: unit, stock: unit, crypto: d('0') }, require: requirementOf({ free: unit, freeOfClass: unit }) } as const;
          return commit(of, room, { kind: 'SLOT', before: null, after: slot, guard: 'STATE' });
        });
        const results = await Promise.allSettled(claims);
        const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
        for (const reason of refused) expect(reason).toMatchObject({ name: 'ConflictError', item: 'BOOK#1#CAPACITY' });
        const book = await store.load(of, { kind: 'BOOK', stealsSince: null });
        expect([results.length - refused.length, book.slots.size, book.capacity?.free.toFixed(), book.capacity?.sequence]).toEqual([40, 40, '0', 40]);
      });
    });

    describe('writes at most once, whatever becomes of the answer', () => {
      const room = { kind: 'ROOM', move: moveOf('100'), require: null } as const;
      const commits: readonly (readonly [string, readonly Change[]])[] = [
        ['room alone', [room]],
        ['room with a slot', [room, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' }]],
        ['a slot alone', [{ kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' }]],
        ['an action done, with its order', [{ kind: 'ACTION', before: actionOf(), after: null }, { kind: 'ORDER', before: null, after: recordOf() }]],
        ['an action done, alone', [{ kind: 'ACTION', before: actionOf(), after: null }]],
        ['a stop counted, with its fill', [{ kind: 'STREAK', to: 'ADD' }, { kind: 'FILL', fill: fillOf() }]],
      ];
      const prepare = async (of: string): Promise<void> =>
        commit(of, { kind: 'EQUITY', before: null, after: capacityOf() }, { kind: 'ACTION', before: null, after: actionOf() });

      it.each(commits)('%s: a lost answer is no conflict', async (_what, changes) => {
        const of = account();
        await prepare(of);
        const flaky = losingAnswers(engine.endpoint, (call) => call === 1);
        await storeOn(flaky).commit(of, changes, randomUUID());
        flaky.destroy();
        const moved = changes.includes(room);
        const isCounted = changes.some((change) => change.kind === 'STREAK');
        expect(await ledgerOf(of)).toMatchObject({ free: d(moved ? '19900' : '20000'), sequence: moved ? 1 : 0, stopStreak: isCounted ? 1 : 0 });
      });

      it.each(commits.slice(1))('%s: a lost answer is no conflict after the table has forgotten the request', async (_what, changes) => {
        const of = account();
        await prepare(of);
        const flaky = forgettingTokens(losingAnswers(engine.endpoint, (call) => call === 1));
        await storeOn(flaky).commit(of, changes, randomUUID());
        flaky.destroy();
        expect((await ledgerOf(of)).sequence).toBe(changes.includes(room) ? 1 : 0);
      });

      it('takes what another owner wrote for a conflict, though it be the same', async () => {
        const of = account();
        const first = slotOf();
        await commit(of, { kind: 'SLOT', before: null, after: first, guard: 'STATE' });
        const change: Change = { kind: 'SLOT', before: first, after: { ...first, revision: 2 }, guard: 'STATE' };
        await store.commit(of, [change], 'another');
        await expect(store.commit(of, [change], 'one')).rejects.toThrow(ConflictError);
      });

      it('repeats a commit under the same owner without an effect', async () => {
        const of = account();
        await prepare(of);
        const owner = randomUUID();
        const changes: readonly Change[] = [room, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' }];
        await store.commit(of, changes, owner);
        await store.commit(of, changes, owner);
        expect((await ledgerOf(of)).sequence).toBe(1);
      });

      it('keeps an exact ledger while one answer in five is lost', async () => {
        const of = account();
        await prepare(of);
        const flaky = losingAnswers(engine.endpoint, (call) => call % 5 === 0);
        const lossy = storeOn(flaky);
        await Promise.all(
          Array.from({ length: 40 }, (_, index) =>
            lossy.commit(of, [room, { kind: 'SLOT', before: null, after: slotOf({ symbol: `S${index}`, watch: null }), guard: 'STATE' }], randomUUID()),
          ),
        );
        expect((await lossy.load(of, { kind: 'BOOK', stealsSince: 0 })).slots.size).toBe(40);
        flaky.destroy();
        expect(await ledgerOf(of)).toMatchObject({ free: d('16000'), sequence: 40 });
      });

      it('gives up after a bounded number of lost answers', async () => {
        const dead = losingAnswers(engine.endpoint, () => true);
        const clock = quickClock();
        const of = account();
        await expect(storeOn(dead, { clock }).commit(of, [{ kind: 'WEBHOOK', id: 'w', at: AT }, { kind: 'FILL', fill: fillOf() }], 'o')).rejects.toThrow(StoreUnavailableError);
        expect(clock.pauses).toBe(7);
        await expect(storeOn(dead).findAction(of, 'x')).rejects.toThrow(StoreUnavailableError);
        dead.destroy();
      });

      it('tries again while other transactions are in the way', async () => {
        const of = account();
        await prepare(of);
        const crowded = inTheWay(engine.endpoint, 5);
        await storeOn(crowded).commit(of, [room, { kind: 'FILL', fill: fillOf() }], randomUUID());
        crowded.destroy();
        expect((await ledgerOf(of)).sequence).toBe(1);
      });

      it('gives up, without calling it a conflict of what it saw, when they never go out of the way', async () => {
        const crowded = inTheWay(engine.endpoint, 100);
        const lost = storeOn(crowded).commit(account(), [room, { kind: 'FILL', fill: fillOf() }], randomUUID());
        await expect(lost).rejects.toThrow(StoreUnavailableError);
        crowded.destroy();
      });
    });

    describe('refuses what no correct decision asks for', () => {
      const slot: Change = { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' };
      it.each([
        ['two changes of one slot', [slot, slot], 'two changes'],
        ['two moves of room', [{ kind: 'ROOM', move: moveOf('1'), require: null }, { kind: 'ROOM', move: moveOf('2'), require: null }], 'two changes of ROOM'],
        ['a slot whose revision stands still', [{ kind: 'SLOT', before: slotOf(), after: slotOf(), guard: 'STATE' }], 'revision 1 follows 1'],
        ['an order whose revision stands still', [{ kind: 'ORDER', before: recordOf(), after: recordOf() }], 'revision 1 follows 1'],
        ['more than a transaction holds', Array.from({ length: 101 }, (_, index): Change => ({ kind: 'WEBHOOK', id: `w${index}`, at: AT })), 'a commit of 101 items'],
        ['two counts of one streak', [{ kind: 'STREAK', to: 'ADD' }, { kind: 'STREAK', to: 'CLEAR' }], 'two changes of STREAK'],
        ['marks that are moved and forgotten', [{ kind: 'EQUITY', before: capacityOf(), after: capacityOf() }, { kind: 'LIMITS_ANEW' }], 'two changes of EQUITY'],
        ['a state of reconcile whose revision stands still', [{ kind: 'RECONCILE', before: NEVER_RECONCILED, after: NEVER_RECONCILED }], 'revision 0 follows 0'],
        ['a first reading with other changes of the ledger', [{ kind: 'EQUITY', before: null, after: capacityOf() }, { kind: 'ROOM', move: moveOf('1'), require: null }], 'first reading'],
      ] as const)('%s', async (_what, changes, message) => {
        await expect(commit(account(), ...changes)).rejects.toThrow(message);
      });

      it('has nothing to do for a commit of nothing', async () => {
        await expect(commit(account())).resolves.toBeUndefined();
      });
    });

    describe('costs what it says', () => {
      const units = { read: 0, write: 0 };
      const spent = async (work: (metered: Store) => Promise<unknown>): Promise<typeof units> => {
        Object.assign(units, { read: 0, write: 0 });
        await work(storeOn(client, { units })).catch(() => undefined);
        return { ...units };
      };
      const entry: readonly Change[] = [
        { kind: 'ROOM', move: moveOf('2000', 'crypto'), require: requirementOf({ symbol: 'BTC/USD', assetClass: 'crypto' }) },
        { kind: 'SLOT', before: slotOf(), after: slotOf({ revision: 2, fence: 1, entry: { status: 'PLACING', order: orderOf() } }), guard: 'ENTRY' },
        { kind: 'ORDER', before: null, after: recordOf() },
        { kind: 'ACTION', before: null, after: actionOf() },
      ];

      it('for each item of a transaction what is billed for it, and one unit for an item alone', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() }, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' });
        expect(await spent((metered) => metered.commit(of, entry, 'o1'))).toEqual({ read: 0, write: 4 * engine.transactionUnits });
        expect(await spent((metered) => metered.commit(of, [{ kind: 'WEBHOOK', id: 'w', at: AT }], 'o2'))).toEqual({ read: 0, write: 1 });
      });

      it('a conflict as much as a commit', async () => {
        expect((await spent((metered) => metered.commit(account(), entry, 'o'))).write).toBe(8);
      });

      it('a read of the book less than a read of its items one by one', async () => {
        const of = account();
        await commit(of, { kind: 'EQUITY', before: null, after: capacityOf() }, { kind: 'SLOT', before: null, after: slotOf(), guard: 'STATE' });
        const { read } = await spent((metered) => metered.load(of, { kind: 'BOOK', stealsSince: null }));
        expect(read).toBeGreaterThan(0);
        expect(read).toBeLessThanOrEqual(1);
      });
    });
  });
};
