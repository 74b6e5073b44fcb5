// The one pure decision: what an event means for an account, as changes that are committed together or not at all.
import type { Context } from './context.ts';
import { decideEquityRead, decideKillSwitch, decidePause, decideSessionReset } from './decide-account.ts';
import { decideRestoreSettled, decideTableRestored } from './decide-restore.ts';
import { decideActionAnswered, decideActionSeenLive, decideActionStopped, decideOrderAbsent } from './decide-action.ts';
import { decideEntryWanted } from './decide-entry.ts';
import { decideSlotChecked, decideSlotNetted, decideSlotReset } from './decide-slot.ts';
import { decideEntryHalted, decideWatchExpired, decideWatchPlanned, decideWatchWithdrawn } from './decide-plan.ts';
import { decideReductionPlanned } from './decide-reduction.ts';
import { decideQuotesSeen } from './decide-quotes.ts';
import { decideReport } from './decide-report.ts';
import type { Change, Decision, Snapshot } from './decision.ts';
import { ignore } from './draft.ts';
import type { Event } from './event.ts';
import { lawful } from './lifecycle.ts';
import { isOlderThan } from './order-report.ts';
import { decideReconciled, isReconcileEvent } from './reconcile-decide.ts';
import type { ReconcileEvent } from './reconcile-decide.ts';
import { floorOf } from './restore.ts';
import { unreachable } from './room.ts';
import { withTrips } from './trip-changes.ts';

type ReportEvent = Extract<Event, { type: 'ORDER_REPORTED' }>;
type WatchEvent = Extract<Event, { type: `WATCH_${string}` | `ENTRY_${string}` | `LEVEL_${string}` }>;
type SlotEvent = Extract<Event, { type: `SLOT_${string}` | `REDUCTION_${string}` }>;
type OrderEvent = Exclude<Extract<Event, { type: `ACTION_${string}` | `ORDER_${string}` }>, ReconcileEvent>;
type AccountEvent = Exclude<Event, WatchEvent | SlotEvent | OrderEvent | ReconcileEvent>;

/** A webhook's id is recorded with its effect and only with it, so a crash in between loses no update (SL-10). */
const decideReported = (event: ReportEvent, snapshot: Snapshot, context: Context): Decision => {
  if (snapshot.webhookSeen) return ignore('WEBHOOK_SEEN');
  const record = snapshot.orders.get(event.report.clientOrderId);
  if (record !== undefined && isOlderThan(event.report, record.order.createdAt)) return ignore('OLDER_ORDER');
  const decision = decideReport(event.report, [], snapshot, context);
  if (decision.kind === 'IGNORE' || event.webhookId === null) return decision;
  const seen: Change = { kind: 'WEBHOOK', id: event.webhookId, at: context.now };
  return { ...decision, changes: [...decision.changes, seen] };
};

const decideWatch = (event: WatchEvent, snapshot: Snapshot, context: Context): Decision => {
  switch (event.type) {
    case 'WATCH_PLANNED':
      return decideWatchPlanned(event.watch, snapshot, context);
    case 'WATCH_WITHDRAWN':
      return decideWatchWithdrawn(event, snapshot, context);
    case 'WATCH_EXPIRED':
      return decideWatchExpired(event.ref, snapshot, context);
    case 'ENTRY_WANTED':
      return decideEntryWanted(event, snapshot, context);
    case 'LEVEL_WANTED':
      return decideEntryWanted({ ref: event.ref, maySteal: false }, snapshot, context);
    case 'ENTRY_HALTED':
      return decideEntryHalted(event.ref, snapshot, context);
    default:
      return unreachable(event);
  }
};

const decideSlot = (event: SlotEvent, snapshot: Snapshot, context: Context): Decision => {
  switch (event.type) {
    case 'SLOT_CHECKED':
      return decideSlotChecked(event.ref, snapshot, context);
    case 'SLOT_RESET':
      return decideSlotReset(event.ref, snapshot, context);
    case 'SLOT_NETTED':
      return decideSlotNetted(event.ref, snapshot);
    case 'REDUCTION_PLANNED':
      return decideReductionPlanned(event, snapshot, context);
    default:
      return unreachable(event);
  }
};

const decideOrder = (event: OrderEvent, snapshot: Snapshot, context: Context): Decision => {
  switch (event.type) {
    case 'ORDER_REPORTED':
      return decideReported(event, snapshot, context);
    case 'ORDER_ABSENT':
      return decideOrderAbsent(event, snapshot, context);
    case 'ACTION_ANSWERED':
      return decideActionAnswered(event, snapshot, context);
    case 'ACTION_STOPPED':
      return decideActionStopped(event, snapshot, context);
    case 'ACTION_SEEN_LIVE':
      return decideActionSeenLive(event, snapshot, context);
    default:
      return unreachable(event);
  }
};

const decideAccount = (event: AccountEvent, snapshot: Snapshot, context: Context): Decision => {
  switch (event.type) {
    case 'QUOTES_SEEN':
      return decideQuotesSeen(event, snapshot, context);
    case 'EQUITY_READ':
      return decideEquityRead(event, snapshot, context);
    case 'KILL_SWITCH_SET':
      return decideKillSwitch(event, snapshot);
    case 'ACCOUNT_PAUSED':
      return decidePause(event, snapshot, context);
    case 'TABLE_RESTORED':
      return decideTableRestored(event, snapshot, context);
    case 'RESTORE_SETTLED':
      return decideRestoreSettled(event, snapshot);
    case 'SESSION_RESET':
      return decideSessionReset(snapshot, context);
    default:
      return unreachable(event);
  }
};

const isWatchEvent = (event: Event): event is WatchEvent =>
  event.type.startsWith('WATCH_') || event.type.startsWith('ENTRY_') || event.type.startsWith('LEVEL_');

const isSlotEvent = (event: Event): event is SlotEvent => event.type.startsWith('SLOT_') || event.type.startsWith('REDUCTION_');

const isOrderEvent = (event: Event): event is OrderEvent =>
  !isReconcileEvent(event) && (event.type.startsWith('ACTION_') || event.type.startsWith('ORDER_'));

const isAccountEvent = (event: Event): event is AccountEvent =>
  !isWatchEvent(event) && !isSlotEvent(event) && !isOrderEvent(event) && !isReconcileEvent(event);

const decideAny = (snapshot: Snapshot, event: Event, context: Context): Decision => {
  if (isReconcileEvent(event)) return decideReconciled(event, snapshot, context);
  if (isWatchEvent(event)) return decideWatch(event, snapshot, context);
  if (isSlotEvent(event)) return decideSlot(event, snapshot, context);
  if (isAccountEvent(event)) return decideAccount(event, snapshot, context);
  return decideOrder(event, snapshot, context);
};

const aboveFloor = ({ capacity }: Snapshot, context: Context): Context => ({ ...context, fenceFloor: floorOf(capacity?.restore ?? null) });

/** Decides what an event means (all rules), by steps of the lifecycle alone; pure, so that it may run again on a newer snapshot. */
export const decide = (snapshot: Snapshot, event: Event, context: Context): Decision =>
  lawful(withTrips(decideAny(snapshot, event, aboveFloor(snapshot, context)), context), event);
