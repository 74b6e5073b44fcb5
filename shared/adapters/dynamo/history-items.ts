// What happened once and is never changed: counted fills, steals, webhooks seen.
import type { Fill, StealRecord } from '../../domain/decision.ts';
import type { Fee } from '../../domain/order-report.ts';
import { MILLIS_PER_SECOND, type Millis } from '../../domain/instant.ts';
import type { Attributes } from './attributes.ts';
import { decimal, document, maybe, present, text, whole } from './attributes.ts';
import type { ItemReader } from './item-reader.ts';
import { readRef, writeRef } from './order-attributes.ts';
import { readStealFacts, writeStealFacts } from './steal-attributes.ts';
import type { StoredItem } from './stored-item.ts';
import { TIME_TO_LIVE } from './table-keys.ts';
import { SIDES } from './watch-attributes.ts';

const DAY_SECONDS = 86_400;
/** How long steals stay: any fight window is shorter (WS-10). */
const STEAL_DAYS = 7;
/** How long a webhook's repeat is known; its sender gives up long before. */
const WEBHOOK_DAYS = 1;

const FILL = {
  ref: 'rf',
  purpose: 'pu',
  side: 'sd',
  price: 'pr',
  quantity: 'qt',
  counted: 'co',
  fee: 'fe',
  commission: 'cm',
  liquidity: 'lq',
  at: 'at',
} as const satisfies Record<Exclude<keyof Fill, 'tradeId' | 'clientOrderId'>, string>;
const FEE = { asset: 'as', amount: 'am' } as const satisfies Record<keyof Fee, string>;
const STEAL_AT = 'at';
const THIEF_ORDER = 'to';
const SEEN_AT = 'at';

/** Writes a fill without its keys. @throws UnstorableNumberError */
export const writeFill = (fill: Fill): Attributes =>
  present({
    [FILL.ref]: document(writeRef(fill.ref)),
    [FILL.purpose]: text(fill.purpose),
    [FILL.side]: text(fill.side),
    [FILL.price]: decimal(fill.price),
    [FILL.quantity]: decimal(fill.quantity),
    [FILL.counted]: decimal(fill.counted),
    [FILL.fee]: maybe(fill.fee, (fee) => document({ [FEE.asset]: text(fee.asset), [FEE.amount]: decimal(fee.amount) })),
    [FILL.commission]: maybe(fill.commission, decimal),
    [FILL.liquidity]: maybe(fill.liquidity, text),
    [FILL.at]: whole(fill.at),
  });

/** What a fill says of amounts. */
export type FillAmounts = Pick<Fill, 'ref' | 'side' | 'quantity' | 'counted' | 'price' | 'fee' | 'commission'>;

/**
 * Reads what a fill says of amounts: its own quantity, how much of it counted when it came (SL-10), and what it paid, which
 * one from before commissions were kept does not say. @throws StoredItemError
 */
export const readFillAmounts = (reader: ItemReader): FillAmounts => ({
  ref: readRef(reader.document(FILL.ref)),
  side: reader.choice(FILL.side, SIDES),
  quantity: reader.decimal(FILL.quantity),
  counted: reader.decimal(FILL.counted),
  price: reader.decimal(FILL.price),
  fee: reader.maybe(FILL.fee, () => readFee(reader.document(FILL.fee))),
  commission: reader.decimalOrNull(FILL.commission),
});

const readFee = (reader: ItemReader): Fee => ({ asset: reader.text(FEE.asset), amount: reader.decimal(FEE.amount) });

/** Writes a steal without its keys. @throws UnstorableNumberError */
export const writeSteal = (steal: StealRecord): Attributes => ({
  ...writeStealFacts(steal),
  [STEAL_AT]: whole(steal.at),
  [THIEF_ORDER]: text(steal.thiefClientOrderId),
  [TIME_TO_LIVE]: expiry(steal.at, STEAL_DAYS),
});

/** Reads a steal. @throws StoredItemError */
export const readSteal = ({ reader }: StoredItem): StealRecord => ({
  ...readStealFacts(reader),
  at: reader.whole(STEAL_AT),
  thiefClientOrderId: reader.text(THIEF_ORDER),
});

/** Writes that a webhook was seen. */
export const writeWebhook = (at: Millis): Attributes => ({ [SEEN_AT]: whole(at), [TIME_TO_LIVE]: expiry(at, WEBHOOK_DAYS) });

const expiry = (at: Millis, days: number) => whole(Math.ceil(at / MILLIS_PER_SECOND) + days * DAY_SECONDS);
