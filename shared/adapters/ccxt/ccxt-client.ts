// One exchange class of ccxt with the habits this system needs, called by the names of its methods: its types are `any`.
import { type CallEnd, createRecordedFetch } from './recorded-fetch.ts';

/** A class of ccxt, imported by its file so that only the chosen one travels. */
export type CcxtClass = new (config: object) => object;

export interface CcxtConnection {
  readonly exchangeClass: CcxtClass;
  /** What ccxt calls credentials: `apiKey`, `secret`, `password`, as the venue has them. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly sandbox: boolean;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  /** Where the venue is instead of where ccxt thinks, by ccxt's own names. */
  readonly urls: Readonly<Record<string, string>> | null;
  /** What this venue's class is told beside. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface CcxtClient {
  /** Calls one method of the class, once; never throws. */
  call(method: string, ...args: readonly unknown[]): Promise<CallEnd>;
}

/** What was rounded by our own rules goes out as it is written; ccxt would round it again. */
const asWritten = (_symbol: unknown, value: unknown): string => String(value);

/** Makes a client: strings for numbers, no retries, no pacing of its own (EX-9). */
export function createCcxtClient(connection: CcxtConnection): CcxtClient {
  const http = createRecordedFetch(connection);
  const exchange = new connection.exchangeClass({
    ...connection.credentials,
    ...connection.config,
    enableRateLimit: false,
    timeout: connection.timeoutMs,
    number: String,
    amountToPrecision: asWritten,
    priceToPrecision: asWritten,
    fetchImplementation: http.fetch,
    ...(connection.urls === null ? {} : { urls: { api: connection.urls } }),
    ...(connection.sandbox ? { sandbox: true } : {}),
  });
  return {
    call: (method, ...args) => http.record(async () => {
      const own: unknown = Reflect.get(exchange, method);
      if (typeof own !== 'function') throw new TypeError(`this class of ccxt has no ${method}`);
      const answer: unknown = await Reflect.apply(own, exchange, args);
      return answer;
    }),
  };
}
