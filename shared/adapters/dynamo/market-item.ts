import type { Market } from '../../ports.ts';
import type { Attributes } from './attributes.ts';
import { document, text } from './attributes.ts';
import { readRules, writeRules } from './market-rules-attributes.ts';
import type { StoredItem } from './stored-item.ts';
import { MARKET_PREFIX } from './table-keys.ts';
import { ASSET_CLASSES } from './watch-attributes.ts';

const MARKET = { assetClass: 'ac', rules: 'ru' } as const satisfies Record<Exclude<keyof Market, 'symbol'>, string>;

/** Writes a market without its keys. @throws UnstorableNumberError */
export const writeMarket = (market: Market): Attributes => ({
  [MARKET.assetClass]: text(market.assetClass),
  [MARKET.rules]: document(writeRules(market.rules)),
});

/** Reads a market. @throws StoredItemError */
export const readMarket = ({ sortKey, reader }: StoredItem): Market => ({
  symbol: sortKey.slice(MARKET_PREFIX.length),
  assetClass: reader.choice(MARKET.assetClass, ASSET_CLASSES),
  rules: readRules(reader.document(MARKET.rules)),
});
