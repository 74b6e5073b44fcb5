// The venue's market list: written when something in it has changed, and only that.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Market } from '../../ports.ts';
import { readMarket, writeMarket } from './market-item.ts';
import { callAgain } from './retries.ts';
import { readOne, readRange, type Table } from './table.ts';
import { MARKET_PREFIX, marketSortKey, rangeOf } from './table-keys.ts';
import { consumedUnits } from './units.ts';
import { stamped, type Target } from './write.ts';

const PUTS_AT_ONCE = 10;

export const findMarket = async (table: Table, account: string, symbol: string): Promise<Market | null> => {
  const item = await readOne(table, account, marketSortKey(symbol));
  return item === null ? null : readMarket(item);
};

/** Writes the markets that are new or differ from what is stored. Returns how many. */
export const saveMarkets = async (table: Table, account: string, markets: readonly Market[]): Promise<number> => {
  const stored = await readRange(table, account, rangeOf(MARKET_PREFIX));
  const known = new Map(stored.map(readMarket).map((market) => [market.symbol, JSON.stringify(writeMarket(market))]));
  const changed = markets.filter((market) => known.get(market.symbol) !== JSON.stringify(writeMarket(market)));
  const owner = table.ids.next();
  for (let start = 0; start < changed.length; start += PUTS_AT_ONCE) {
    await putAll(table, { tableName: table.tableName, account, owner, writes: table.writes }, changed.slice(start, start + PUTS_AT_ONCE));
  }
  return changed.length;
};

const putAll = async (table: Table, target: Target, markets: readonly Market[]): Promise<void> => {
  // Settled, not raced: a call left behind would go on in a later invocation.
  const results = await Promise.allSettled(markets.map((market) => putMarket(table, target, market)));
  for (const result of results) if (result.status === 'rejected') throw new Error('a market was not stored', { cause: result.reason });
};

const putMarket = async (table: Table, target: Target, market: Market): Promise<void> => {
  const command = new PutItemCommand({
    TableName: table.tableName,
    Item: { ...stamped(target, marketSortKey(market.symbol), writeMarket(market)) },
    ReturnConsumedCapacity: 'TOTAL',
  });
  const answer = await callAgain('PutItem', table, () => table.client.send(command));
  table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
};
