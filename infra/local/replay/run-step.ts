// One step of a replay: a plan is posted, or prices move and every schedule runs once; then everything comes to rest.
import { z } from 'zod';
import { defaultMarkets } from '../../../shared/adapters/paper/paper-markets.ts';
import type { MarketRules } from '../../../shared/domain/constraints.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { SteppedCloud } from '../stepped-cloud.ts';
import { MINUTE } from './minute-steps.ts';
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
  const walked = await passTime(step.at, run, cloud);
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
      await look(step, walked, cloud);
      break;
    default:
      return unreachable(step);
  }
  await cloud.settle();
}

/** The longest pause between two steps that is walked through; a night is skipped. */
const LONGEST_WALK: Millis = 30 * MINUTE;

/** Moves time to a step, and tells whether every schedule ran on the way. */
async function passTime(until: Millis, { options }: PreparedRun, cloud: SteppedCloud): Promise<boolean> {
  const pause = until - cloud.clock.now();
  // A run that begins or goes on stands at its step already.
  const walks = options.injections.trueRate && pause > 0 && pause <= LONGEST_WALK;
  if (walks) await cloud.runTrueRate(until);
  else await cloud.runDelayed(until);
  return walks;
}

const POLL = { functionName: 'quote-poll', event: { kind: 'QUOTE_POLL', repeatSeconds: [] } } as const;

// What walks needs no look of its own: the polls come at their time.
async function look({ betweenSchedules }: Extract<Step, { kind: 'PRICES' }>, walked: boolean, cloud: SteppedCloud): Promise<void> {
  if (walked) return;
  await cloud.runSchedulesOnce();
  if (betweenSchedules) await cloud.invoke(POLL.functionName, POLL.event);
}

const MOST_POSTS = 10;
const SERVER_FAULT = 500;

// A plan that was applied by half may be sent again (EW-6), and has to be.
async function postPlan(step: Extract<Step, { kind: 'PLAN' }>, run: PreparedRun, { cloud }: ReplayWorld): Promise<void> {
  const body = JSON.stringify(run.planAt(step.at, rulesOf));
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
