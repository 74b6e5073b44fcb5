// The form of a plan at the door; whether its symbols are traded is for the shell to say.
import * as z from 'zod';
import type { Plan, PlanWatch } from '../../shared/accept-plan.ts';
import { normaliseSymbol } from '../../shared/domain/symbols.ts';
import { PLAIN } from '../../shared/domain/watch.ts';
import { positive } from '../../shared/setting-readers.ts';
import { choiceField, decimalField, instantField, nameField, symbolField, wholeField } from '../support/fields.ts';
import { InputError, readWith } from '../support/input-error.ts';
import { ownSettingsField, settingField } from './own-settings.ts';

const MOST_WATCHES = 500;
const MOST_SLICES = 1000;
const MOST_SECONDS = 366 * 86_400;

const slotWords = '1 to 32 letters, digits or _-';
const slotField = z.string({ error: slotWords }).regex(/^[A-Za-z0-9_-]{1,32}$/, { error: slotWords });
const durationField = wholeField(1, MOST_SECONDS);

const maxHold = z.strictObject(
  { seconds: durationField, barSeconds: durationField.nullable().default(null) },
  { error: 'an object with seconds, and barSeconds or null' },
);

const styleField = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('plain') }).transform(() => PLAIN),
    z.strictObject({ kind: z.literal('maker') }).transform(() => ({ kind: 'MAKER' }) as const),
    z.strictObject({ kind: z.literal('taker') }).transform(() => ({ kind: 'TAKER' }) as const),
    z
      .strictObject({ kind: z.literal('twap'), slices: wholeField(1, MOST_SLICES), durationSeconds: durationField })
      .transform((style) => ({ ...style, kind: 'TWAP' }) as const),
    z.strictObject({ kind: z.literal('iceberg'), shown: decimalField('POSITIVE') }).transform((style) => ({ ...style, kind: 'ICEBERG' }) as const),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of plain, maker, taker, twap, iceberg' : 'a style: an object with its kind') },
);

const terms = {
  symbol: symbolField,
  assetClass: choiceField(['stock', 'crypto']).nullable().default(null),
  slot: slotField.default('main'),
  side: choiceField(['buy', 'sell']),
  limit: decimalField('POSITIVE'),
  quantity: decimalField('POSITIVE'),
  forecastPnl: decimalField('ANY').nullable().default(null),
  mode: choiceField(['normal', 'probe']).default('normal'),
  group: nameField(64).nullable().default(null),
  rank: wholeField(1, MOST_WATCHES).nullable().default(null),
  tolerance: decimalField('SHARE').nullable().default(null),
  expiresAt: instantField.nullable().default(null),
  minimumDurationSeconds: durationField.nullable().default(null),
  takeProfit: decimalField('POSITIVE').nullable().default(null),
  maxHold: maxHold.nullable().default(null),
  maxAttempts: wholeField(1, 1000).nullable().default(null),
  style: styleField.default(PLAIN),
  hours: choiceField(['NYSE', 'NSE', 'ALWAYS']).nullable().default(null),
  settings: ownSettingsField,
};

const limitWatch = z.strictObject({
  ...terms,
  // Optional inside, so that a watch that says nothing of its kind is found by it.
  kind: z.literal('limit').optional().transform(() => 'limit' as const),
  stop: decimalField('POSITIVE').nullable().default(null),
});

const stopWatch = z.strictObject({
  ...terms,
  kind: z.literal('stop'),
  trigger: decimalField('POSITIVE'),
  takeProfitMultiple: settingField(positive)
    .nullable()
    .optional()
    .transform((multiple) => (multiple === undefined ? ('AS_SET' as const) : multiple)),
});

const planWatch = z.discriminatedUnion('kind', [limitWatch, stopWatch], {
  error: ({ code }) => (code === 'invalid_union' ? 'one of limit, stop' : 'a watch: an object with symbol, side, limit and quantity'),
});

const reduction = z.strictObject(
  {
    symbol: symbolField,
    assetClass: choiceField(['stock', 'crypto']).nullable().default(null),
    slot: slotField.default('main'),
    quantity: decimalField('NOT_NEGATIVE'),
    slices: wholeField(1, MOST_SLICES),
    durationSeconds: durationField,
  },
  { error: 'a reduction: an object with symbol, quantity, slices and durationSeconds' },
);
const reductionsWords = `a list of at most ${MOST_WATCHES} reductions`;

const watchesWords = `a list of at most ${MOST_WATCHES} watches`;
const plan = z.strictObject(
  {
    strategy: nameField(64),
    version: wholeField(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1'),
    settings: ownSettingsField,
    watches: z.array(planWatch, { error: watchesWords }).max(MOST_WATCHES, { error: watchesWords }),
    reductions: z.array(reduction, { error: reductionsWords }).max(MOST_WATCHES, { error: reductionsWords }).default([]),
  },
  { error: 'a plan: an object with strategy, version and watches' },
);

/** Reads a plan (EW-6). @throws InputError (400) naming the first field that is wrong, or a watch that comes twice */
export const readPlan = (value: unknown): Plan => {
  const read = readWith(plan, value, 'plan');
  refuseRepeats(read);
  return read;
};

const refuseRepeats = (read: Plan): void => {
  const seen = new Map<string, number>();
  for (const [index, watch] of read.watches.entries()) {
    const keys = spellingsOf(watch).map((symbol) => `${symbol}#${watch.slot}`);
    const first = keys.map((key) => seen.get(key)).find((found) => found !== undefined);
    if (first !== undefined) {
      throw new InputError(400, `watches[${index}].symbol`, `another symbol or slot than watches[${first}] has`);
    }
    for (const key of keys) seen.set(key, index);
  }
};

// Without a class only the venue's list can tell whether BTCUSD is a pair or a stock: it may be either here.
const spellingsOf = ({ symbol, assetClass }: PlanWatch): readonly string[] =>
  assetClass === null
    ? [...new Set([normaliseSymbol(symbol, 'stock'), normaliseSymbol(symbol, 'crypto')])]
    : [normaliseSymbol(symbol, assetClass)];
