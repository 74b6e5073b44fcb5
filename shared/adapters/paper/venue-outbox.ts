// The webhooks that the paper venue still owes: sent in order, and again until they are taken.
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../ports.ts';
import type { Millis } from '../../domain/instant.ts';
import { webhookRequest } from '../../signed-webhook.ts';
import type { Faults } from './venue-faults.ts';
import type { VenueEvent } from './venue-model.ts';
import { type Owed, comeLater, dueNow, isReady, letPass, owe } from './venue-owed.ts';
import { reportOfEvent, withoutFilled } from './venue-report.ts';
import { type WebhookTarget, postWebhook } from './venue-webhook.ts';

/** `due` may be sent by a flush, `later` waits for its time (the earliest is `nextAt`), `held` waits to be overtaken. */
export interface PendingWebhooks {
  readonly due: number;
  readonly held: number;
  readonly later: number;
  readonly nextAt: Millis | null;
}

export interface OutboxOptions {
  readonly account: string;
  readonly clock: Pick<Clock, 'now'>;
  /** MANUAL sends at each flush only; AUTO as things happen, and again with growing pauses, `maxRounds` times at most. */
  readonly mode: 'MANUAL' | 'AUTO';
  readonly timeoutMs: number;
  readonly pauseMs: number;
  readonly maxRounds: number;
  /** Called when a webhook need never be sent again. */
  readonly onSettled: (sequence: number) => void;
}

// A venue comes back soon: what it owes is how a fill is known, and a throttle lets the next try through.
const LONGEST_PAUSE_FACTOR = 4;

/** The webhooks still owed, oldest first. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #owed = new Map<number, Owed>();
  readonly #stop = new AbortController();
  #target: WebhookTarget | null = null;
  #turn: Promise<number> = Promise.resolve(0);
  #pump: Promise<void> | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Owes a webhook for each event, spoilt as the faults say. */
  add(events: readonly VenueEvent[], faults: Faults): void {
    for (const event of events) {
      const one = owe(event, faults.ofWebhook(event), this.#options.clock.now());
      this.#owed.set(event.sequence, one);
      if (one.effects.includes('DROP')) this.settle(event.sequence);
    }
    this.#wake();
  }

  /** Sends every webhook that is due, in order; returns how many were taken. */
  flush(): Promise<number> {
    const round = (): Promise<number> => this.#sendRound();
    this.#turn = this.#turn.then(round, round);
    return this.#turn;
  }

  /** Counts what a flush may still send, and what waits. */
  pending(): PendingWebhooks {
    const now = this.#options.clock.now();
    const free = [...this.#owed.values()].filter((one) => !one.held);
    const later = free.filter((one) => !isReady(one, now)).map((one) => one.notBefore);
    return {
      due: free.length - later.length,
      held: this.#owed.size - free.length,
      later: later.length,
      nextAt: later.length === 0 ? null : Math.min(...later),
    };
  }

  /** Forgets a webhook that need never be sent again. */
  settle(sequence: number): void {
    if (this.#owed.delete(sequence)) this.#options.onSettled(sequence);
  }

  /** Lets go of what waits to be overtaken. */
  release(): void {
    for (const one of this.#owed.values()) one.held = false;
    this.#wake();
  }

  /** Says where webhooks go from now on; null keeps them. */
  setTarget(target: WebhookTarget | null): void {
    this.#target = target;
    this.#wake();
  }

  /** Ends what is being sent; what was not taken stays owed. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([this.#turn, this.#pump]);
  }

  #wake(): void {
    if (this.#options.mode !== 'AUTO' || this.#target === null || this.#stop.signal.aborted) return;
    this.#pump ??= this.#run().finally(() => {
      this.#pump = null;
    });
  }

  async #run(): Promise<void> {
    const { maxRounds, pauseMs } = this.#options;
    for (let failures = 0; failures < maxRounds && (await this.#untilDue()); ) {
      failures = (await this.flush()) > 0 ? 0 : failures + 1;
      if (failures > 0) await pause(pauseMs * Math.min(2 ** (failures - 1), LONGEST_PAUSE_FACTOR), this.#stop.signal);
    }
  }

  /** Waits until something may be sent; false where nothing will be. */
  async #untilDue(): Promise<boolean> {
    for (;;) {
      const { due, nextAt } = this.pending();
      if (this.#stop.signal.aborted || (due === 0 && nextAt === null)) return false;
      if (due > 0) return true;
      await pause(Math.max(1, (nextAt ?? 0) - this.#options.clock.now()), this.#stop.signal);
    }
  }

  async #sendRound(): Promise<number> {
    const now = this.#options.clock.now();
    const round = dueNow([...this.#owed.values()], now);
    let taken = 0;
    // What a sent webhook overtakes joins the end of the round while it runs.
    for (const one of round) {
      if (!(await this.#send(one))) continue;
      taken += 1;
      if (!comeLater(one)) this.settle(one.event.sequence);
      round.push(...letPass([...this.#owed.values()], one.event));
    }
    return taken;
  }

  async #send({ event, effects, laterCopies }: Owed): Promise<boolean> {
    if (this.#target === null || this.#stop.signal.aborted) return false;
    const { url, secret } = this.#target;
    const { account, clock, timeoutMs } = this.#options;
    const request = webhookRequest(secret, webhookId(event), clock.now(), bodyOf(account, event, effects.includes('OMIT_FILLED')));
    const taken = await postWebhook(url, request, timeoutMs, this.#stop.signal);
    if (taken && effects.includes('DUPLICATE') && laterCopies === null) await postWebhook(url, request, timeoutMs, this.#stop.signal);
    return taken;
  }
}

/** The id of the webhook of an event: the same at every sending. */
export function webhookId(event: Pick<VenueEvent, 'sequence' | 'order'>): string {
  return `paper-${event.order.exchangeOrderId}-${event.sequence}`;
}

function bodyOf(account: string, event: VenueEvent, omitsFilled: boolean): string {
  const report = reportOfEvent(event);
  return JSON.stringify({ type: 'order', account, order: omitsFilled ? withoutFilled(report) : report });
}

/** Waits so long, or until it is to stop. */
function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return delay(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}
