// Orders of which something was heard: each is read, told, and told again until it is taken. One at a time of one order, so
// that its reports go out in their order; what is heard meanwhile is read after it.
import { pauseAfter } from '../../../shared/domain/backoff.ts';
import { type Decimal, ZERO, max } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import { isFinal } from '../../../shared/domain/order-lifecycle.ts';
import type { OrderReport } from '../../../shared/domain/order-report.ts';
import type { OrderRef } from '../../../shared/ports.ts';
import { nameOf } from './log.ts';
import type { Memory } from './memory.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { VenueManners } from './venue-manners.ts';
import { orderWebhook } from './webhooks.ts';

/** What the stream has said of an order; a read that knows less came too early. */
export interface Claim {
  readonly filledQuantity: Decimal | null;
  readonly isOver: boolean;
}

export const NO_CLAIM: Claim = { filledQuantity: null, isOver: false };

interface Rung {
  readonly order: OrderRef;
  readonly since: Millis;
  claim: Claim;
  isAgain: boolean;
  failures: number;
  earlyReads: number;
}

type Served = 'TOLD' | 'FAILED' | 'TOO_EARLY';

/** A venue whose reads lag behind its stream is asked so often again; then what it says is told. */
const MOST_EARLY_READS = 6;

/** Orders of which the last telling is known, so that it is not told again. */
const MOST_REMEMBERED = 10_000;

interface Parts extends Pick<RelayDeps, 'account' | 'deliver' | 'clock' | 'log' | 'pace'> {
  readonly manners: VenueManners;
  readonly memory: Memory;
  readonly stop: AbortSignal;
}

export class OrderDesk {
  readonly #parts: Parts;
  readonly #rung = new Map<string, Rung>();
  readonly #lastTold = new Map<string, string>();
  readonly #ready: Rung[] = [];
  readonly #working = new Set<Promise<void>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Hears of an order; false where too many wait already, so that it has to be found by the next catch-up. */
  ring(order: OrderRef, claim: Claim): boolean {
    const { memory, clock, pace } = this.#parts;
    memory.expect(order);
    const waiting = this.#rung.get(order.clientOrderId);
    if (waiting !== undefined) {
      waiting.claim = merged(waiting.claim, claim);
      waiting.isAgain = true;
      return true;
    }
    if (this.#rung.size >= pace.mostWaiting) return false;
    const rung: Rung = { order, since: clock.now(), claim, isAgain: false, failures: 0, earlyReads: 0 };
    this.#rung.set(order.clientOrderId, rung);
    this.#enqueue(rung);
    return true;
  }

  /** How many orders wait to be told, and since when the oldest; null where none does. */
  waiting(): { readonly count: number; readonly since: Millis | null } {
    const times = [...this.#rung.values()].map(({ since }) => since);
    return { count: times.length, since: times.length === 0 ? null : Math.min(...times) };
  }

  /** Ends when what is under way has ended. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }

  #enqueue(rung: Rung): void {
    this.#ready.push(rung);
    this.#pump();
  }

  #pump(): void {
    while (this.#working.size < this.#parts.pace.mostReads && !this.#parts.stop.aborted) {
      const next = this.#ready.shift();
      if (next === undefined) return;
      const work: Promise<void> = this.#turnOf(next).finally(() => {
        this.#working.delete(work);
        this.#pump();
      });
      this.#working.add(work);
    }
  }

  async #turnOf(rung: Rung): Promise<void> {
    rung.isAgain = false;
    const served = await this.#serve(rung);
    if (served === 'TOLD') return this.#finish(rung);
    if (served === 'FAILED') rung.failures += 1;
    else rung.earlyReads += 1;
    // The place is free while it waits.
    void this.#comeAgain(rung);
  }

  #finish(rung: Rung): void {
    if (!rung.isAgain) return void this.#rung.delete(rung.order.clientOrderId);
    const { order, claim } = rung;
    const next: Rung = { order, since: this.#parts.clock.now(), claim, isAgain: false, failures: 0, earlyReads: 0 };
    this.#rung.set(order.clientOrderId, next);
    this.#ready.push(next);
  }

  async #comeAgain(rung: Rung): Promise<void> {
    const { clock, pace, stop } = this.#parts;
    const tries = Math.max(1, rung.failures + rung.earlyReads);
    await clock.pause(pauseAfter(tries, 0, { firstMillis: pace.firstPauseMs, longestMillis: pace.longestPauseMs, fraction: clock.fraction() }), stop);
    if (!stop.aborted) this.#enqueue(rung);
  }

  async #serve(rung: Rung): Promise<Served> {
    const { manners, stop, log } = this.#parts;
    try {
      const report = await manners.ask((venue) => venue.findOrder(rung.order), stop);
      if (isEarly(report, rung)) return 'TOO_EARLY';
      return report === null ? this.#giveUp(rung) : await this.#tell(report);
    } catch (error) {
      log('order_unread', { clientOrderId: rung.order.clientOrderId, failures: rung.failures + 1, error: nameOf(error) });
      return 'FAILED';
    }
  }

  async #tell(report: OrderReport): Promise<Served> {
    const { account, deliver, memory, stop, log } = this.#parts;
    const { clientOrderId } = report;
    const webhook = orderWebhook(account, report);
    if (this.#lastTold.get(clientOrderId) !== webhook.id && !(await deliver(webhook, stop))) {
      log('webhook_not_taken', { clientOrderId });
      return 'FAILED';
    }
    this.#remember(clientOrderId, webhook.id);
    if (isFinal(report.status)) memory.forget(clientOrderId);
    return 'TOLD';
  }

  /** An order that is over is heard of a while longer. */
  #remember(clientOrderId: string, webhookId: string): void {
    this.#lastTold.delete(clientOrderId);
    this.#lastTold.set(clientOrderId, webhookId);
    const [oldest] = this.#lastTold.keys();
    if (this.#lastTold.size > MOST_REMEMBERED && oldest !== undefined) this.#lastTold.delete(oldest);
  }

  /** What the venue does not have has nothing to tell; that it vanished is for reconcile to say (SL-11). */
  #giveUp({ order }: Rung): Served {
    this.#parts.log('order_absent', { clientOrderId: order.clientOrderId });
    this.#lastTold.delete(order.clientOrderId);
    this.#parts.memory.forget(order.clientOrderId);
    return 'TOLD';
  }
}

function merged(a: Claim, b: Claim): Claim {
  return { filledQuantity: max(a.filledQuantity ?? ZERO, b.filledQuantity ?? ZERO), isOver: a.isOver || b.isOver };
}

function isEarly(report: OrderReport | null, { claim, earlyReads }: Rung): boolean {
  if (earlyReads >= MOST_EARLY_READS) return false;
  if (report === null) return true;
  const lacks = claim.filledQuantity?.greaterThan(report.filledQuantity ?? ZERO) ?? false;
  return lacks || (claim.isOver && !isFinal(report.status));
}
