// `npm run cost [-- SYMBOLS ORDERS_A_DAY]`: what a stage costs a month, as docs/deploy.md tells it.
import * as z from 'zod';
import { costTable } from './monthly-cost.ts';

const amount = z.coerce.number().int().positive();
const [symbols = '100', orders = '500'] = process.argv.slice(2);
for (const line of costTable({ symbols: amount.parse(symbols), ordersPerDay: amount.parse(orders) })) console.log(line);
