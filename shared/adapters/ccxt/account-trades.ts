// The account's trades, page by page and oldest first, whichever way round the venue lists them (SL-11).
import * as z from 'zod';
import { VenueReadError } from '../../errors.ts';
import type { AccountTrade, TradePage } from '../../ports.ts';
import type { Ask, Dialect } from './dialect.ts';
import type { MarketDirectory } from './market-directory.ts';
import { tradeOf, tradeWaysOf } from './order-reports.ts';
import { readAs } from './reader.ts';
import { type UnifiedTrade, unifiedTrades } from './unified.ts';

interface Parts {
  readonly dialect: Dialect;
  readonly directory: MarketDirectory;
  readonly ask: Ask;
  /** Trades on one page. */
  readonly pageSize: number;
  /** Symbols, in ccxt's spelling, that have to be asked for one by one where a venue lists no others. */
  readonly symbols: () => Promise<readonly string[]>;
}

/** BY_SYMBOL keeps the last trade of each symbol; BY_TIME the last instant, with the trades of that instant already told. */
const cursorText = z.union([
  z.object({ after: z.record(z.string(), z.string()) }),
  z.object({ since: z.number().int().nonnegative(), told: z.array(z.string()) }),
]);

/** Long enough for a lively night; a venue that lists more pages than this at once is asked again. */
const MOST_PAGES = 50;

/** Reads one page of trades from a cursor on. @throws VenueReadError */
export async function readTradePage(parts: Parts, cursor: string | null): Promise<TradePage> {
  await parts.directory.load();
  const from = cursor === null ? null : readAs('cursor', cursorText, JSON.parse(cursor));
  return parts.dialect.accountTrades.kind === 'BY_SYMBOL'
    ? pageBySymbol(parts, from !== null && 'after' in from ? from.after : {}, cursor)
    : pageByTime(parts, from !== null && 'since' in from ? from : { since: 0, told: [] }, cursor);
}

async function pageBySymbol(parts: Parts, after: Readonly<Record<string, string>>, cursor: string | null): Promise<TradePage> {
  const found: UnifiedTrade[] = [];
  const next: Record<string, string> = { ...after };
  let more = false;
  for (const symbol of new Set([...Object.keys(after), ...(await parts.symbols())])) {
    const page = await pageOfSymbol(parts, symbol, after[symbol] ?? null);
    more ||= page.more;
    found.push(...page.trades);
    next[symbol] = page.trades.at(-1)?.id ?? next[symbol] ?? '';
  }
  const known = Object.fromEntries(Object.entries(next).filter(([, id]) => id !== ''));
  return { trades: await accountTrades(parts, found.toSorted(byTime)), cursor: found.length === 0 ? cursor : JSON.stringify({ after: known }), more };
}

/** One more than a page is asked for, so that it is known whether another follows. */
async function pageOfSymbol({ ask, dialect: { accountTrades }, pageSize }: Parts, symbol: string, after: string | null) {
  if (accountTrades.kind !== 'BY_SYMBOL') throw new VenueReadError('trades are not listed by symbol here');
  const listed = readAs('trades', unifiedTrades, await accountTrades.list(ask, { symbol, after, limit: pageSize + 1 }));
  return { trades: listed.toSorted(byTime).slice(0, pageSize), more: listed.length > pageSize };
}

interface Since {
  readonly since: number;
  readonly told: readonly string[];
}

async function pageByTime(parts: Parts, from: Since, cursor: string | null): Promise<TradePage> {
  const all = (await listBack(parts, from.since)).filter((trade) => timeOf(trade) >= from.since && !from.told.includes(trade.id ?? ''));
  const page = all.toSorted(byTime).slice(0, parts.pageSize);
  const last = page.at(-1);
  if (last === undefined) return { trades: [], cursor, more: false };
  const since = timeOf(last);
  const told = page.filter((trade) => timeOf(trade) === since).map((trade) => trade.id ?? '');
  const before = since === from.since ? from.told : [];
  return {
    trades: await accountTrades(parts, page),
    cursor: JSON.stringify({ since, told: [...before, ...told] }),
    more: all.length > page.length,
  };
}

/** Every trade since an instant, from the newest back, page by page. */
async function listBack({ ask, dialect: { accountTrades }, pageSize }: Parts, since: number): Promise<readonly UnifiedTrade[]> {
  if (accountTrades.kind !== 'BY_TIME') throw new VenueReadError('trades are not listed by time here');
  const found = new Map<string, UnifiedTrade>();
  const limit = Math.min(accountTrades.pageSize, pageSize + 1);
  let until: number | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const listed: readonly UnifiedTrade[] = readAs('trades', unifiedTrades, await accountTrades.list(ask, { since, until, limit, skip: found.size }));
    const fresh = listed.filter((trade) => !found.has(trade.id ?? ''));
    for (const trade of fresh) found.set(trade.id ?? '', trade);
    if (listed.length < limit || fresh.length === 0) return [...found.values()];
    until = Math.min(...fresh.map(timeOf));
  }
  throw new VenueReadError(`more than ${MOST_PAGES} pages of trades since ${since}`);
}

/** Names each trade's order; one question an order where the trade itself does not say. */
async function accountTrades({ ask, directory, dialect }: Parts, trades: readonly UnifiedTrade[]): Promise<readonly AccountTrade[]> {
  const owners = new Map<string | null, string | null>();
  const named: AccountTrade[] = [];
  for (const trade of trades) {
    const symbol = trade.symbol === null ? null : directory.fromCcxt(trade.symbol);
    if (symbol === null) continue;
    if (trade.side === null) throw new VenueReadError('a trade that does not say its side');
    const owner = owners.get(trade.order) ?? (await dialect.tradeOwner(ask, trade));
    owners.set(trade.order, owner);
    const clientOrderId = owner === null ? null : dialect.ids.fromVenue(owner);
    named.push({ ...tradeOf(trade, timeOf(trade), tradeWaysOf(dialect, symbol)), symbol, side: trade.side, clientOrderId });
  }
  return named;
}

function timeOf(trade: UnifiedTrade): number {
  if (trade.timestamp === null) throw new VenueReadError('a trade without a time');
  return trade.timestamp;
}

function byTime(a: UnifiedTrade, b: UnifiedTrade): number {
  return timeOf(a) - timeOf(b) || orderOfIds(a.id ?? '', b.id ?? '');
}

/** Ids of one instant: as numbers where they are, so that 10 comes after 9. */
function orderOfIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
