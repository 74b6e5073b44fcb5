// What must hold after every commit, whatever happened: the ledger adds up, and every waiting state has something to end it.
import { placeActionId } from '../../shared/domain/action.ts';
import { isAcknowledged } from '../../shared/domain/order-progress.ts';
import { isHeld } from '../../shared/domain/position-moves.ts';
import { ordersIn, sliceOf, stopOf } from '../../shared/domain/slot-orders.ts';
import type { Capacity } from '../../shared/domain/account.ts';
import { entriesAllowed } from '../../shared/domain/account.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import { NO_MOVE, addRoom, priceOf, roomOfEntry, usedBy } from '../../shared/domain/room.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { Decimal, sum } from '../../shared/domain/decimal.ts';
import type { Account } from './memory-store.ts';

/** Between the look at the clock and the commit an invocation may stall. */
const STALL_MS = 3000;

const check = (holds: boolean, message: () => string): void => {
  if (!holds) throw new Error(`INVARIANT: ${message()}`);
};

/** WS-2: cap − free is what the slots use, in all and by class, to the last digit. */
export const checkRoom = ({ capacity, slots }: Account): void => {
  if (capacity === null) return;
  const used = [...slots.values()].map(usedBy).reduce(addRoom, NO_MOVE);
  const rows = [
    ['total', capacity.cap.minus(capacity.free), used.total],
    ['stock', capacity.capOfClass.stock.minus(capacity.freeOfClass.stock), used.stock],
    ['crypto', capacity.capOfClass.crypto.minus(capacity.freeOfClass.crypto), used.crypto],
  ] as const;
  for (const [name, spent, slotted] of rows) {
    check(spent.equals(slotted), () => `room of ${name}: the ledger says ${spent.toFixed()}, the slots ${slotted.toFixed()}`);
  }
};

const entryRoom = (slot: Slot | undefined): { readonly total: Decimal; readonly ofClass: Decimal } =>
  slot === undefined ? { total: new Decimal(0), ofClass: new Decimal(0) } : roomOfEntry(slot.entry);

/** WS-2, WS-8, EX-3: an entry that takes more room than it had leaves the free room at or above zero. */
const checkRoomTaken = (key: string, slot: Slot, before: Slot | undefined, capacity: Capacity): void => {
  const had = entryRoom(before);
  const has = entryRoom(slot);
  const ofClass = capacity.freeOfClass[slot.assetClass];
  if (has.total.greaterThan(had.total)) check(!capacity.free.isNegative() || capacity.free.isZero(), () => `${key} took more than the free room: ${capacity.free.toFixed()}`);
  if (has.ofClass.greaterThan(had.ofClass)) check(ofClass.greaterThanOrEqualTo(0), () => `${key} took more than the room of its class: ${ofClass.toFixed()}`);
};

/** EX-1: what the fills say of the orders that are the parts of an entry. */
const filledParts = (account: Account, slot: Slot): Decimal => {
  const { parts } = slot;
  const isPart = (id: string): boolean => (account.orders.get(id)?.order.fence ?? 0) >= (parts?.fromFence ?? 0);
  const fills = [...account.fills.values()].filter(({ ref, purpose, clientOrderId }) => slotKey(ref) === slotKey(slot) && purpose === 'ENTRY' && isPart(clientOrderId));
  return sum(fills.map((fill) => fill.counted));
};

/** EW-5, EW-6, EX-1: an order is placed by the watch of its slot, in time, and from flat, or as a part that makes no more than the whole. */
const checkPlacement = (key: string, slot: Slot, before: Slot | undefined, account: Account): void => {
  const { entry, watch, position, parts } = slot;
  if (entry.status !== 'PLACING' || before?.entry.status === 'PLACING') return;
  check(watch !== null && watch.expiresAt > entry.order.createdAt, () => `${key} is placed by no watch, or by one that has expired`);
  const { quantity } = entry.order;
  const isWhole = parts === null && watch?.quantity.equals(quantity) === true;
  const isPart = parts !== null && watch !== null && filledParts(account, slot).plus(quantity).lessThanOrEqualTo(watch.quantity);
  check(watch?.limit.equals(priceOf(entry.order)) === true && (isWhole || isPart), () => `${key} is placed at other terms than its watch's`);
  check(position.status === 'FLAT' || (position.status === 'OPEN' && parts !== null), () => `${key} is placed onto a position`);
};

/** EX-1: an entry in parts knows what those have filled, whenever that was told. */
const checkParts = (account: Account): void => {
  for (const slot of account.slots.values()) {
    const { parts } = slot;
    check(parts?.filled.equals(filledParts(account, slot)) !== false, () => `${slotKey(slot)} says its parts filled ${parts?.filled.toFixed()}, its fills ${filledParts(account, slot).toFixed()}`);
  }
};

/** KS-1, EX-9: what goes out is allowed to when it does, and is not too late. */
const checkSend = (change: Change, { capacity }: Account): void => {
  if (change.kind !== 'ACTION' || change.before?.state !== 'PLANNED' || change.after?.state !== 'SENT') return;
  const { purpose, intent, assetClass, ref, sentAt, validUntil } = change.after;
  if (purpose !== 'ENTRY' || intent.kind !== 'PLACE') return;
  check(capacity !== null && entriesAllowed(capacity.kill, assetClass, ref.symbol), () => `${change.after?.id} went out against the kill switch`);
  check(sentAt !== null && validUntil !== null && sentAt <= validUntil + STALL_MS, () => `${change.after?.id} went out too late`);
};

/** Everything that a commit may take, place or send. */
export const checkClaims = (changes: readonly Change[], before: Account, after: Account): void => {
  for (const change of changes) {
    checkSend(change, before);
    if (change.kind !== 'SLOT' || after.capacity === null) continue;
    const key = slotKey(change.after);
    const slot = after.slots.get(key);
    if (slot === undefined) continue;
    checkRoomTaken(key, slot, before.slots.get(key), after.capacity);
    checkPlacement(key, slot, before.slots.get(key), after);
  }
};

const hasAction = (account: Account, clientOrderId: string, kind: string): boolean =>
  [...account.actions.values()].some((action) => action.clientOrderId === clientOrderId && action.intent.kind === kind);

const checkEntry = (account: Account, slot: Slot): void => {
  const { entry } = slot;
  const key = slotKey(slot);
  switch (entry.status) {
    case 'NONE':
      return;
    case 'WAITING': {
      const victim = account.slots.get(slotKey(entry.steal.victim));
      const isYielding = victim?.entry.status === 'YIELDING' && victim.entry.order.clientOrderId === entry.steal.victimClientOrderId;
      return check(isYielding, () => `${key} waits for a victim that does not yield`);
    }
    case 'PLACING':
      return check(account.actions.has(placeActionId(entry.order.clientOrderId)), () => `${key} is placing without an action`);
    case 'WORKING':
      if (entry.amendment === null) return;
      return check(hasAction(account, entry.order.clientOrderId, 'AMEND'), () => `${key} is amended without an action`);
    case 'YIELDING': {
      const thief = account.slots.get(slotKey(entry.thief));
      check(thief?.entry.status === 'WAITING', () => `${key} yields to nobody`);
      return check(hasAction(account, entry.order.clientOrderId, 'CANCEL'), () => `${key} yields without a cancel`);
    }
    case 'CANCELLING':
      return check(hasAction(account, entry.order.clientOrderId, 'CANCEL'), () => `${key} is cancelling without a cancel`);
  }
};

const checkStop = (account: Account, slot: Slot): void => {
  const { position } = slot;
  const key = slotKey(slot);
  const stop = stopOf(position);
  const slice = sliceOf(position);
  check(position.status !== 'LEAVING' || stop?.status === 'CANCELLING' || slice !== null, () => `${key} is leaving and its stop is ${stop?.status ?? 'none'}`);
  check(position.status !== 'EXITING' || stop?.status === 'NONE', () => `${key} is sold while its stop is ${stop?.status ?? 'none'}`);
  check(position.status !== 'EXITING' || slice === null, () => `${key} is sold while a slice of it is`);
  const isOut = slice === null || isAcknowledged(slice.status) || account.actions.has(placeActionId(slice.clientOrderId));
  check(isOut, () => `${key}: its slice is placing without an action`);
  if (stop === null || stop.status === 'NONE' || stop.status === 'WATCHED') return;
  const { order, former } = stop;
  const isPending = !isAcknowledged(order.status);
  check(!isPending || account.actions.has(placeActionId(order.clientOrderId)), () => `${key}: its stop is placing without an action`);
  if (stop.status === 'PLACED') {
    check(stop.amendment === null || hasAction(account, order.clientOrderId, 'AMEND'), () => `${key}: its stop moves without an action`);
  } else {
    check(isPending || hasAction(account, order.clientOrderId, 'CANCEL'), () => `${key}: its stop is cancelling without a cancel`);
  }
  const formerWaits = former !== null && former.attempts > 0;
  check(!formerWaits || hasAction(account, former.order.clientOrderId, 'CANCEL'), () => `${key}: a former stop waits without a cancel`);
};

/** SL-4, SL-7: what is held openly has a stop from the commit of its fill on, unless the venue has just refused one. */
const checkProtection = ({ position, symbol }: Slot): void => {
  if (position.status !== 'OPEN') return;
  // Below zero no stop is left to place: what fell so far is sold at the next look.
  const isPlaceable = position.stopPrice !== null;
  check(position.stop.status !== 'NONE' || position.stopFailures > 0 || !isPlaceable, () => `${symbol} is held without a stop`);
};

/** EX-9, WS-8: whatever waits has an action that will end the wait. */
export const checkLiveness = (account: Account): void => {
  for (const slot of account.slots.values()) {
    checkEntry(account, slot);
    checkStop(account, slot);
    checkProtection(slot);
  }
};

/** EX-11, SL-10: an order in a slot is the one its record says, and a record says so of nothing else. */
export const checkRecords = (account: Account): void => {
  const inSlots = new Set([...account.slots.values()].flatMap((slot) => ordersIn(slot).map(({ order }) => order.clientOrderId)));
  for (const [id, record] of account.orders) {
    check(inSlots.has(id) === (record.place === 'IN_SLOT'), () => `${id} is ${record.place} and ${inSlots.has(id) ? '' : 'not '}in a slot`);
  }
};

/** What may be left over where fees were taken in units: less than a lot for each order that bought or sold (EX-7). */
const mostDust = (account: Account, slot: Slot, fees: Decimal): Decimal => {
  if (fees.isZero()) return fees;
  const orders = [...account.orders.values()].filter(({ ref }) => slotKey(ref) === slotKey(slot));
  return sum(orders.map(({ rules }) => rules.market.lotSize));
};

/** EX-2, SL-10: a position is what its counted fills say; of some symbols the venue's positions alone may say more (SL-11). */
export const checkPositions = (account: Account, unexplained: ReadonlySet<string> = new Set()): void => {
  for (const slot of account.slots.values()) {
    const fills = [...account.fills.values()].filter((fill) => slotKey(fill.ref) === slotKey(slot));
    const counted = (purpose: string): Decimal => sum(fills.filter((fill) => fill.purpose === purpose).map((fill) => fill.counted));
    const held = isHeld(slot.position) ? sum(slot.position.lots.map((lot) => lot.quantity)) : new Decimal(0);
    const kept = fills.filter(({ purpose, fee }) => purpose === 'ENTRY' && fee?.asset === slot.symbol.split('/')[0]);
    const fees = sum(kept.map(({ fee }) => fee?.amount ?? new Decimal(0)));
    const due = counted('ENTRY').minus(fees).minus(counted('EXIT')).minus(counted('STOP'));
    const dust = due.minus(held);
    const isDue = dust.isZero() || (dust.greaterThan(0) && dust.lessThan(mostDust(account, slot, fees)));
    check(unexplained.has(slot.symbol) || isDue, () => `${slotKey(slot)} holds ${held.toFixed()}, its fills say ${due.toFixed()}`);
    check(slot.position.status !== 'OPEN' || held.greaterThan(0), () => `${slotKey(slot)} holds nothing openly`);
  }
};

/** Everything at once. */
export const checkAccount = (changes: readonly Change[], before: Account, after: Account, unexplained?: ReadonlySet<string>): void => {
  checkRoom(after);
  checkClaims(changes, before, after);
  checkLiveness(after);
  checkRecords(after);
  checkPositions(after, unexplained);
  checkParts(after);
};
