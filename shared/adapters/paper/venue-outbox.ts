// The webhooks that the paper venue still owes: sent in order, and again until they are taken.
import type { Clock } from '../../ports.ts';
import type { Faults, WebhookEffect } from './venue-faults.ts';
import type { VenueEvent } from './venue-model.ts';
import { reportOfEvent, withoutFilled } from './venue-report.ts';
import { type WebhookTarget, postWebhook, webhookRequest } from './venue-webhook.ts';

interface Owed {
  readonly event: VenueEvent;
  readonly effects: readonly WebhookEffect['kind'][];
  flushesLeft: number;
  held: boolean;
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

const LONGEST_PAUSE_FACTOR = 64;

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
      const one = owe(event, faults.ofWebhook(event));
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

  /** Counts what a flush may still send, and what waits to be overtaken. */
  pending(): { readonly due: number; readonly held: number } {
    const held = [...this.#owed.values()].filter((one) => one.held).length;
    return { due: this.#owed.size - held, held };
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
    for (let failures = 0; this.pending().due > 0 && failures < maxRounds && !this.#stop.signal.aborted; ) {
      failures = (await this.flush()) > 0 ? 0 : failures + 1;
      if (failures > 0) await pause(pauseMs * Math.min(2 ** (failures - 1), LONGEST_PAUSE_FACTOR), this.#stop.signal);
    }
  }

  async #sendRound(): Promise<number> {
    const round = dueNow([...this.#owed.values()]);
    let taken = 0;
    // What a sent webhook overtakes joins the end of the round while it runs.
    for (const one of round) {
      if (!(await this.#send(one))) continue;
      taken += 1;
      this.settle(one.event.sequence);
      round.push(...letPass([...this.#owed.values()], one.event));
    }
    return taken;
  }

  async #send({ event, effects }: Owed): Promise<boolean> {
    if (this.#target === null || this.#stop.signal.aborted) return false;
    const { url, secret } = this.#target;
    const { account, clock, timeoutMs } = this.#options;
    const request = webhookRequest(secret, webhookId(event), clock.now(), bodyOf(account, event, effects));
    const taken = await postWebhook(url, request, timeoutMs, this.#stop.signal);
    if (taken && effects.includes('DUPLICATE')) await postWebhook(url, request, timeoutMs, this.#stop.signal);
    return taken;
  }
}

/** The id of the webhook of an event: the same at every sending. */
export function webhookId(event: Pick<VenueEvent, 'sequence' | 'order'>): string {
  return `paper-${event.order.exchangeOrderId}-${event.sequence}`;
}

function owe(event: VenueEvent, effects: readonly WebhookEffect[]): Owed {
  const flushes = effects.map((effect) => (effect.kind === 'DELAY' ? effect.flushes : 0));
  const kinds = effects.map((effect) => effect.kind);
  return { event, effects: kinds, flushesLeft: Math.max(0, ...flushes), held: kinds.includes('OVERTAKEN') };
}

function dueNow(all: readonly Owed[]): Owed[] {
  const due = all.filter((one) => !one.held && one.flushesLeft === 0);
  for (const one of all) one.flushesLeft = Math.max(0, one.flushesLeft - 1);
  const last = (one: Owed): boolean => one.effects.includes('LAST');
  return [...due.filter((one) => !last(one)), ...due.filter(last)];
}

function letPass(all: readonly Owed[], overtaking: VenueEvent): readonly Owed[] {
  const passed = all.filter(({ held, event }) =>
    held && event.sequence < overtaking.sequence && event.order.clientOrderId === overtaking.order.clientOrderId);
  for (const one of passed) one.held = false;
  return passed;
}

function bodyOf(account: string, event: VenueEvent, effects: readonly WebhookEffect['kind'][]): string {
  const report = reportOfEvent(event);
  return JSON.stringify({ type: 'order', account, order: effects.includes('OMIT_FILLED') ? withoutFilled(report) : report });
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    stop.addEventListener('abort', end);
  });
}
