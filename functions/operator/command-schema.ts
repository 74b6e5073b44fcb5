// The commands that the operator takes, one a request, and what a caller reads when one is wrong.
import * as z from 'zod';
import { choiceField, nameField, symbolField, tableField, wholeField } from '../support/fields.ts';
import { killScopeField } from '../support/kill-scope.ts';

const LONGEST_NAME = 80;
const MOST_HOURS = 168;
const MOST_ENTRIES = 1000;
const MOST_LETTERS = 100;
const USUAL = { hours: 24, most: 200 } as const;

const hoursField = wholeField(1, MOST_HOURS).default(USUAL.hours);
const mostField = wholeField(1, MOST_ENTRIES).default(USUAL.most);
const dateField = z.string({ error: 'a day as YYYY-MM-DD' }).regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a day as YYYY-MM-DD' });

const KINDS = 'STATUS, ORDERS, POSITIONS, STEALS, WHY, JOURNAL, KILL_SWITCH, ADOPT, DEAD_LETTERS, REDRIVE, REPORT or RESTORE';

/** What may be asked of the operator. */
export const command = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('STATUS') }),
    z.strictObject({ kind: z.literal('ORDERS') }),
    z.strictObject({ kind: z.literal('POSITIONS') }),
    z.strictObject({ kind: z.literal('STEALS'), hours: hoursField }),
    z.strictObject({ kind: z.literal('WHY'), symbol: symbolField, hours: hoursField, most: mostField }),
    z.strictObject({ kind: z.literal('JOURNAL'), symbol: symbolField.nullable().default(null), hours: hoursField, most: mostField }),
    z.strictObject({ kind: z.literal('KILL_SWITCH'), scope: killScopeField, state: choiceField(['ACTIVE', 'PAUSED', 'REDUCING', 'HALTED']), lifts: z.boolean('true or false').default(false) }),
    z.strictObject({ kind: z.literal('ADOPT'), symbol: symbolField }),
    z.strictObject({ kind: z.literal('DEAD_LETTERS') }),
    z.strictObject({ kind: z.literal('REDRIVE'), queue: nameField(LONGEST_NAME), most: wholeField(1, MOST_LETTERS).default(MOST_LETTERS) }),
    z.strictObject({ kind: z.literal('REPORT'), date: dateField.nullable().default(null) }),
    z.strictObject({ kind: z.literal('RESTORE'), table: tableField }),
  ],
  { error: `a command of kind ${KINDS}` },
);

export type OperatorCommand = z.infer<typeof command>;
