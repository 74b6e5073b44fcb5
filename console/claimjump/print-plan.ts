// What became of a plan, watch by watch.
import * as z from 'zod';
import { tableLines } from '../../infra/local/report/text-table.ts';

const outcome = z.looseObject({ symbol: z.string(), slot: z.string(), outcome: z.string(), reason: z.string().nullable() });

/** The answer of plan-intake as far as it is printed. */
export const planResult = z.looseObject({ results: z.array(outcome), withdrawn: z.array(z.unknown()) });

type PlanResult = z.infer<typeof planResult>;

/** Tells whether a watch was refused. */
export const hasRefusal = ({ results }: PlanResult): boolean => results.some((each) => each.outcome === 'REFUSED');

/** Writes what became of each watch. */
export const planLines = ({ results, withdrawn }: PlanResult): readonly string[] => [
  ...(results.length === 0 ? ['The plan names no watches.'] : tableLines(['symbol', 'slot', 'outcome', 'reason'], results.map((each) => [each.symbol, each.slot, each.outcome, each.reason ?? '']))),
  ...(withdrawn.length === 0 ? [] : [`Withdrawn: ${withdrawn.length} that the plan no longer names.`]),
];
