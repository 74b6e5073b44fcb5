// A paper venue on a free port with a clock that stands still, and someone who takes its webhooks.
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { createPaperExchange } from '../../../shared/adapters/paper/paper-exchange.ts';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { CallEffect, FaultTarget } from '../../../shared/adapters/paper/venue-faults.ts';
import { startVenueServer } from '../../../shared/adapters/paper/venue-server.ts';
import type { VenueServer, VenueServerOptions } from '../../../shared/adapters/paper/venue-server.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Exchange, PlaceOrder } from '../../../shared/ports.ts';

export const AT = 1_768_435_200_000;
export const SECRET = 'a secret of the test';

export interface PaperBench {
  readonly venue: VenueServer;
  readonly exchange: Exchange;
  readonly clock: { now(): number; tick(milliseconds: number): void };
  price(price: string, more?: { volume?: Decimal; sellable?: boolean; symbol?: string }): void;
  /** The n-th matching call from now is struck, once. */
  strike(operations: readonly FaultTarget[], effect: CallEffect, numbers?: readonly number[]): void;
}

export const startPaper = async (options: Partial<VenueServerOptions> = {}, timeoutMs = 5_000): Promise<PaperBench> => {
  let time = AT;
  let step = 0;
  const clock = { now: () => time, tick: (milliseconds: number) => void (time += milliseconds) };
  const venue = await startVenueServer({ account: 'test', clock, dataFolder: null, config: { markets: defaultMarkets(['AAPL', 'BTCUSD']) }, ...options });
  return {
    venue,
    clock,
    exchange: createPaperExchange({ url: venue.url, timeoutMs, pauseMs: 1, fraction: () => 0.5 }),
    price: (price, { volume, sellable = true, symbol = 'AAPL' } = {}) => {
      step += 1;
      venue.setPrices({ stepId: `bench-${time}-${step}`, at: time, prices: [{ symbol, price: new Decimal(price), volume: volume ?? null, sellable }] });
    },
    strike: (operations, effect, numbers = [1]) =>
      venue.configureFaults({ seed: 1, calls: [{ operations, only: null, timing: { kind: 'LISTED', numbers }, effect }], webhooks: [] }),
  };
};

export const buy = (clientOrderId: string, intent: Partial<PlaceOrder['intent']> = {}): PlaceOrder => ({
  clientOrderId,
  symbol: 'AAPL',
  intent: {
    kind: 'PLACE', side: 'buy', quantity: new Decimal(10), limit: new Decimal(100), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false, ...intent,
  },
});

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Inbox {
  readonly url: string;
  readonly received: Received[];
  /** Answers to give first, by status; 204 when none is left. */
  readonly statuses: number[];
  close(): Promise<void>;
}

export const startInbox = async (): Promise<Inbox> => {
  const received: Received[] = [];
  const statuses: number[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      received.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 204).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/webhook`,
    received,
    statuses,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
