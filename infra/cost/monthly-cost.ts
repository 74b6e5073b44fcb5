// What a stage costs a month, by the prices that its spend alarm reckons with.
import { DAYS_OF_MONTH, FIXED_EGRESS_MONTHLY, FIXED_MONTHLY, PRICES } from '../watch/prices.ts';
import type { Egress } from '../stages.ts';

/** What a month is taken to bring; a day's figures are spread over it. */
export interface Usage {
  readonly symbols: number;
  readonly ordersPerDay: number;
}

export interface CostLine {
  readonly what: string;
  readonly dollars: number;
}

const MINUTES = DAYS_OF_MONTH * 24 * 60;
const POLLS = 6 * MINUTES;
const RECONCILES = 2 * MINUTES;

// Assumed, and to be held against the dashboard once there is one: milliseconds of a call, units of a kilobyte read or written.
const MILLISECONDS = { poll: 600, watch: 150, reconcile: 800, order: 400 } as const;
const LOG_BYTES_PER_CALL = 2_000;
const BOOK_KILOBYTES_PER_SYMBOL = 2;
const QUOTE_KILOBYTES_PER_SYMBOL = 0.15;
const READ_KILOBYTES = 4;
const WRITES_PER_ORDER = 60;
const READS_PER_ORDER = 200;
const CALLS_PER_ORDER = 12;
const RECONCILE_WRITES = 5;

const reads = ({ symbols, ordersPerDay }: Usage): number => {
  const book = Math.ceil((symbols * BOOK_KILOBYTES_PER_SYMBOL) / READ_KILOBYTES);
  return (2 * POLLS + RECONCILES) * book + ordersPerDay * DAYS_OF_MONTH * READS_PER_ORDER;
};

const writes = ({ symbols, ordersPerDay }: Usage): number =>
  POLLS * Math.ceil(symbols * QUOTE_KILOBYTES_PER_SYMBOL) + RECONCILES * RECONCILE_WRITES + ordersPerDay * DAYS_OF_MONTH * WRITES_PER_ORDER;

const orderCalls = ({ ordersPerDay }: Usage): number => ordersPerDay * DAYS_OF_MONTH * CALLS_PER_ORDER;

const calls = (usage: Usage): number => 2 * POLLS + RECONCILES + orderCalls(usage);

const milliseconds = (usage: Usage): number =>
  POLLS * (MILLISECONDS.poll + MILLISECONDS.watch) + RECONCILES * MILLISECONDS.reconcile + orderCalls(usage) * MILLISECONDS.order;

/** Reckons the lines of a month's bill, in dollars. */
export const monthlyCost = (usage: Usage, egress: Egress): readonly CostLine[] => [
  { what: 'alarms, metrics and the dashboard', dollars: FIXED_MONTHLY.alarms + FIXED_MONTHLY.metrics + FIXED_MONTHLY.dashboard },
  { what: 'keys and secrets', dollars: FIXED_MONTHLY.keysAndSecrets },
  { what: 'queues', dollars: FIXED_MONTHLY.queuePolls },
  { what: 'functions', dollars: calls(usage) * PRICES.lambdaRequest + milliseconds(usage) * PRICES.lambdaMillisecond },
  { what: 'the table', dollars: reads(usage) * PRICES.readUnit + writes(usage) * PRICES.writeUnit },
  { what: 'logs', dollars: calls(usage) * LOG_BYTES_PER_CALL * PRICES.logByte },
  { what: 'webhooks and plans', dollars: orderCalls(usage) * PRICES.apiRequest },
  ...(egress === 'FIXED' ? [{ what: 'the fixed address', dollars: FIXED_EGRESS_MONTHLY }] : []),
];

/** Prints the bill, without and with the fixed address, as lines of a table. */
export const costTable = (usage: Usage): readonly string[] => {
  const any = monthlyCost(usage, 'ANY');
  const fixed = monthlyCost(usage, 'FIXED');
  const total = (lines: readonly CostLine[]): string => lines.reduce((sum, { dollars }) => sum + dollars, 0).toFixed(0);
  const rows = fixed.map(({ what, dollars }) => `| ${what} | ${any.some((line) => line.what === what) ? dollars.toFixed(2) : '–'} | ${dollars.toFixed(2)} |`);
  return [`| $ a month, ${usage.symbols} symbols | any address | fixed address |`, '|---|---|---|', ...rows, `| **together** | **${total(any)}** | **${total(fixed)}** |`];
};
