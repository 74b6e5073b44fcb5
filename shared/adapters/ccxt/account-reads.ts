// Positions, prices and equity through ccxt.
import { type Decimal, ZERO, sum } from '../../domain/decimal.ts';
import type { Quote } from '../../domain/quote.ts';
import { VenueReadError } from '../../errors.ts';
import type { Exchange, VenuePosition } from '../../ports.ts';
import type { Account, Ask, Dialect } from './dialect.ts';
import type { MarketDirectory } from './market-directory.ts';
import { readAs } from './reader.ts';
import { unifiedBalances, unifiedTickers } from './unified.ts';

interface Parts {
  readonly dialect: Dialect;
  readonly directory: MarketDirectory;
  readonly ask: Ask;
  readonly now: () => number;
}

/** Makes the reads of the account and of prices over an asker. */
export function createAccountReads(parts: Parts): Pick<Exchange, 'positions' | 'findPosition' | 'quotes' | 'equity'> {
  return {
    positions: async () => positionsOf(parts, null),
    findPosition: async (symbol) => (await positionsOf(parts, symbol)).find((position) => position.symbol === symbol) ?? null,
    quotes: async (symbols) => quotesOf(parts, symbols),
    equity: async () => ({ equity: await equityOf(parts), at: parts.now() }),
  };
}

/** All positions, or what there is of the one symbol that is asked for. */
async function positionsOf(parts: Parts, only: string | null): Promise<readonly VenuePosition[]> {
  const { dialect, directory, ask } = parts;
  await directory.load();
  if (dialect.account.kind === 'SPOT') return coinsOf(parts, await balancesOf(dialect.account, ask)).map((coin) => ({ ...coin, averagePrice: null }));
  const positions = await dialect.account.positions(ask, only === null ? null : directory.idOf(only));
  return positions.flatMap((position) => {
    const symbol = directory.fromCcxt(position.symbol);
    return symbol === null || position.quantity.isZero() ? [] : [{ ...position, symbol }];
  });
}

interface Coin {
  readonly symbol: string;
  readonly quantity: Decimal;
}

type Balances = Readonly<Record<string, Decimal | null>>;

async function balancesOf(account: Extract<Account, { kind: 'SPOT' }>, ask: Ask): Promise<Balances> {
  return readAs('balances', unifiedBalances, await account.balances(ask)).total;
}

/** Every coin that is held and can be sold for the account's currency. */
function coinsOf({ directory, dialect }: Parts, balances: Balances): readonly Coin[] {
  return Object.entries(balances).flatMap(([base, quantity]) => {
    const symbol = base === dialect.quoteCurrency ? null : directory.symbolOfBase(base);
    return symbol === null || quantity === null || quantity.isZero() ? [] : [{ symbol, quantity }];
  });
}

async function equityOf(parts: Parts): Promise<Decimal> {
  const { dialect, directory, ask } = parts;
  await directory.load();
  if (dialect.account.kind === 'CONTRACTS') return dialect.account.equity(ask);
  const balances = await balancesOf(dialect.account, ask);
  const coins = coinsOf(parts, balances);
  const quotes = coins.length === 0 ? {} : await quotesOf(parts, coins.map((coin) => coin.symbol));
  const worth = coins.map(({ symbol, quantity }) => {
    const price = quotes[symbol]?.price;
    if (price === undefined) throw new VenueReadError(`equity: ${symbol} is held and has no price`);
    return quantity.times(price);
  });
  return sum([balances[dialect.quoteCurrency] ?? ZERO, ...worth]);
}

async function quotesOf(parts: Parts, symbols: readonly string[]): Promise<Readonly<Record<string, Quote>>> {
  const { directory, ask, now } = parts;
  await directory.load();
  const asked = symbols.flatMap((symbol) => directory.toCcxt(symbol) ?? []);
  if (asked.length === 0) return {};
  const tickers = readAs('fetchTickers', unifiedTickers, await ask('fetchTickers', asked));
  const quotes = Object.values(tickers).flatMap(({ symbol, last, close, timestamp }): (readonly [string, Quote])[] => {
    const ours = directory.fromCcxt(symbol);
    const price = last ?? close;
    return ours === null || price === null ? [] : [[ours, { price, at: timestamp ?? now() }]];
  });
  return Object.fromEntries(quotes);
}
