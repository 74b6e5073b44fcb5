// The Store port in memory, under the very conditions of the table: what a decision rests on is asked again here.
import type { Capacity, KillScope, KillState } from '../../shared/domain/account.ts';
import type { Action } from '../../shared/domain/action.ts';
import { placeActionId } from '../../shared/domain/action.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { Change, EntryRequirement, Fill, OrderRecord, QuoteBoard, Snapshot, StealRecord } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import type { ReconcileState } from '../../shared/domain/reconcile-state.ts';
import { NEVER_RECONCILED } from '../../shared/domain/reconcile-state.ts';
import type { Slot, SlotRef } from '../../shared/domain/slot.ts';
import type { TripRecord } from '../../shared/domain/trip.ts';
import { ordersIn } from '../../shared/domain/slot-orders.ts';
import { ConflictError, StoreUnavailableError } from '../../shared/errors.ts';
import type { Market, Scope, Store } from '../../shared/ports.ts';
import { deepFreeze } from './deep-freeze.ts';

type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** One account's items. */
export interface Account {
  capacity: Capacity | null;
  board: QuoteBoard;
  reconcile: ReconcileState;
  readonly slots: Map<string, Slot>;
  readonly steals: StealRecord[];
  readonly actions: Map<string, Action>;
  readonly orders: Map<string, OrderRecord>;
  readonly fills: Map<string, Fill>;
  readonly trips: Map<string, TripRecord>;
  readonly webhooks: Set<string>;
  readonly markets: Map<string, Market>;
  readonly owners: Set<string>;
}

/** What a test puts between the store and those who use it. */
export interface StoreHooks {
  /** Runs before each round trip; may wait (another invocation goes on) or throw (this one dies). */
  readonly pause?: (operation: string) => Promise<void>;
  /** Says what becomes of a commit's answer: LOST_BEFORE wrote nothing, LOST_AFTER wrote all of it. */
  readonly fate?: () => 'KEPT' | 'LOST_BEFORE' | 'LOST_AFTER';
  /** Sees every commit that reached the store, with the item whose condition failed; null where it was written. */
  readonly onTry?: (changes: readonly Change[], owner: string, lost: string | null) => void;
  /** Sees every commit that was written. */
  readonly onCommit?: (changes: readonly Change[], before: Account, after: Account) => void;
}

const MOST_DIGITS = 38;
const CAPACITY = 'BOOK#1#CAPACITY';
const NO_QUOTES: QuoteBoard = { revision: 0, quotes: {}, bars: {}, features: {} };
const stateOf = (slot: Slot): string => `${slot.entry.status}/${slot.position.status}`;

const emptyAccount = (): Account => ({
  capacity: null,
  board: NO_QUOTES,
  reconcile: NEVER_RECONCILED,
  slots: new Map(),
  steals: [],
  actions: new Map(),
  orders: new Map(),
  fills: new Map(),
  trips: new Map(),
  webhooks: new Set(),
  markets: new Map(),
  owners: new Set(),
});

const copyOf = (account: Account): Account => ({
  ...account,
  slots: new Map(account.slots),
  steals: [...account.steals],
  actions: new Map(account.actions),
  orders: new Map(account.orders),
  fills: new Map(account.fills),
  trips: new Map(account.trips),
  webhooks: new Set(account.webhooks),
  owners: new Set(account.owners),
});

const conflict = (item: string, expected: unknown, found: unknown): never => {
  throw new ConflictError({ item, expected: String(expected), found: String(found) });
};

const require_ = (holds: boolean, item: string, expected: unknown, found: unknown): void => {
  if (!holds) conflict(item, expected, found);
};

const killOf = (capacity: Capacity, scope: KillScope): KillState => {
  if (scope.kind === 'ACCOUNT') return capacity.kill.account;
  return scope.kind === 'CLASS' ? capacity.kill[scope.assetClass] : (capacity.kill.symbols[scope.symbol] ?? 'ACTIVE');
};

/** Refuses what the table could not keep exactly. */
const checkDigits = (value: unknown): void => {
  if (value instanceof Decimal) {
    const isLong = value.d === null || value.d.length * 7 > MOST_DIGITS;
    if (isLong && (!value.isFinite() || value.precision() > MOST_DIGITS)) throw new Error(`the table cannot keep ${value.toString()}`);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  // A distance is a ratio without end; the table rounds it, and nothing is decided by what it was.
  for (const [name, member] of Object.entries(value)) if (!name.endsWith('Distance')) checkDigits(member);
};

/** The table adds to its sums only what leaves them exact: at most 20 places. */
const checkPlaces = (changes: readonly Change[]): void => {
  for (const change of changes) {
    if (change.kind !== 'ROOM') continue;
    const { total, stock, crypto } = change.move;
    if ([total, stock, crypto].some((move) => move.decimalPlaces() > 20)) throw new Error(`the table cannot add ${total.toString()}`);
  }
};

const refText = (ref: SlotRef): string => `${ref.symbol}:${ref.slot}`;

const itemOf = (change: Change): string => {
  switch (change.kind) {
    case 'SLOT':
      return `BOOK#3#SLOT#${slotKey(change.after)}`;
    case 'ROOM':
    case 'ENTRIES_ALLOWED':
    case 'EQUITY':
    case 'STREAK':
    case 'PASSING':
    case 'RESTORE':
    case 'LIMITS_ANEW':
      return `${CAPACITY} ${change.kind}`;
    case 'KILL':
      return `${CAPACITY} KILL ${JSON.stringify(change.scope)}`;
    case 'ACTION':
      return `ACTION#${(change.after ?? change.before)?.id}`;
    case 'ORDER':
      return `ORDER#${change.after.order.clientOrderId}`;
    case 'FILL':
      return `FILL#${change.fill.clientOrderId}#${change.fill.tradeId}`;
    case 'TRIP':
      return `TRIP#${change.record.at}#${change.record.id}`;
    case 'STEAL':
      return `BOOK#4#STEAL#${String(change.steal.at).padStart(15, '0')}#${refText(change.steal.thief)}#${refText(change.steal.victim)}`;
    case 'WEBHOOK':
      return `WEBHOOK#${change.id}`;
    case 'QUOTES':
      return 'BOOK#2#QUOTES';
    case 'RECONCILE':
      return 'RECONCILE';
  }
};

const isOfLedger = (change: Change): boolean => itemOf(change).startsWith(CAPACITY);

const checkKill = (capacity: Capacity, of: Pick<EntryRequirement, 'symbol' | 'assetClass'>): void => {
  const { kill } = capacity;
  for (const state of [kill.account, kill[of.assetClass], kill.symbols[of.symbol] ?? 'ACTIVE']) {
    require_(state === 'ACTIVE', CAPACITY, 'kill switch ACTIVE', state);
  }
};

const applyRoom = (state: Account, { move, require }: ChangeOf<'ROOM'>): void => {
  const { capacity } = state;
  if (capacity === null) return conflict(CAPACITY, 'an item', 'none');
  if (require !== null) {
    require_(capacity.free.greaterThanOrEqualTo(require.free), CAPACITY, `free >= ${require.free.toFixed()}`, capacity.free);
    const ofClass = capacity.freeOfClass[require.assetClass];
    require_(ofClass.greaterThanOrEqualTo(require.freeOfClass), CAPACITY, `free of class >= ${require.freeOfClass.toFixed()}`, ofClass);
    require_(capacity.equityAt > require.equityAfter, CAPACITY, `equityAt > ${require.equityAfter}`, capacity.equityAt);
    checkKill(capacity, require);
  }
  const { stock, crypto } = capacity.freeOfClass;
  state.capacity = {
    ...capacity,
    free: capacity.free.minus(move.total),
    freeOfClass: { stock: stock.minus(move.stock), crypto: crypto.minus(move.crypto) },
    sequence: capacity.sequence + 1,
  };
};

const marksOf = ({ day, peak }: Capacity): string => JSON.stringify([day, peak]);

const isSamePassing = (a: Capacity['passing'], b: Capacity['passing']): boolean => (a === null || b === null ? a === b : a.since === b.since);

const applyLimits = (state: Account, change: ChangeOf<'STREAK' | 'PASSING' | 'RESTORE' | 'LIMITS_ANEW'>): void => {
  const { capacity } = state;
  if (capacity === null) return conflict(CAPACITY, 'an item', 'none');
  switch (change.kind) {
    case 'STREAK':
      state.capacity = { ...capacity, stopStreak: change.to === 'ADD' ? capacity.stopStreak + 1 : 0 };
      return;
    case 'PASSING':
      require_(isSamePassing(capacity.passing, change.before), CAPACITY, JSON.stringify(change.before), JSON.stringify(capacity.passing));
      state.capacity = { ...capacity, passing: change.after };
      return;
    case 'RESTORE':
      require_(capacity.restore?.table === change.before?.table, CAPACITY, `restore of ${change.before?.table}`, capacity.restore?.table);
      state.capacity = { ...capacity, restore: change.after };
      return;
    case 'LIMITS_ANEW':
      state.capacity = { ...capacity, day: null, peak: null };
  }
};

const applyEquity = (state: Account, { before, after }: ChangeOf<'EQUITY'>): void => {
  const { capacity } = state;
  if (before === null || capacity === null) {
    require_(before === null && capacity === null, CAPACITY, before === null ? 'no item' : 'an item', 'the other');
    state.capacity = after;
    return;
  }
  const isAsSeen = [
    [capacity.cap, before.cap],
    [capacity.capOfClass.stock, before.capOfClass.stock],
    [capacity.capOfClass.crypto, before.capOfClass.crypto],
  ].every(([found, seen]) => found !== undefined && seen !== undefined && found.equals(seen));
  require_(isAsSeen && capacity.equityAt < after.equityAt, CAPACITY, 'caps as seen, older equity', capacity.cap);
  require_(marksOf(capacity) === marksOf(before), CAPACITY, `marks ${marksOf(before)}`, marksOf(capacity));
  const { stock, crypto } = capacity.freeOfClass;
  state.capacity = {
    ...capacity,
    equity: after.equity,
    equityAt: after.equityAt,
    day: after.day,
    peak: after.peak,
    cap: after.cap,
    capOfClass: after.capOfClass,
    free: capacity.free.plus(after.cap.minus(before.cap)),
    freeOfClass: {
      stock: stock.plus(after.capOfClass.stock.minus(before.capOfClass.stock)),
      crypto: crypto.plus(after.capOfClass.crypto.minus(before.capOfClass.crypto)),
    },
  };
};

const applyKill = (state: Account, { scope, before, state: next }: ChangeOf<'KILL'>): void => {
  const { capacity } = state;
  if (capacity === null) return conflict(CAPACITY, 'an item', 'none');
  require_(killOf(capacity, scope) === before, CAPACITY, before, killOf(capacity, scope));
  const { kill } = capacity;
  const symbols = scope.kind === 'SYMBOL' ? { ...kill.symbols, [scope.symbol]: next } : kill.symbols;
  const named = scope.kind === 'ACCOUNT' ? { account: next } : scope.kind === 'CLASS' ? { [scope.assetClass]: next } : {};
  state.capacity = { ...capacity, kill: { ...kill, ...named, symbols } };
};

const applySlot = (state: Account, { before, after, guard }: ChangeOf<'SLOT'>): void => {
  const key = slotKey(after);
  const found = state.slots.get(key);
  const item = `BOOK#3#SLOT#${key}`;
  if (before === null || found === undefined) {
    require_(before === null && found === undefined, item, before === null ? 'no item' : 'an item', 'the other');
    state.slots.set(key, after);
    return;
  }
  if (after.revision <= before.revision) throw new Error(`${item}: revision ${after.revision} follows ${before.revision}`);
  require_(stateOf(found) === stateOf(before), item, stateOf(before), stateOf(found));
  require_(found.fence === before.fence, item, `fence ${before.fence}`, found.fence);
  require_(found.watchVersion === before.watchVersion, item, `watch version ${before.watchVersion}`, found.watchVersion);
  if (guard === 'STATE') require_(found.revision === before.revision, item, `revision ${before.revision}`, found.revision);
  const names = Object.keys(after) as (keyof Slot)[];
  const changed = names.filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
  const written = Object.fromEntries(changed.map((name) => [name, after[name]]));
  state.slots.set(key, { ...found, ...written, revision: found.revision + after.revision - before.revision });
};

const applyAction = (state: Account, change: ChangeOf<'ACTION'>): void => {
  const item = itemOf(change);
  const id = item.slice('ACTION#'.length);
  const found = state.actions.get(id);
  if (change.before === null) require_(found === undefined, item, 'no item', 'an item');
  else {
    const { state: seen, notSent } = change.before;
    require_(found?.state === seen && found.notSent === notSent, item, `${seen}, not sent ${notSent}`, found?.state);
  }
  if (change.after === null) state.actions.delete(id);
  else state.actions.set(id, change.after);
};

const applyOrder = (state: Account, change: ChangeOf<'ORDER'>): void => {
  const id = change.after.order.clientOrderId;
  const found = state.orders.get(id);
  if (change.before === null) require_(found === undefined, itemOf(change), 'no item', 'an item');
  else require_(found?.revision === change.before.revision, itemOf(change), `revision ${change.before.revision}`, found?.revision);
  state.orders.set(id, change.after);
};

const applyOnce = (state: Account, change: ChangeOf<'FILL' | 'TRIP' | 'STEAL' | 'WEBHOOK' | 'QUOTES' | 'RECONCILE'>): void => {
  const item = itemOf(change);
  switch (change.kind) {
    case 'FILL':
      require_(!state.fills.has(item), item, 'no item', 'an item');
      state.fills.set(item, change.fill);
      return;
    case 'TRIP':
      require_(!state.trips.has(item), item, 'no item', 'an item');
      state.trips.set(item, change.record);
      return;
    case 'STEAL':
      require_(state.steals.every((steal) => itemOf({ kind: 'STEAL', steal }) !== item), item, 'no item', 'an item');
      state.steals.push(change.steal);
      return;
    case 'WEBHOOK':
      require_(!state.webhooks.has(change.id), item, 'no item', 'an item');
      state.webhooks.add(change.id);
      return;
    case 'QUOTES':
      require_(state.board.revision === change.before.revision, item, change.before.revision, state.board.revision);
      state.board = change.after;
      return;
    case 'RECONCILE':
      require_(state.reconcile.revision === change.before.revision, item, change.before.revision, state.reconcile.revision);
      state.reconcile = change.after;
  }
};

const applyChange = (state: Account, change: Change): void => {
  switch (change.kind) {
    case 'SLOT':
      return applySlot(state, change);
    case 'ROOM':
      return applyRoom(state, change);
    case 'ENTRIES_ALLOWED':
      if (state.capacity === null) return conflict(CAPACITY, 'an item', 'none');
      return checkKill(state.capacity, change);
    case 'EQUITY':
      return applyEquity(state, change);
    case 'KILL':
      return applyKill(state, change);
    case 'STREAK':
    case 'PASSING':
    case 'RESTORE':
    case 'LIMITS_ANEW':
      return applyLimits(state, change);
    case 'ACTION':
      return applyAction(state, change);
    case 'ORDER':
      return applyOrder(state, change);
    case 'FILL':
    case 'TRIP':
    case 'STEAL':
    case 'WEBHOOK':
    case 'QUOTES':
    case 'RECONCILE':
      return applyOnce(state, change);
  }
};

/** The two stops of a slot where one is taking the other's place. */
const replacedIn = (slot: Slot): readonly string[] => {
  const stops = ordersIn(slot).filter(({ place }) => place === 'STOP' || place === 'FORMER_STOP');
  return stops.length === 2 ? stops.map(({ order }) => order.clientOrderId) : [];
};

/** Builds the store. `peek` reads an account without a round trip, for assertions. */
export const createMemoryStore = (hooks: StoreHooks = {}): Store & { readonly peek: (account: string) => Account } => {
  const accounts = new Map<string, Account>();
  const accountOf = (name: string): Account => {
    const found = accounts.get(name) ?? emptyAccount();
    accounts.set(name, found);
    return found;
  };
  const pause = (operation: string): Promise<void> => hooks.pause?.(operation) ?? Promise.resolve();

  const write = (name: string, changes: readonly Change[], owner: string): void => {
    const before = accountOf(name);
    // An earlier try of this commit had been written, and only its answer was lost.
    if (changes.length === 0 || before.owners.has(owner)) return;
    checkDigits(changes);
    checkPlaces(changes);
    const items = changes.map(itemOf);
    const twin = items.find((item, place) => items.indexOf(item) !== place);
    if (twin !== undefined) throw new Error(`two changes of ${twin} in one commit`);
    const after = copyOf(before);
    // The ledger's condition is the first to be told of, as in the table's one write of it.
    for (const change of [...changes].sort((a, b) => Number(isOfLedger(b)) - Number(isOfLedger(a)))) applyChange(after, change);
    deepFreeze([...after.slots.values(), after.capacity, after.board, after.reconcile, ...after.actions.values(), ...after.orders.values()]);
    after.owners.add(owner);
    accounts.set(name, after);
    hooks.onCommit?.(changes, before, after);
  };

  const tryToWrite = (name: string, changes: readonly Change[], owner: string): void => {
    try {
      write(name, changes, owner);
      hooks.onTry?.(changes, owner, null);
    } catch (error) {
      if (error instanceof ConflictError) hooks.onTry?.(changes, owner, error.item);
      throw error;
    }
  };

  const bare = (account: string): Snapshot => ({
    account,
    capacity: null,
    board: NO_QUOTES,
    slots: new Map(),
    steals: [],
    orders: new Map(),
    actions: new Map(),
    countedTrades: new Set(),
    webhookSeen: false,
    reconcile: NEVER_RECONCILED,
  });

  const ledger = (account: string) => {
    const { capacity, board } = accountOf(account);
    return { capacity, board };
  };

  const slotsOf = (account: string, refs: readonly SlotRef[]): ReadonlyMap<string, Slot> => {
    const { slots } = accountOf(account);
    return new Map(refs.flatMap((ref) => {
      const slot = slots.get(slotKey(ref));
      return slot === undefined ? [] : [[slotKey(ref), slot] as const];
    }));
  };

  const actionsOf = (account: string, ids: readonly string[]): ReadonlyMap<string, Action> => {
    const { actions } = accountOf(account);
    return new Map(ids.flatMap((id) => {
      const action = actions.get(id);
      return action === undefined ? [] : [[id, action] as const];
    }));
  };

  const recordsOf = (account: string, ids: readonly string[]): ReadonlyMap<string, OrderRecord> => {
    const { orders } = accountOf(account);
    return new Map(ids.flatMap((id) => {
      const record = orders.get(id);
      return record === undefined ? [] : [[id, record] as const];
    }));
  };

  const loadSlot = async (account: string, ref: SlotRef): Promise<Snapshot> => {
    const first = { ...bare(account), ...ledger(account), slots: slotsOf(account, [ref]) };
    const orders = [...first.slots.values()].flatMap(ordersIn).map(({ order }) => order.clientOrderId);
    if (orders.length > 0) await pause('load');
    return { ...first, orders: recordsOf(account, orders), actions: actionsOf(account, orders.map(placeActionId)) };
  };

  const loadOrder = async (account: string, scope: Extract<Scope, { kind: 'ORDER' }>): Promise<Snapshot> => {
    const { clientOrderId, tradeIds, webhookId, actionIds } = scope;
    const { orders, fills, webhooks } = accountOf(account);
    const record = orders.get(clientOrderId);
    const first: Snapshot = {
      ...bare(account),
      orders: recordsOf(account, [clientOrderId]),
      countedTrades: new Set(tradeIds.filter((id) => fills.has(`FILL#${clientOrderId}#${id}`))),
      webhookSeen: webhookId !== null && webhooks.has(webhookId),
      actions: actionsOf(account, [placeActionId(clientOrderId), ...actionIds]),
    };
    await pause('load');
    const own = record === undefined ? new Map<string, Slot>() : slotsOf(account, [record.ref]);
    const second = { ...first, ...ledger(account) };
    const thieves = [...own.values()].flatMap(({ entry }) => (entry.status === 'YIELDING' ? [entry.thief] : []));
    const replaced = [...own.values()].flatMap(replacedIn);
    if (thieves.length + replaced.length > 0) await pause('load');
    return {
      ...second,
      slots: new Map([...own, ...slotsOf(account, thieves)]),
      orders: new Map([...second.orders, ...recordsOf(account, replaced)]),
    };
  };

  const loadBook = async (account: string, stealsSince: number | null): Promise<Snapshot> => {
    const first = { ...bare(account), ...ledger(account) };
    await pause('load');
    const slots = new Map([...accountOf(account).slots].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (stealsSince !== null) await pause('load');
    const steals = stealsSince === null ? [] : accountOf(account).steals.filter((steal) => steal.at >= stealsSince);
    return { ...first, slots, steals };
  };

  const load = (account: string, scope: Scope): Promise<Snapshot> => {
    switch (scope.kind) {
      case 'BOOK':
        return loadBook(account, scope.stealsSince);
      case 'SLOT':
        return loadSlot(account, scope.ref);
      case 'ORDER':
        return loadOrder(account, scope);
      case 'ACCOUNT':
        return Promise.resolve({ ...bare(account), ...ledger(account) });
      case 'RECONCILE':
        return Promise.resolve({ ...bare(account), ...ledger(account), reconcile: accountOf(account).reconcile });
    }
  };

  return {
    peek: accountOf,
    load: async (account, scope) => {
      await pause('load');
      return deepFreeze(await load(account, scope));
    },
    commit: async (account, changes, owner) => {
      await pause('commit');
      const fate = hooks.fate?.() ?? 'KEPT';
      if (fate !== 'LOST_BEFORE') tryToWrite(account, changes, owner);
      if (fate !== 'KEPT') throw new StoreUnavailableError('a commit', 1);
      await pause('committed');
    },
    findAction: async (account, actionId) => {
      await pause('load');
      return accountOf(account).actions.get(actionId) ?? null;
    },
    openActions: async (account) => {
      await pause('load');
      return [...accountOf(account).actions.values()].sort((a, b) => a.plannedAt - b.plannedAt || (a.id < b.id ? -1 : 1));
    },
    audit: async (account) => {
      await pause('load');
      const before = accountOf(account).capacity;
      await pause('load');
      const slots = [...accountOf(account).slots.values()];
      await pause('load');
      return { before, slots, after: accountOf(account).capacity };
    },
    findMarket: async (account, symbol) => accountOf(account).markets.get(symbol) ?? null,
    saveMarkets: async (account, markets) => {
      const known = accountOf(account).markets;
      const changed = markets.filter((each) => JSON.stringify(known.get(each.symbol)) !== JSON.stringify(each));
      for (const each of changed) known.set(each.symbol, each);
      return changed.length;
    },
  };
};
