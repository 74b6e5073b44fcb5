// What a day has cost, reckoned from what was used: the bill itself comes a day late, and only to us-east-1.
import type { Stage } from '../stages.ts';
import { onMath, own } from './alarm-spec.ts';
import type { AlarmSpec, MetricSpec } from './alarm-spec.ts';
import { DAYS_OF_MONTH, FIXED_EGRESS_MONTHLY, FIXED_MONTHLY, PRICES } from './prices.ts';

const DAY = 86_400;
const PLACES = 12;

export type SpendTerms = Pick<Stage, 'monthlySpendLimitUsd' | 'egress'>;

const region = (namespace: string, metric: string): MetricSpec => ({ source: { kind: 'REGION', namespace }, metric, statistic: 'Sum' });

// CloudWatch reads plain decimals alone.
const plain = (value: number): string => value.toFixed(PLACES).replace(/\.?0+$/, '');

const fixedDaily = ({ egress }: SpendTerms): number => {
  const monthly = Object.values(FIXED_MONTHLY).reduce((total, price) => total + price, 0);
  return (monthly + (egress === 'FIXED' ? FIXED_EGRESS_MONTHLY : 0)) / DAYS_OF_MONTH;
};

/** Each metric with what one of it costs. */
const USED: readonly (readonly [string, MetricSpec, number])[] = [
  ['reads', own('read_units_total', 'Sum'), PRICES.readUnit],
  ['writes', own('write_units_total', 'Sum'), PRICES.writeUnit],
  ['calls', region('AWS/Lambda', 'Invocations'), PRICES.lambdaRequest],
  ['duration', region('AWS/Lambda', 'Duration'), PRICES.lambdaMillisecond],
  ['logged', region('AWS/Logs', 'IncomingBytes'), PRICES.logByte],
  ['requests', { source: { kind: 'API' }, metric: 'Count', statistic: 'Sum' }, PRICES.apiRequest],
];

/** Dollars of a day, as an expression over what was used. */
export const dailySpend = (terms: SpendTerms): { readonly expression: string; readonly uses: Readonly<Record<string, MetricSpec>> } => ({
  expression: [...USED.map(([id, , price]) => `FILL(${id}, 0) * ${plain(price)}`), plain(fixedDaily(terms))].join(' + '),
  uses: Object.fromEntries(USED.map(([id, metric]) => [id, metric])),
});

/** Alarms when a day costs more than its share of the stage's limit. */
export const spendAlarm = (terms: SpendTerms): AlarmSpec =>
  onMath(
    {
      id: 'spend',
      meaning: 'A day cost more than a thirtieth of the stage’s monthly limit; functions and logs are counted for the whole account and region.',
      look: 'Dashboard, cost; metrics `read_units_total`, `write_units_total`, Lambda’s invocations and duration; Cost Explorer by the tag project.',
      remedy: 'Look for what runs in circles (invocations) or is told too often (logs); where the use is meant, raise `monthlySpendLimitUsd` of the stage.',
    },
    { ...dailySpend(terms), words: 'dollars of a day by prices.ts, over `monthlySpendLimitUsd` ÷ 30' },
    { threshold: terms.monthlySpendLimitUsd / DAYS_OF_MONTH, periodSeconds: DAY },
  );
