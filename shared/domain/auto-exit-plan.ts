// Leaving a position whose stop rests at the venue (SL-6): take the stop away, learn how that ended, sell the remainder.
// Take-profit, longest hold and probe expiry go the same way, so that two exits never sell twice.
import { type CancellableOrder, type CancellableReport, absorbWord } from './cancellable-order.ts';
import { type Decimal, ZERO, max } from './decimal.ts';
import type { Millis } from './instant.ts';
import { type OrderStatus, isLive, nextStatus } from './order-lifecycle.ts';
import { type SessionWindow, minutes } from './session-window.ts';
import type { Settings } from './settings.ts';
import type { Side } from './side.ts';

/** The protective order at the venue. */
export interface RestingStop extends CancellableOrder {
  readonly id: string;
}

/** The last sale sent, for `quantity` units; what it filled is cumulative. */
export interface Sale {
  readonly status: OrderStatus;
  readonly quantity: Decimal;
  readonly filledQuantity: Decimal;
}

/** Where the way out stands: not begun, under way, given up while an order still covers the position, or with the stop put back. */
export type ExitProgress = 'HOLDING' | 'LEAVING' | 'GIVING_UP' | 'RESTORED';

/** A position on its way out; `held` in units, negative when short, `failures` counts sales that ended short of it. */
export interface ExitPlan {
  readonly progress: ExitProgress;
  readonly held: Decimal;
  readonly side: Side;
  readonly stop: RestingStop | null;
  readonly sale: Sale | null;
  readonly failures: number;
}

/** What time it is for a position: to be held, to be left, or too late because the market is shut. */
export type ExitTime = 'HOLD' | 'LEAVE' | 'SHUT';

/** What happens to a position on its way out. */
export type ExitEvent =
  | { readonly type: 'TICKED'; readonly time: ExitTime }
  | ({ readonly type: 'STOP_UPDATED' } & CancellableReport)
  | { readonly type: 'SALE_UPDATED'; readonly status: OrderStatus; readonly filledQuantity: Decimal };

/** What is to be done: quantities in units, never more than is held. */
export type ExitAction =
  | { readonly type: 'CANCEL_STOP'; readonly id: string }
  | { readonly type: 'CLOSE'; readonly side: Side; readonly quantity: Decimal }
  | { readonly type: 'RESTORE_STOP'; readonly quantity: Decimal };

/** A plan after an event and what follows from it. */
export interface ExitStep {
  readonly plan: ExitPlan;
  readonly actions: readonly ExitAction[];
}

/** Begins the plan of a position, in units and negative when short, with its live stop order, if it has one. */
export function exitPlanOf(held: Decimal, stopId: string | null): ExitPlan {
  const stop: RestingStop | null = stopId === null ? null : { id: stopId, status: 'OPEN', filledQuantity: ZERO, cancelAsked: false };
  return { progress: 'HOLDING', held, side: held.isNegative() ? 'sell' : 'buy', stop, sale: null, failures: 0 };
}

/** Tells what time it is for a position (SL-6): it leaves `EXIT_BEFORE_CLOSE_MINUTES` before the close, which some markets never have. */
export function exitTimeAt(at: Millis, session: Pick<SessionWindow, 'closesAt'>, settings: Pick<Settings, 'exitBeforeCloseMinutes'>): ExitTime {
  if (session.closesAt === null) return 'HOLD';
  if (at >= session.closesAt) return 'SHUT';
  return at >= session.closesAt - minutes(settings.exitBeforeCloseMinutes) ? 'LEAVE' : 'HOLD';
}

/** Decides what an event means for a position on its way out (SL-6). Pure; `maxOrderRetries` null retries until the close. */
export function advanceExit(plan: ExitPlan, event: ExitEvent, maxOrderRetries: number | null): ExitStep {
  switch (event.type) {
    case 'TICKED':
      return tick(plan, event.time);
    case 'STOP_UPDATED':
      return continueAfterStop(updateStop(plan, event));
    case 'SALE_UPDATED':
      return continueAfterSale(plan, updateSale(plan, event), maxOrderRetries);
    default:
      return event satisfies never;
  }
}

function tick(plan: ExitPlan, time: ExitTime): ExitStep {
  // Once begun it goes on, also where the price that began it has gone.
  const begun = plan.progress === 'LEAVING';
  if (time === 'SHUT') return begun ? giveUp(plan) : rest(plan);
  return begun || (time === 'LEAVE' && plan.progress === 'HOLDING') ? leave(plan) : rest(plan);
}

function leave(plan: ExitPlan): ExitStep {
  if (!isHeld(plan)) return rest(plan);
  const leaving: ExitPlan = { ...plan, progress: 'LEAVING' };
  const { stop } = leaving;
  if (stop === null || !isLive(stop.status)) return close(leaving);
  if (stop.cancelAsked) return rest(leaving);
  return { plan: { ...leaving, stop: { ...stop, cancelAsked: true } }, actions: [{ type: 'CANCEL_STOP', id: stop.id }] };
}

function continueAfterStop(plan: ExitPlan): ExitStep {
  if (plan.progress === 'GIVING_UP') return giveUp(plan);
  const ended = plan.stop !== null && !isLive(plan.stop.status);
  // A sale that failed comes again with the next tick, not with an echo of the stop's end.
  return plan.progress === 'LEAVING' && ended && plan.sale === null ? close(plan) : rest(plan);
}

function continueAfterSale(before: ExitPlan, after: ExitPlan, maxOrderRetries: number | null): ExitStep {
  const failed = isUnderWay(before.sale) && !isUnderWay(after.sale) && isHeld(after);
  if (!failed) return rest(after);
  const failures = after.failures + 1;
  const exhausted = maxOrderRetries !== null && failures > maxOrderRetries;
  return exhausted || after.progress === 'GIVING_UP' ? giveUp({ ...after, failures }) : rest({ ...after, failures });
}

function close(plan: ExitPlan): ExitStep {
  if (!isHeld(plan) || isUnderWay(plan.sale)) return rest(plan);
  const side: Side = plan.side === 'buy' ? 'sell' : 'buy';
  const quantity = plan.held.abs();
  return { plan: { ...plan, sale: { status: 'SUBMITTED', quantity, filledQuantity: ZERO } }, actions: [{ type: 'CLOSE', side, quantity }] };
}

/** Puts the stop back as soon as nothing else can make the position smaller. */
function giveUp(plan: ExitPlan): ExitStep {
  const covered = isUnderWay(plan.stop) || isUnderWay(plan.sale);
  if (covered || !isHeld(plan)) return rest({ ...plan, progress: 'GIVING_UP' });
  return { plan: { ...plan, progress: 'RESTORED' }, actions: [{ type: 'RESTORE_STOP', quantity: plan.held.abs() }] };
}

function rest(plan: ExitPlan): ExitStep {
  return { plan, actions: [] };
}

/** A position that has turned around is not ours to trade (SL-11). */
function isHeld({ held, side }: ExitPlan): boolean {
  return side === 'buy' ? held.greaterThan(0) : held.lessThan(0);
}

function isUnderWay(order: Pick<Sale, 'status'> | null): boolean {
  return order !== null && isLive(order.status);
}

function updateStop(plan: ExitPlan, report: CancellableReport): ExitPlan {
  if (plan.stop === null) return plan;
  const stop = absorbWord(plan.stop, report);
  return { ...plan, stop, held: heldAfter(plan, stop.filledQuantity.minus(plan.stop.filledQuantity)) };
}

function updateSale(plan: ExitPlan, update: Extract<ExitEvent, { readonly type: 'SALE_UPDATED' }>): ExitPlan {
  const { sale } = plan;
  if (sale === null) return plan;
  const filledQuantity = max(sale.filledQuantity, update.filledQuantity);
  // A fill is what quantities say: on the bare word that it filled, the rest would be sold a second time.
  const word = update.status === 'FILLED' && filledQuantity.lessThan(sale.quantity) ? 'PARTIALLY_FILLED' : update.status;
  const status = nextStatus(sale.status, word) ?? sale.status;
  return { ...plan, held: heldAfter(plan, filledQuantity.minus(sale.filledQuantity)), sale: { ...sale, status, filledQuantity } };
}

function heldAfter({ held, side }: ExitPlan, filled: Decimal): Decimal {
  return side === 'buy' ? held.minus(filled) : held.plus(filled);
}
