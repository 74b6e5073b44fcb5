// What the settings file of a stage may hold, field by field.
import * as z from 'zod';
import { VENUE_NAMES } from '../shared/venue-names.ts';

const EXCHANGES = VENUE_NAMES.filter((name) => name !== 'paper');

const text = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected);
const oneOf = <const Word extends string>(words: readonly Word[]) => z.enum(words, words.join(', '));
const flag = z.boolean('true or false');
const whole = (from: number, to: number) => {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int(expected).min(from, expected).max(to, expected);
};

const paperPlace = z.strictObject({
  kind: z.literal('PAPER'),
  // It stands in the template, where no credentials belong.
  url: text(/^https?:\/\/[^\s/@?#]+(\/[^\s@?#]*)?$/, 'the address of a paper venue, http or https, without credentials or a query'),
});

const exchangePlace = z.strictObject({
  kind: z.literal('EXCHANGE'),
  venue: oneOf(EXCHANGES),
  secretName: text(/^(?!(?:AKIA|ASIA)[0-9A-Z]{16}$)[\w/+=.@-]{1,512}$/, 'the name of a secret: letters, digits and /_+=.@-'),
  secretKeyArn: text(/^arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+$/, 'the ARN of a KMS key, or null').nullable().default(null),
  // Whether money is at stake is said each time, and never assumed.
  sandbox: flag,
  options: z
    .strictObject({ feed: oneOf(['iex', 'sip']).optional(), fractions: flag.optional(), extendedHours: flag.optional() }, 'an object')
    .default({}),
});

const place = z.discriminatedUnion('kind', [paperPlace, exchangePlace], 'an object whose kind is PAPER or EXCHANGE');

const limits = z.strictObject(
  {
    webhookPerSecond: whole(1, 10_000).default(100),
    webhookBurst: whole(1, 5_000).default(200),
    plansPerSecond: whole(1, 1_000).default(5),
    operatorPerSecond: whole(1, 1_000).default(5),
    reserveConcurrency: flag.default(true),
  },
  'an object',
);

/** The file of a stage. */
export const stageSchema = z.strictObject(
  {
    name: text(/^[a-z][a-z0-9-]{0,30}$/, 'a name of small letters, digits and dashes'),
    account: text(/^[\w.-]{1,64}$/, 'the name of the account: letters, digits and _.-'),
    keepsData: flag,
    place,
    stopMoves: oneOf(['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST']).nullable().default(null),
    settings: z
      .record(z.string(), z.union([z.string(), z.int()], 'text or a whole number'), 'an object of settings by name')
      .default({}),
    alarmEmail: text(/^[^@\s]+@[^@\s]+\.[^@\s]+$/, 'an address of mail, or null').nullable().default(null),
    monthlySpendLimitUsd: whole(1, 1_000_000),
    limits: limits.prefault({}),
    writesNewest: flag.default(false),
    restoredTable: text(/^[\w.-]{3,255}$/, 'the name of a table, or null').nullable().default(null),
    egress: oneOf(['ANY', 'FIXED']).default('ANY'),
    confirmation: z.string('text, or null').nullable().default(null),
  },
  'an object',
);

export type GivenStage = z.infer<typeof stageSchema>;
export type GivenPlace = z.infer<typeof place>;
