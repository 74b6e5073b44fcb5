// A process that takes orders at a paper venue and says of each what it was answered, until it is killed.
import { Decimal } from '../../../shared/domain/decimal.ts';
import { buy, startPaper } from './paper-bench.ts';

const bench = await startPaper({ dataFolder: process.argv[2] ?? null }, 5_000);
bench.price('105');
for (let number = 0; number < 10_000; number += 1) {
  const outcome = await bench.exchange.place(buy(`order-${number}`, { quantity: new Decimal(1), limit: new Decimal(1) }));
  if (outcome.kind !== 'ACCEPTED') throw new Error(JSON.stringify(outcome));
  process.stdout.write(`${outcome.report.clientOrderId} ${outcome.report.status}\n`);
}
