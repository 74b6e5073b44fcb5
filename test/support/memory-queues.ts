// The queues in memory: first in, first out within a group, delays by the clock, a repeat dropped for five minutes.
import type { Message } from '../../shared/messages.ts';
import { QUEUES } from '../../shared/messages.ts';
import type { Clock, Queues } from '../../shared/ports.ts';

export interface Queued {
  readonly message: Message;
  readonly visibleAt: number;
  readonly group: string | null;
  received: number;
  inFlight: boolean;
}

const DEDUPLICATION_MS = 300_000;

const groupOf = (message: Message): string | null => {
  const { group } = QUEUES[message.kind];
  if (group === null) return null;
  return group === 'account' ? `${message.kind}:${message.account}` : `${message.kind}:${'symbol' in message ? message.symbol : ''}`;
};

const bodyOf = (message: Message): string => JSON.stringify({ ...message, correlationId: '' });

export interface QueueHooks {
  readonly clock: Clock;
  readonly pause?: (operation: string) => Promise<void>;
  /** Tells whether a send is lost, as when its sender dies before it. */
  readonly loses?: (message: Message) => boolean;
}

export class MemoryQueues implements Queues {
  readonly sent: Message[] = [];
  readonly waiting: Queued[] = [];
  readonly #hooks: QueueHooks;
  readonly #seen = new Map<string, number>();

  constructor(hooks: QueueHooks) {
    this.#hooks = hooks;
  }

  async send(message: Message, options: { readonly delaySeconds?: number; readonly nonce?: string } = {}): Promise<void> {
    await this.#hooks.pause?.('send');
    if (this.#hooks.loses?.(message) === true) return;
    const now = this.#hooks.clock.now();
    const group = groupOf(message);
    if (group !== null && this.#isRepeat(`${bodyOf(message)}${options.nonce ?? ''}`, now)) return;
    this.sent.push(message);
    this.waiting.push({ message, visibleAt: now + (options.delaySeconds ?? 0) * 1000, group, received: 0, inFlight: false });
  }

  /** Messages that could be received now: of each FIFO group only the first. */
  receivable(): readonly Queued[] {
    const now = this.#hooks.clock.now();
    const blocked = new Set<string>();
    return this.waiting.filter((queued) => {
      if (queued.group === null) return !queued.inFlight && queued.visibleAt <= now;
      if (blocked.has(queued.group)) return false;
      blocked.add(queued.group);
      return !queued.inFlight && queued.visibleAt <= now;
    });
  }

  done(queued: Queued): void {
    const place = this.waiting.indexOf(queued);
    if (place >= 0) this.waiting.splice(place, 1);
  }

  /** When the next delayed message may be received; null when there is none. */
  nextAt(): number | null {
    const times = this.waiting.map((queued) => queued.visibleAt);
    return times.length === 0 ? null : Math.min(...times);
  }

  #isRepeat(key: string, now: number): boolean {
    const last = this.#seen.get(key);
    if (last !== undefined && now - last < DEDUPLICATION_MS) return true;
    this.#seen.set(key, now);
    return false;
  }
}
