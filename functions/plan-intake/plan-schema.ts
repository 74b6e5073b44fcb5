// The form of a plan at the door; whether its symbols are traded is for the shell to say.
import * as z from 'zod';
import type { Plan, PlanWatch } from '../../shared/accept-plan.ts';
import { normaliseSymbol } from '../../shared/domain/symbols.ts';
import { PLAIN } from '../../shared/domain/watch.ts';
import { slotsOfGrid } from '../../shared/plan-grid.ts';
import { positive } from '../../shared/setting-readers.ts';
import { choiceField, decimalField, nameField, symbolField, wholeField } from '../support/fields.ts';
import { InputError, readWith } from '../support/input-error.ts';
import { planGrid } from './grid-schema.ts';
import { ownSettingsField, settingField } from './own-settings.ts';
import { durationField, sharedTerms } from './shared-terms.ts';

const MOST_WATCHES = 500;
const MOST_SLICES = 1000;

const slotWords = '1 to 32 letters, digits or _-';
const slotField = z.string({ error: slotWords }).regex(/^[A-Za-z0-9_-]{1,32}$/, { error: slotWords });

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
  ...sharedTerms,
  slot: slotField.default('main'),
  side: choiceField(['buy', 'sell']),
  limit: decimalField('POSITIVE'),
  quantity: decimalField('POSITIVE'),
  mode: choiceField(['normal', 'probe']).default('normal'),
  rank: wholeField(1, MOST_WATCHES).nullable().default(null),
  takeProfit: decimalField('POSITIVE').nullable().default(null),
  style: styleField.default(PLAIN),
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

const gridsWords = `a list of grids with at most ${MOST_WATCHES} watches and levels in all`;
const watchesWords = `a list of at most ${MOST_WATCHES} watches`;
const plan = z.strictObject(
  {
    strategy: nameField(64),
    version: wholeField(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1'),
    settings: ownSettingsField,
    watches: z.array(planWatch, { error: watchesWords }).max(MOST_WATCHES, { error: watchesWords }),
    grids: z.array(planGrid, { error: gridsWords }).max(MOST_WATCHES, { error: gridsWords }).default([]),
    reductions: z.array(reduction, { error: reductionsWords }).max(MOST_WATCHES, { error: reductionsWords }).default([]),
  },
  { error: 'a plan: an object with strategy, version and watches' },
);

/** Reads a plan (EW-6). @throws InputError (400) naming the first field that is wrong, or a slot that comes twice */
export const readPlan = (value: unknown): Plan => {
  const read = readWith(plan, value, 'plan');
  const asked = slotsAsked(read);
  if (asked.length > MOST_WATCHES && read.grids.length > 0) throw new InputError(400, 'grids', gridsWords);
  refuseRepeats(asked);
  return read;
};

interface SlotAsked {
  readonly by: string;
  readonly field: string;
  readonly keys: readonly string[];
}

const slotsAsked = ({ watches, grids }: Plan): readonly SlotAsked[] => [
  ...watches.map((watch, index) => ({ by: `watches[${index}]`, field: 'symbol', keys: keysOf(watch, watch.slot) })),
  ...grids.flatMap((grid, index) => slotsOfGrid(grid).map((slot) => ({ by: `grids[${index}]`, field: 'name', keys: keysOf(grid, slot) }))),
];

const refuseRepeats = (asked: readonly SlotAsked[]): void => {
  const seen = new Map<string, string>();
  for (const { by, field, keys } of asked) {
    const first = keys.map((key) => seen.get(key)).find((found) => found !== undefined);
    if (first !== undefined) throw new InputError(400, `${by}.${field}`, `another symbol or slot than ${first} has`);
    for (const key of keys) seen.set(key, by);
  }
};

// Without a class only the venue's list can tell whether BTCUSD is a pair or a stock: it may be either here.
const keysOf = ({ symbol, assetClass }: Pick<PlanWatch, 'symbol' | 'assetClass'>, slot: string): readonly string[] => {
  const classes = assetClass === null ? (['stock', 'crypto'] as const) : [assetClass];
  return [...new Set(classes.map((each) => `${normaliseSymbol(symbol, each)}#${slot}`))];
};
