// What may have happened unheard is asked for: open orders, trades from the cursor on, orders that were open, and prices.
import { pauseAfter } from '../../../shared/domain/backoff.ts';
import { toPlain } from '../../../shared/domain/decimal.ts';
import { type Millis, seconds } from '../../../shared/domain/instant.ts';
import { readClientOrderId } from '../../../shared/domain/own-order.ts';
import type { OrderReport } from '../../../shared/domain/order-report.ts';
import type { OrderRef } from '../../../shared/ports.ts';
import type { Memory } from './memory.ts';
import { NO_CLAIM, type OrderDesk } from './order-desk.ts';
import type { PriceDesk } from './price-desk.ts';
import { nameOf } from './log.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { VenueManners } from './venue-manners.ts';

/** A relay that was never here before tells of trades no older than this. */
const FIRST_LOOK_BACK_MS = seconds(24 * 3_600);
const ROOM_PAUSE_MS = 100;

/** What is to be asked for: all of it, or the trades alone. */
type Wanted = 'ALL' | 'TRADES';

interface Parts extends Pick<RelayDeps, 'symbols' | 'clock' | 'log' | 'pace'> {
  readonly manners: VenueManners;
  readonly memory: Memory;
  readonly orders: OrderDesk;
  readonly prices: PriceDesk;
  readonly stop: AbortSignal;
}

/** Tells whether an id has the form that ours have; whose account it is, the receiver knows. */
export const isOurs = (clientOrderId: string): boolean => readClientOrderId(clientOrderId) !== null;

export class CatchUp {
  readonly #parts: Parts;
  readonly #seen = new Map<string, string>();
  #wanted: { what: Wanted; readonly since: Millis } | null = null;
  #wake: AbortController = new AbortController();
  #tradesReadAt: Millis = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Asks for a catch-up, which comes soon; of trades alone no more often than the pace says. */
  want(what: Wanted): void {
    const { since = this.#parts.clock.now() } = this.#wanted ?? {};
    this.#wanted = { what: this.#wanted?.what === 'ALL' ? 'ALL' : what, since };
    this.#wake.abort();
  }

  /** Since when a catch-up is due that has not ended; null where none is. */
  dueSince(): Millis | null {
    return this.#wanted?.since ?? null;
  }

  /** Catches up whenever it is wanted, and once in a while in any case. */
  async run(): Promise<void> {
    const { clock, pace, stop } = this.#parts;
    for (let failures = 0; !stop.aborted; ) {
      if (this.#wanted === null) await this.#idle();
      if (stop.aborted) return;
      failures = (await this.#tryOnce()) ? 0 : failures + 1;
      const shape = { firstMillis: pace.firstPauseMs, longestMillis: pace.longestPauseMs, fraction: clock.fraction() };
      if (failures > 0) await clock.pause(pauseAfter(failures, 0, shape), stop);
    }
  }

  async #idle(): Promise<void> {
    const { clock, pace, stop } = this.#parts;
    this.#wake = new AbortController();
    await clock.pause(pace.catchUpEveryMs, AbortSignal.any([stop, this.#wake.signal]));
    if (this.#wanted === null) this.want('ALL');
  }

  async #tryOnce(): Promise<boolean> {
    await this.#untilDue();
    const wanted = this.#wanted;
    try {
      if (wanted?.what === 'ALL') await this.#askForAll();
      await this.#askForTrades();
      // What was wanted meanwhile is not answered by what was read before.
      if (this.#wanted === wanted) this.#wanted = null;
      return true;
    } catch (error) {
      this.#parts.log('catch_up_failed', { what: wanted?.what ?? 'ALL', error: nameOf(error) });
      return false;
    }
  }

  /** Trades alone wait for their turn; a whole catch-up that is wanted meanwhile does not. */
  async #untilDue(): Promise<void> {
    const { clock, pace, stop } = this.#parts;
    for (;;) {
      const early = this.#tradesReadAt + pace.tradesEveryMs - clock.now();
      if (this.#wanted?.what !== 'TRADES' || early <= 0 || stop.aborted) return;
      this.#wake = new AbortController();
      await clock.pause(early, AbortSignal.any([stop, this.#wake.signal]));
    }
  }

  async #askForAll(): Promise<void> {
    const { manners, memory, symbols, prices, stop } = this.#parts;
    const plain = await manners.ask((venue) => venue.openOrders(), stop);
    const waiting = await manners.ask((venue) => venue.conditionalOrders(), stop);
    const open = [...plain, ...waiting].filter(({ clientOrderId }) => isOurs(clientOrderId));
    const ids = new Set(open.map(({ clientOrderId }) => clientOrderId));
    for (const id of this.#seen.keys()) if (!ids.has(id)) this.#seen.delete(id);
    for (const order of open.filter((report) => this.#isNews(report))) await this.#ring(order);
    for (const order of memory.live().filter(({ clientOrderId }) => !ids.has(clientOrderId))) await this.#ring(order);
    if (symbols.length === 0) return;
    const quotes = await manners.ask((venue) => venue.quotes(symbols), stop);
    prices.take(Object.entries(quotes).map(([symbol, { price, at }]) => ({ symbol, price, at })));
  }

  async #askForTrades(): Promise<void> {
    const { manners, memory, clock, stop } = this.#parts;
    const oldest = memory.cursor === null ? clock.now() - FIRST_LOOK_BACK_MS : 0;
    for (let more = true; more && !stop.aborted; ) {
      const page = await manners.ask((venue) => venue.recentTrades(memory.cursor), stop);
      const told = page.trades.flatMap(({ clientOrderId, symbol, at }) =>
        clientOrderId !== null && isOurs(clientOrderId) && at >= oldest ? [[clientOrderId, symbol] as const] : []);
      for (const [clientOrderId, symbol] of new Map(told)) await this.#ring({ clientOrderId, symbol });
      memory.moveTo(page.cursor);
      more = page.more;
    }
    this.#tradesReadAt = clock.now();
  }

  /** Rings for an order as soon as there is room: a catch-up waits rather than loses one. */
  async #ring({ clientOrderId, symbol }: OrderRef): Promise<void> {
    const { orders, clock, stop } = this.#parts;
    while (!orders.ring({ clientOrderId, symbol }, NO_CLAIM) && !stop.aborted) await clock.pause(ROOM_PAUSE_MS, stop);
  }

  /** An open order that stands as it stood at the last look was told then. */
  #isNews(report: OrderReport): boolean {
    const numbers = [report.filledQuantity, report.quantity, report.limit, report.stopPrice];
    const stands = [report.status, ...numbers.map((value) => (value === null ? '' : toPlain(value)))].join(' ');
    if (this.#seen.get(report.clientOrderId) === stands) return false;
    this.#seen.set(report.clientOrderId, stands);
    return true;
  }
}
