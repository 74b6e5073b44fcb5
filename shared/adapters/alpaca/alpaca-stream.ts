// The broker's stream of order updates, through its own client. It names an execution by an id that nothing says is the
// activity's: so it is heard that an order has changed, and the order is asked for.
import { setTimeout as delay } from 'node:timers/promises';
import { streaming } from '@alpacahq/alpaca-trade-api';
import * as z from 'zod';
import { pauseAfter } from '../../domain/backoff.ts';
import { parseDecimal } from '../../domain/decimal.ts';
import type { Decimal } from '../../domain/decimal.ts';
import type { Millis } from '../../domain/instant.ts';
import type { StreamNews, VenueStream } from '../../venue-stream.ts';
import { isStock } from './order-terms.ts';

export interface AlpacaStreamOptions {
  readonly credentials: { readonly keyId: string; readonly secret: string };
  readonly environment: 'paper' | 'live';
  /** Where the stream is; null: the host of the environment. */
  readonly url: string | null;
  readonly pauses: { readonly firstMillis: Millis; readonly longestMillis: Millis };
  /** Between two pings, and how long an answer to one may take. */
  readonly keepAliveMs: Millis;
}

/** Makes the stream. The client's own reconnecting gives up where credentials are refused; this one never does. */
export function createAlpacaStream(options: AlpacaStreamOptions): VenueStream {
  return {
    run: async (tell, stop) => {
      for (let failures = 0; !stop.aborted; ) {
        failures = (await hearUntilLost(options, tell, stop)) ? 0 : failures + 1;
        const fraction = Math.random();
        if (!stop.aborted) await pause(pauseAfter(Math.max(1, failures), 0, { ...options.pauses, fraction }), stop);
      }
    },
  };
}

/** Hears one connection from its beginning to its end; whether it ever stood. */
function hearUntilLost({ credentials, environment, url, keepAliveMs }: AlpacaStreamOptions, tell: (news: StreamNews) => void, stop: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let stood = false;
    const stream = new streaming.TradingStream({
      credentials, paper: environment === 'paper', ...(url === null ? {} : { url }), reconnect: false, pingIntervalMs: keepAliveMs, pongWaitMs: keepAliveMs,
    });
    const end = (): void => stream.disconnect();
    stream.on('subscription', () => {
      stood = true;
      tell({ kind: 'STANDS', part: 'ORDERS' });
    });
    // An error says nothing that the end of the connection does not; without anybody to hear it, it would be thrown.
    stream.onError(() => undefined);
    stream.onTradeUpdate((update) => {
      tell({ kind: 'HEARD' });
      for (const news of newsOf(update)) tell(news);
    });
    stream.onDisconnect(() => {
      stop.removeEventListener('abort', end);
      if (!stop.aborted) tell({ kind: 'LOST', part: 'ORDERS', reason: stood ? 'DISCONNECTED' : 'NOT_CONNECTED' });
      resolve(stood);
    });
    stop.addEventListener('abort', end, { once: true });
    stream.subscribeTradeUpdates();
    stream.connect();
  });
}

const decimal = z.string().nullish().transform(decimalOf);
const heardUpdate = z.object({
  order: z.looseObject({
    id: z.string(), client_order_id: z.string(), symbol: z.string().nullish(), status: z.string(), filled_qty: decimal, replaces: z.string().nullish(),
  }),
});

const OVER: ReadonlySet<string> = new Set(['filled', 'canceled', 'expired', 'rejected']);

/** An order that replaces another bears an id of its own: its trades lead back to ours. */
function newsOf(update: unknown): readonly StreamNews[] {
  const { data } = heardUpdate.safeParse(update);
  if (data === undefined || (data.order.replaces ?? null) !== null) return [{ kind: 'TRADED', exchangeOrderId: null }];
  const { id, client_order_id: clientOrderId, symbol, status, filled_qty: filledQuantity } = data.order;
  if (typeof symbol !== 'string' || !isStock(symbol)) return [];
  return [{ kind: 'ORDER', order: { clientOrderId, symbol }, exchangeOrderId: id, filledQuantity, isOver: OVER.has(status) }];
}

function decimalOf(value: string | null | undefined): Decimal | null {
  try {
    return value === null || value === undefined ? null : parseDecimal(value, 'number');
  } catch {
    return null;
  }
}

/** Waits so long, or until it is to stop. */
function pause(milliseconds: Millis, stop: AbortSignal): Promise<void> {
  return delay(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}
