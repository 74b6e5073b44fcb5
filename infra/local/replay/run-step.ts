// One step of a replay: a plan is posted, or prices move and every schedule runs once; then everything comes to rest.
import { z } from 'zod';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import { planOf, rowsKnownIn } from './plan-message.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Step } from './price-steps.ts';
import type { ReplayWorld } from './replay-world.ts';
import { urlOf } from './replay-world.ts';

/** Says that the pipeline did not take the plan of an hour. */
export class PlanRefusedError extends Error {
  constructor(step: string, answer: string) {
    super(`the plan of ${step} was refused: ${answer}`);
    this.name = 'PlanRefusedError';
  }
}

const planAnswer = z.object({
  results: z.array(z.object({ symbol: z.string(), outcome: z.string(), reason: z.string().nullable() })),
});

/**
 * Does one step on a world at rest, and waits until it has come to rest again. A step may be done again: the venue knows its prices, and the
 * pipeline the version of its plan.
 * @throws PlanRefusedError, UnsettledError
 */
export async function runStep(step: Step, run: PreparedRun, world: ReplayWorld): Promise<void> {
  const { cloud, venue } = world;
  await cloud.advanceTo(step.at);
  switch (step.kind) {
    case 'START':
      await cloud.runSchedulesOnce();
      break;
    case 'PLAN':
      await postPlan(step, run, world);
      break;
    case 'PRICES':
      venue.setPrices({ stepId: step.id, at: step.at, prices: step.prices });
      // What the venue did by itself is told before anything looks at the new prices.
      if (venue.pendingWebhooks().due > 0) await cloud.settle();
      await cloud.runSchedulesOnce();
      break;
    default:
      return unreachable(step);
  }
  await cloud.settle();
}

const MOST_POSTS = 10;
const SERVER_FAULT = 500;

// A plan that was applied by half may be sent again (EW-6), and has to be.
async function postPlan(step: Extract<Step, { kind: 'PLAN' }>, run: PreparedRun, { cloud }: ReplayWorld): Promise<void> {
  const body = JSON.stringify(planOf(step.hour, rowsKnownIn(step.hour, run.rows), rulesOf));
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  for (let posts = 1; ; posts += 1) {
    const response = await fetch(urlOf(cloud, 'plan-intake'), request);
    const text = await response.text();
    if (response.ok) return checkAnswer(step, text);
    if (response.status < SERVER_FAULT || posts === MOST_POSTS) throw new PlanRefusedError(step.id, `${response.status} ${text}`);
  }
}

function checkAnswer(step: Step, text: string): void {
  const refused = planAnswer.parse(JSON.parse(text)).results.find(({ outcome }) => outcome === 'REFUSED');
  if (refused !== undefined) throw new PlanRefusedError(step.id, `${refused.symbol}: ${refused.reason ?? 'no reason given'}`);
}

function rulesOf(symbol: string): MarketRules {
  const [market] = defaultMarkets([symbol]);
  if (market === undefined) throw new Error(`${symbol} is not listed`);
  return market.rules;
}

function unreachable(step: never): never {
  throw new Error(`unknown step ${JSON.stringify(step)}`);
}
