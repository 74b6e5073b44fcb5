// The newest price of each symbol, told together once in a while. Old ones are dropped first when nobody takes them.
import type { StreamedPrice } from '../../../shared/venue-stream.ts';
import type { RelayDeps } from './relay-deps.ts';
import { priceWebhooks } from './webhooks.ts';

type Parts = Pick<RelayDeps, 'account' | 'symbols' | 'deliver' | 'clock' | 'log' | 'pace'>;

export class PriceDesk {
  readonly #parts: Parts;
  readonly #newest = new Map<string, StreamedPrice>();
  readonly #wanted: ReadonlySet<string>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#wanted = new Set(parts.symbols);
  }

  /** Keeps what is newer than what is kept (WS-1). A venue's clock that is ahead of ours says no later than now. */
  take(prices: readonly StreamedPrice[]): void {
    const now = this.#parts.clock.now();
    for (const price of prices) {
      const at = Math.min(price.at, now);
      if (!this.#wanted.has(price.symbol) || at < (this.#newest.get(price.symbol)?.at ?? 0)) continue;
      this.#newest.set(price.symbol, { ...price, at });
    }
  }

  /** Tells every price until it is stopped. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#tellAll(stop);
      await this.#parts.clock.pause(this.#parts.pace.pricesEveryMs, stop);
    }
  }

  async #tellAll(stop: AbortSignal): Promise<void> {
    const { account, deliver, clock, log, pace } = this.#parts;
    const oldest = clock.now() - pace.pricesLastMs;
    const prices = [...this.#newest.values()].filter(({ at }) => at >= oldest);
    this.#newest.clear();
    for (const webhook of priceWebhooks(account, prices)) {
      if (await deliver(webhook, stop)) continue;
      log('prices_not_taken', { prices: prices.length });
      return this.#putBack(prices);
    }
  }

  #putBack(prices: readonly StreamedPrice[]): void {
    for (const price of prices) if (!this.#newest.has(price.symbol)) this.#newest.set(price.symbol, price);
  }
}
