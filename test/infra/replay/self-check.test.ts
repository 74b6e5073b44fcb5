import { describe, expect, it } from '@jest/globals';
import { createAuditor } from '../../../infra/local/replay/auditing-store.ts';
import { LedgerMirror } from '../../../infra/local/replay/ledger-mirror.ts';
import type { TripRecord } from '../../../shared/domain/trip.ts';
import type { VenueFillFact } from '../../../infra/local/replay/differing-fills.ts';
import type { StoreFacts, VenueFacts, VenueOrderFact } from '../../../infra/local/replay/self-check.ts';
import { equityCheck, overlappingEntries, selfCheck } from '../../../infra/local/replay/self-check.ts';
import type { Capacity } from '../../../shared/domain/account.ts';
import { ALL_ACTIVE } from '../../../shared/domain/account.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Change, EntryRequirement, OrderRecord } from '../../../shared/domain/decision.ts';
import type { StoredFill } from '../../../infra/local/replay/table-index.ts';
import type { ExitRules } from '../../../shared/domain/watch.ts';
import type { Order, Slot } from '../../../shared/domain/slot.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { Store } from '../../../shared/ports.ts';

const d = (text: string) => new Decimal(text);
const order = (given: Partial<Order> = {}): Order => ({
  clientOrderId: 'c1', exchangeOrderId: 'P1', purpose: 'ENTRY', fence: 1, side: 'buy', quantity: d('10'), limit: d('100'), stopPrice: null,
  status: 'OPEN', filledQuantity: d('0'), filledNotional: d('0'), tradedQuantity: d('0'), createdAt: 1, ...given,
});
const slot = (given: Partial<Slot> = {}): Slot => ({
  symbol: 'AAPL', slot: 'main', assetClass: 'stock', revision: 1, fence: 0, watchVersion: 1, planVersions: {}, watch: null,
  pending: null, entry: { status: 'NONE' }, position: { status: 'FLAT' }, parts: null, dust: d('0'), attempts: { day: '', count: 0, refused: 0 }, lastStolen: null, triggered: null, ...given,
});
const placed = slot({ revision: 2, entry: { status: 'PLACING', order: order() } });
const capacity: Capacity = {
  equity: d('10000'), equityAt: 100, cap: d('20000'), free: d('20000'), capOfClass: { stock: d('20000'), crypto: d('20000') },
  freeOfClass: { stock: d('20000'), crypto: d('20000') }, sequence: 5, kill: ALL_ACTIVE,
  day: null, peak: null, stopStreak: 0, passing: null, restore: null,
};
const room = (total: string, require: Partial<EntryRequirement> | null): Change => ({
  kind: 'ROOM',
  move: { total: d(total), stock: d(total), crypto: d('0') },
  require: require === null ? null : {
    symbol: 'AAPL', assetClass: 'stock', free: d(total), freeOfClass: d(total), equityAfter: 50, ...require,
  },
});
const claim = (total = '1000', require: Partial<EntryRequirement> = {}): readonly Change[] => [
  { kind: 'SLOT', before: slot(), after: placed, guard: 'ENTRY' },
  room(total, require),
];
const mirrorOf = (before: Capacity, slots: readonly Slot[] = [slot()]): LedgerMirror => {
  const mirror = new LedgerMirror();
  mirror.rebuild({ before, slots, after: before });
  return mirror;
};
const claimed: Capacity = { ...capacity, free: d('19000'), freeOfClass: { stock: d('19000'), crypto: d('20000') }, sequence: 6 };

describe('The self-check: capacity adds up at every commit (WS-2)', () => {
  it('finds nothing where every commit moves what its slots move', () => {
    const mirror = mirrorOf(capacity);
    mirror.apply(claim(), 'commit 1');
    mirror.compare({ before: claimed, slots: [placed], after: claimed }, 'step 1');
    expect([...mirror.unbalanced, ...mirror.unfit]).toEqual([]);
    expect([mirror.commits, mirror.claims]).toEqual([1, 1]);
  });

  it('finds a commit that moves the last digit less than its slots do', () => {
    const mirror = mirrorOf(capacity);
    mirror.apply(claim('999.99999999'), 'commit 1');
    expect(mirror.unbalanced).toContain('commit 1: total room moved by 999.99999999, its slots by 1000');
    expect(mirror.unbalanced).toContain('commit 1: total: cap − free is 999.99999999, the slots use 1000');
  });

  it('finds a slot that takes room without a move of room', () => {
    const mirror = mirrorOf(capacity);
    mirror.apply(claim().slice(0, 1), 'commit 1');
    expect(mirror.unbalanced).toContain('commit 1: stock room moved by 0, its slots by 1000');
  });

  it('finds a slot that was overwritten while it held room', () => {
    const mirror = mirrorOf(claimed, [placed]);
    mirror.apply([{ kind: 'SLOT', before: slot(), after: slot({ revision: 2 }), guard: 'ENTRY' }], 'commit 1');
    expect(mirror.unbalanced).toContain('commit 1: total room moved by 0, its slots by -1000');
  });

  it('follows the cap by its difference, and finds a table that does not', () => {
    const mirror = mirrorOf(claimed, [placed]);
    const after = { ...claimed, equity: d('9000'), equityAt: 200, cap: d('18000'), capOfClass: { stock: d('18000'), crypto: d('18000') } };
    mirror.apply([{ kind: 'EQUITY', before: claimed, after }], 'commit 1');
    expect(mirror.unbalanced).toEqual([]);
    expect(mirror.capacity?.free.toFixed()).toBe('17000');
    mirror.compare({ before: after, slots: [placed], after }, 'step 1');
    expect(mirror.unbalanced).toContain('step 1: free room (total) 17000, in the table 19000');
  });

  it('finds a table that was found not to add up, has another sequence, slot or room', () => {
    expect(mirrorOf(capacity, [placed]).unbalanced).toContain('the table as it was found: total: cap − free is 0, the slots use 1000');
    const mirror = mirrorOf(claimed, [placed]);
    const grown = slot({ ...placed, entry: { status: 'PLACING', order: order({ quantity: d('11') }) } });
    mirror.compare({ before: claimed, slots: [grown], after: { ...claimed, sequence: 7 } }, 'step 1');
    mirror.compare({ before: claimed, slots: [slot({ ...placed, revision: 3 })], after: claimed }, 'step 2');
    mirror.compare({ before: claimed, slots: [], after: claimed }, 'step 3');
    mirror.compare({ before: null, slots: [placed], after: null }, 'step 4');
    expect(mirror.unbalanced).toEqual([
      'step 1: sequence 6, in the table 7',
      'step 1: room of AAPL#main (total) 1000, in the table 1100',
      'step 1: room of AAPL#main (stock) 1000, in the table 1100',
      'step 2: AAPL#main at revision 2, in the table 3',
      'step 3: 1 slots, in the table 0',
      'step 4: capacity is known to one side only',
    ]);
  });
});

describe('The self-check: no claim was committed that did not fit (WS-2, KS-1)', () => {
  it.each([
    ['less free than needed', { ...capacity, free: d('999') }, {}, 'free 999, needed 1000'],
    ['less free in its class', { ...capacity, freeOfClass: { stock: d('999'), crypto: d('20000') } }, {}, 'free of its class 999, needed 1000'],
    ['stale equity', capacity, { equityAfter: 100 }, 'the equity was too old'],
    ['a halted symbol', { ...capacity, kill: { ...ALL_ACTIVE, symbols: { AAPL: 'HALTED' as const } } }, {}, 'entries were not allowed'],
    ['a reducing class', { ...capacity, kill: { ...ALL_ACTIVE, stock: 'REDUCING' as const } }, {}, 'entries were not allowed'],
  ])('finds a claim with %s', (_name, before, require, words) => {
    const mirror = mirrorOf(before);
    mirror.apply(claim('1000', require), 'commit 1');
    expect(mirror.unfit).toEqual([`commit 1: claim of AAPL: ${words}`]);
  });

  it('finds a claim while capacity was unknown', () => {
    const mirror = new LedgerMirror();
    mirror.apply(claim(), 'commit 1');
    expect(mirror.unfit).toEqual(['commit 1: claim of AAPL: capacity is unknown']);
  });

  it('sees the kill switch fall between two commits', () => {
    const mirror = mirrorOf(capacity);
    mirror.apply([{ kind: 'KILL', scope: { kind: 'CLASS', assetClass: 'stock' }, before: 'ACTIVE', state: 'HALTED' }], 'commit 1');
    mirror.apply(claim(), 'commit 2');
    expect(mirror.unfit).toEqual(['commit 2: claim of AAPL: entries were not allowed']);
  });
});

const venueOrder = (given: Partial<VenueOrderFact> = {}): VenueOrderFact => ({
  clientOrderId: 'c1', symbol: 'AAPL', side: 'buy', status: 'OPEN', reduceOnly: false, quantity: d('10'), filledQuantity: d('0'),
  filledNotional: d('0'), openSequence: 1, closeSequence: null, ...given,
});

describe('The self-check: no slot ever had two live entries (EW-7)', () => {
  it('allows one after the other, an exit beside an entry, a refused one, and other symbols', () => {
    const orders = [
      venueOrder({ closeSequence: 4 }),
      venueOrder({ clientOrderId: 'c2', openSequence: 5 }),
      venueOrder({ clientOrderId: 'x1', reduceOnly: true, openSequence: 6 }),
      venueOrder({ clientOrderId: 'r1', status: 'REJECTED', openSequence: 7, closeSequence: 7 }),
      venueOrder({ clientOrderId: 'm1', symbol: 'MSFT', openSequence: 8 }),
    ];
    expect(overlappingEntries(orders)).toEqual([]);
  });

  it('finds two that overlap, also behind a short one between', () => {
    const orders = [
      venueOrder({ closeSequence: 9 }),
      venueOrder({ clientOrderId: 'c2', openSequence: 3, closeSequence: 4 }),
      venueOrder({ clientOrderId: 'c3', openSequence: 5 }),
    ];
    expect(overlappingEntries(orders)).toEqual([
      'AAPL: c2 was opened while c1 was live',
      'AAPL: c3 was opened while c1 was live',
    ]);
  });
});

const storedFill = (given: Partial<StoredFill> = {}): StoredFill => ({
  clientOrderId: 'c1', tradeId: 't1', ref: { symbol: 'AAPL', slot: 'main' }, side: 'buy',
  quantity: d('10'), counted: d('10'), price: d('100'), fee: null, commission: d('0'), ...given,
});
const venueFill = (): VenueFillFact => ({ clientOrderId: 'c1', tradeId: 't1', quantity: d('10'), price: d('100') });
const exitRules: ExitRules = {
  takeProfit: null, maxHold: null, stop: { kind: 'limit', ownStop: null }, hours: 'NYSE', own: {}, netted: false,
  market: { tickSize: d('0.01'), lotSize: d('0.01'), minQuantity: d('0'), minNotional: d('0'), priceBand: null },
};
const record = (given: Partial<Order> = {}): OrderRecord => ({
  ref: { symbol: 'AAPL', slot: 'main' }, assetClass: 'stock', order: order(given), place: 'IN_SLOT', mode: 'normal', rules: exitRules, revision: 1,
});
const held = slot({
  position: {
    status: 'OPEN', side: 'buy', lots: [{ tradeId: 't1', price: d('100'), quantity: d('10'), commission: d('0'), at: 1 }], openedAt: 1, mode: 'normal',
    rules: exitRules, stop: { status: 'NONE' }, stopPrice: null, stopFailures: 0, exitFailures: 0, failedExit: null, unprotectedSince: null, reduction: null,
  },
});
const filled = { status: 'FILLED', filledQuantity: d('10'), filledNotional: d('1000') } as const;
const store: StoreFacts = { records: [record(filled)], fills: [storedFill()], trips: [], slots: [held] };
const venue: VenueFacts = { orders: [venueOrder({ ...filled, closeSequence: 2 })], fills: [venueFill()], holdings: { AAPL: d('10') } };
const differences = (inStore: Partial<StoreFacts>, atVenue: Partial<VenueFacts> = {}): readonly string[] =>
  selfCheck(new LedgerMirror(), { ...store, ...inStore }, { ...venue, ...atVenue }).filter(({ name }) => name !== TOLD).flatMap((check) => check.differences);
const TOLD = 'what the fills say is what round trips and open lots say';

describe('The self-check: what the fills say is what round trips and open lots say (EX-6)', () => {
  const trip: TripRecord = {
    id: 'c2#t2', ref: { symbol: 'AAPL', slot: 'main' }, side: 'buy', policy: 'STOP_FILLED', at: 2, late: d('0'), lost: [], unpaired: d('0'),
    trips: [{ entryTradeId: 't1', exitTradeId: 't2', direction: 'long', quantity: d('10'), entryPrice: d('100'), exitPrice: d('99'), commission: d('0.3'), openedAt: 1, closedAt: 2 }],
  };
  const sold = storedFill({ clientOrderId: 'c2', tradeId: 't2', side: 'sell', price: d('99'), fee: { asset: 'USD', amount: d('0.3') }, commission: d('0.3') });
  const told = (inStore: Partial<StoreFacts>): readonly string[] =>
    selfCheck(new LedgerMirror(), { ...store, ...inStore }, venue).filter(({ name }) => name === TOLD).flatMap((check) => check.differences);

  it('finds nothing where it is so', () => {
    expect(told({})).toEqual([]);
    expect(told({ fills: [storedFill(), sold], trips: [trip], slots: [] })).toEqual([]);
  });

  it('finds the last digit that is missing, and a round trip that is', () => {
    const short = { ...trip, trips: trip.trips.map((each) => ({ ...each, commission: d('0.29999999999999999999') })) };
    expect(told({ fills: [storedFill(), sold], trips: [short], slots: [] })).toEqual(['money: the fills say -10.3, round trips and open lots -10.29999999999999999999']);
    expect(told({ fills: [storedFill(), sold], trips: [], slots: [] })).toEqual(['money: the fills say -10.3, round trips and open lots 0']);
  });

  it('finds units that left without a word', () => {
    expect(told({ slots: [] })).toContain('units: the fills say 10, round trips and open lots 0');
  });
});

describe('The self-check: store and paper venue agree order by order', () => {
  it('finds nothing where they do', () => {
    expect(differences({})).toEqual([]);
  });

  it('finds an order with another status, quantity or notional', () => {
    expect(differences({ records: [record({ ...filled, status: 'CANCELLED' })] })).toEqual([
      'c1: status in the store CANCELLED, at the venue FILLED',
    ]);
    expect(differences({ records: [record({ ...filled, filledQuantity: d('9.99999999') })] })).toEqual([
      'c1: filled quantity in the store 9.99999999, at the venue 10',
    ]);
    expect(differences({ records: [record({ ...filled, filledNotional: d('1000.00000001') })] })).toEqual([
      'c1: filled notional in the store 1000.00000001, at the venue 1000',
    ]);
  });

  it('finds an order that only one side knows, unless it was never sent', () => {
    expect(differences({ records: [] })).toEqual(['c1: at the venue FILLED, unknown to the store']);
    const voided = record({ clientOrderId: 'c2', status: 'CANCELLED' });
    expect(differences({ records: [...store.records, voided] })).toEqual([]);
    const lost = record({ clientOrderId: 'c2', status: 'OPEN' });
    expect(differences({ records: [...store.records, lost] })).toEqual(['c2: in the store OPEN, unknown to the venue']);
    const invented = record({ clientOrderId: 'c2', status: 'CANCELLED', filledQuantity: d('1') });
    expect(differences({ records: [...store.records, invented] })).toEqual(['c2: in the store CANCELLED, unknown to the venue']);
  });

  it('finds a fill that only one side has', () => {
    expect(differences({ fills: [] })).toEqual(['fill c1#t1: not in the store']);
    expect(differences({}, { fills: [] })).toEqual(['fill c1#t1: not at the venue']);
    expect(differences({ fills: [storedFill(), storedFill()] })).toEqual(['fill c1#t1: twice']);
  });

  it('finds a fill of another quantity or price', () => {
    expect(differences({ fills: [storedFill({ counted: d('9') })] })).toEqual(['fill c1#t1: in the store 9 at 100, at the venue 10 at 100']);
    expect(differences({ fills: [storedFill({ price: d('100.01') })] })).toEqual(['fill c1#t1: in the store 10 at 100.01, at the venue 10 at 100']);
  });

  it('compares an order whose report was lost by all that was counted of it (SL-10)', () => {
    const inferred = storedFill({ tradeId: 'c1#10' });
    expect(differences({ fills: [inferred] })).toEqual([]);
    expect(differences({ fills: [storedFill({ tradeId: 'c1#10', counted: d('9') }), storedFill({ counted: d('1') })] })).toEqual([]);
    expect(differences({ fills: [storedFill({ tradeId: 'c1#10', counted: d('9') })] })).toEqual([
      'fills of c1: quantity counted 9, at the venue 10',
      'fills of c1: notional counted 900, at the venue 1000',
    ]);
    expect(differences({ fills: [inferred, inferred] })).toContain('fill c1#c1#10: twice');
    expect(differences({ fills: [inferred] }, { fills: [] })).toContain('fills of c1: quantity counted 10, at the venue 0');
  });

  it('finds a position that is larger, missing or the other way round', () => {
    expect(differences({}, { holdings: { AAPL: d('10.00000001') } })).toEqual(['AAPL: position in the store 10, at the venue 10.00000001']);
    expect(differences({ slots: [] })).toEqual(['AAPL: position in the store 0, at the venue 10']);
    expect(differences({}, { holdings: { AAPL: d('-10') } })).toEqual(['AAPL: position in the store 10, at the venue -10']);
  });

  it('finds equity that the fills do not explain', () => {
    expect(equityCheck(d('10000.1'), d('10000.10')).differences).toEqual([]);
    expect(equityCheck(d('10000.1'), d('10000.11')).differences).toEqual(['equity: the fills explain 10000.1, the venue says 10000.11']);
  });
});

describe('The auditing store', () => {
  const unused = () => Promise.reject(new Error('not asked for'));
  const read = () => Promise.resolve({ before: claimed, slots: [placed], after: claimed });
  const storeWith = (commit: Store['commit']): Store => ({
    commit, audit: unused, load: unused, findAction: unused, openActions: unused, findMarket: unused, saveMarkets: unused,
  });

  it('mirrors commits one after the other, in their order', async () => {
    const auditor = createAuditor(read);
    const order: string[] = [];
    const slow = storeWith(async (_account, _changes, owner) => {
      order.push(`${owner} begins`);
      await new Promise((resolve) => setTimeout(resolve, owner === 'first' ? 20 : 0));
      order.push(`${owner} ends`);
    });
    const store = auditor.wrap(slow);
    await Promise.all([store.commit('main', [], 'first'), store.commit('main', [], 'second')]);
    expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(auditor.mirror.commits).toBe(2);
  });

  it('does not mirror a commit that lost, and passes its conflict on', async () => {
    const auditor = createAuditor(read);
    const lost = new ConflictError({ item: 'CAPACITY', expected: 'free', found: 'less' });
    const store = auditor.wrap(storeWith(() => Promise.reject(lost)));
    await expect(store.commit('main', claim(), 'one')).rejects.toBe(lost);
    expect(auditor.mirror.commits).toBe(0);
    expect(auditor.mirror.capacity).toBeNull();
  });

  it('begins again from the table after a commit whose outcome is not known', async () => {
    const auditor = createAuditor(read);
    const store = auditor.wrap(storeWith(() => Promise.reject(new Error('no answer'))));
    await expect(store.commit('main', claim(), 'one')).rejects.toThrow('no answer');
    expect(auditor.mirror.capacity).toBe(claimed);
    expect(auditor.mirror.unbalanced).toEqual([]);
  });

  it('compares with the table', async () => {
    const auditor = createAuditor(read);
    const store = storeWith(() => Promise.resolve());
    await auditor.rebuild();
    await auditor.wrap(store).commit('main', [room('1', null)], 'one');
    await auditor.compare('step 1');
    expect(auditor.mirror.unbalanced).toContain('step 1: free room (total) 18999, in the table 19000');
  });
});
