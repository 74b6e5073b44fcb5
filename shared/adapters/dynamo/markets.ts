// The venue's market list: written when something in it has changed, and only that.
import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { StoreUnavailableError } from '../../errors.ts';
import type { Market } from '../../ports.ts';
import { readMarket, writeMarket } from './market-item.ts';
import { MOST_TRIES, pause, readAgain } from './retries.ts';
import { readOne, readRange, type Table } from './table.ts';
import { MARKET_PREFIX, marketSortKey, rangeOf } from './table-keys.ts';
import { consumedUnits } from './units.ts';
import { stamped } from './write.ts';

const ITEMS_IN_BATCH = 25;

export const findMarket = async (table: Table, account: string, symbol: string): Promise<Market | null> => {
  const item = await readOne(table, account, marketSortKey(symbol));
  return item === null ? null : readMarket(item);
};

/** Writes the markets that are new or differ from what is stored. Returns how many. */
export const saveMarkets = async (table: Table, account: string, markets: readonly Market[]): Promise<number> => {
  const stored = await readRange(table, account, rangeOf(MARKET_PREFIX));
  const known = new Map(stored.map(readMarket).map((market) => [market.symbol, JSON.stringify(writeMarket(market))]));
  const changed = markets.filter((market) => known.get(market.symbol) !== JSON.stringify(writeMarket(market)));
  const target = { tableName: table.tableName, account, owner: table.ids.next() };
  const requests = changed.map((market) => ({ PutRequest: { Item: { ...stamped(target, marketSortKey(market.symbol), writeMarket(market)) } } }));
  for (let start = 0; start < requests.length; start += ITEMS_IN_BATCH) {
    await writeBatch(table, requests.slice(start, start + ITEMS_IN_BATCH));
  }
  return changed.length;
};

const writeBatch = async (table: Table, requests: readonly WriteRequest[]): Promise<void> => {
  let missing = requests;
  for (let tried = 0; missing.length > 0; tried += 1) {
    if (tried > 0) await pause(table, tried);
    if (tried >= MOST_TRIES) throw new StoreUnavailableError('BatchWriteItem', MOST_TRIES);
    const command = new BatchWriteItemCommand({ RequestItems: { [table.tableName]: [...missing] }, ReturnConsumedCapacity: 'TOTAL' });
    const answer = await readAgain('BatchWriteItem', table, () => table.client.send(command));
    table.onUnits({ read: 0, write: consumedUnits(answer.ConsumedCapacity) });
    missing = answer.UnprocessedItems?.[table.tableName] ?? [];
  }
};
