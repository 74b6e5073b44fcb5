// The form of a grid at the door (EX-5).
import * as z from 'zod';
import { MOST_SLOTS_OF_SYMBOL } from '../../shared/accept-grids.ts';
import { ZERO } from '../../shared/domain/decimal.ts';
import { DEFAULT_HORIZON_SECONDS } from '../../shared/domain/fill-probability.ts';
import type { GridStop } from '../../shared/plan-grid.ts';
import { choiceField, decimalField, wholeField } from '../support/fields.ts';
import { sharedTerms } from './shared-terms.ts';

const LONGEST_NAME = 20;
const MOST_SECONDS = 86_400;

const nameWords = `1 to ${LONGEST_NAME} letters, digits or _-`;
const nameField = z.string({ error: nameWords }).regex(new RegExp(`^[A-Za-z0-9_-]{1,${LONGEST_NAME}}$`), { error: nameWords });

const skewWords = 'basis points above -10000';
const skewField = decimalField('ANY').refine((skew) => skew.greaterThan(-10_000), { error: skewWords });
const feeWords = 'a ratio above -1 and below 1';
const feeField = decimalField('ANY').refine((rate) => rate.abs().lessThan(1), { error: feeWords });

const sizesWords = `a list of 1 to ${MOST_SLOTS_OF_SYMBOL} sizes`;
const sizesField = z.array(decimalField('POSITIVE'), { error: sizesWords }).min(1, { error: sizesWords }).max(MOST_SLOTS_OF_SYMBOL, { error: sizesWords });

const styleField = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('maker') }).transform(() => ({ kind: 'MAKER' }) as const),
    z.strictObject({ kind: z.literal('plain') }).transform(() => ({ kind: 'PLAIN' }) as const),
  ],
  { error: ({ code }) => (code === 'invalid_union' ? 'one of maker, plain' : 'a style: an object with its kind') },
);

const stopWords = 'an object with a ratio, or with a price for buys, for sells or for both';
const priceField = decimalField('POSITIVE').nullable().default(null);
const stopField = z
  .strictObject({ ratio: decimalField('SHARE').nullable().default(null), buys: priceField, sells: priceField }, { error: stopWords })
  .transform(({ ratio, ...prices }, context): GridStop => {
    const hasPrice = prices.buys !== null || prices.sells !== null;
    if ((ratio === null) === hasPrice) return ratio === null ? { kind: 'PRICES', ...prices } : { kind: 'RATIO', ratio };
    context.issues.push({ code: 'custom', input: ratio, message: stopWords });
    return z.NEVER;
  });

const featuresField = z.strictObject(
  {
    mid: decimalField('POSITIVE'),
    natr: decimalField('NOT_NEGATIVE'),
    orderFlowZ: decimalField('ANY').nullable().default(null),
    horizonSeconds: wholeField(0, MOST_SECONDS).default(DEFAULT_HORIZON_SECONDS),
  },
  { error: 'an object with mid and natr, and orderFlowZ and horizonSeconds where they are known' },
);

const levelsField = wholeField(0, MOST_SLOTS_OF_SYMBOL);

/** One grid of a plan. */
export const planGrid = z.strictObject(
  {
    ...sharedTerms,
    name: nameField.nullable().default(null).transform((name) => name ?? ''),
    centre: decimalField('POSITIVE'),
    skewBps: skewField.default(ZERO),
    spacingBps: decimalField('POSITIVE'),
    levelsUp: levelsField,
    levelsDown: levelsField,
    sizes: sizesField,
    makerFeeRate: feeField,
    reset: choiceField(['none', 'soft', 'hard']).default('soft'),
    mode: choiceField(['normal', 'pause', 'emergency']).default('normal'),
    style: styleField.default({ kind: 'MAKER' }),
    takeProfit: decimalField('POSITIVE').nullable().default(null),
    stop: stopField.nullable().default(null),
    features: featuresField.nullable().default(null),
  },
  { error: 'a grid: an object with symbol, centre, spacingBps, levelsUp, levelsDown, sizes and makerFeeRate' },
);
