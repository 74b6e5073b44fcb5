// The pipeline of one account in a process of its own, to be killed: everything it knows is in the table or is lost with it.
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import { createDynamoStore } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { createPaperExchange } from '../../shared/adapters/paper/paper-exchange.ts';
import { acceptPlan } from '../../shared/accept-plan.ts';
import type { Plan } from '../../shared/accept-plan.ts';
import { applyEvent } from '../../shared/apply-event.ts';
import { checkProtection } from '../../shared/check-protection.ts';
import { Decimal } from '../../shared/domain/decimal.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import type { Message } from '../../shared/messages.ts';
import { performAction } from '../../shared/perform-action.ts';
import type { TraceContext } from '../../shared/ports.ts';
import { attemptSteal, readPrices } from '../../shared/read-prices.ts';
import { reconcile } from '../../shared/reconcile.ts';
import { resolveAction } from '../../shared/resolve-action.ts';
import type { VenueDeps } from '../../shared/shell-deps.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../infra/local/local-names.ts';
import { FREE_BUDGET } from '../support/free-budget.ts';
import { MemoryQueues } from '../support/memory-queues.ts';
import { planWatch } from '../support/builders.ts';
import { TWAP_ACCOUNT, TWAP_PLAN, TWAP_SYMBOL } from './twap-run.ts';
import type { ChildTerms, Step } from './twap-run.ts';

const terms: ChildTerms = JSON.parse(process.argv[2] ?? '{}');
const trace: TraceContext = { account: TWAP_ACCOUNT, source: 'tick', requestId: `${process.pid}`, correlationId: 'twap' };
const clock = { at: 0, now: () => clock.at, sleep: () => new Promise<void>((done) => void setTimeout(done, 1)) };
const queues = new MemoryQueues({ clock });
let lastId = 0;
const ids = { next: () => `${process.pid}-${(lastId += 1)}`, fraction: () => 0.5 };
const client = createDynamoClient({ endpoint: terms.table, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
const exchange = createPaperExchange({ url: terms.venue, timeoutMs: 2000, pauseMs: 1, fraction: () => 0.5 });
const deps: VenueDeps = {
  account: TWAP_ACCOUNT,
  settings: DEFAULT_SETTINGS,
  calendar: nyseCalendar(),
  store: createDynamoStore({ client, tableName: terms.tableName, ids, clock }),
  queues,
  clock,
  ids,
  telemetry: { record: () => undefined, count: () => undefined },
  traits: exchange.traits,
  exchange,
  budget: FREE_BUDGET,
};

const run = async (message: Message): Promise<void> => {
  switch (message.kind) {
    case 'ACTION':
    case 'STOP_ACTION':
      await performAction(deps, message.actionId, trace);
      return;
    case 'LOOKUP':
      await resolveAction(deps, message, trace);
      return;
    case 'WATCHDOG':
      return checkProtection(deps, message, trace);
    case 'STEAL':
      return attemptSteal(deps, message, trace);
    case 'QUOTES':
    case 'QUOTE_TICK':
    case 'RECONCILE_TICK':
      throw new Error(`nobody sends ${message.kind} here`);
  }
};

const drain = async (): Promise<void> => {
  for (let [queued] = queues.receivable(); queued !== undefined; [queued] = queues.receivable()) {
    await run(queued.message);
    queues.done(queued);
  }
};

const plan: Plan = { ...TWAP_PLAN, watches: TWAP_PLAN.watches.map(planWatch) };

/** Everything that happens at one moment; a process that has just begun knows nothing of the moments before. */
const take = async ({ at, price, isFirst, reconciles }: Step): Promise<void> => {
  clock.at = at;
  const { equity } = await exchange.equity();
  await applyEvent(deps, { type: 'EQUITY_READ', equity, at }, trace);
  if (isFirst) {
    await deps.store.saveMarkets(TWAP_ACCOUNT, await exchange.markets());
    await acceptPlan(deps, plan, trace);
  }
  await readPrices(deps, { [TWAP_SYMBOL]: { price: new Decimal(price), at } }, trace);
  await drain();
  if (reconciles) await reconcile(deps, trace);
  await drain();
};

process.on('message', (step: Step) => {
  void take(step).then(
    () => process.send?.({ done: step.at }),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = 1;
      process.disconnect();
    },
  );
});
process.send?.({ done: 0 });
