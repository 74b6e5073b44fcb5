// A live run: the exchange's present prices drive the paper venue and the whole pipeline, in real time, until it is stopped.
import { setTimeout as delay } from 'node:timers/promises';
import type { Note } from '../../../shared/domain/decision.ts';
import type { Quote } from '../../../shared/domain/quote.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import { InputError } from '../replay/input-error.ts';
import { timeText } from '../replay/display.ts';
import type { LiveOptions } from './live-cli.ts';
import { readLivePlan } from './live-plan.ts';
import type { LivePlan } from './live-plan.ts';
import { noPrices, openLivePrices } from './live-prices.ts';
import type { LivePrices } from './live-prices.ts';
import { liveReport, statusLine } from './live-report.ts';
import { openLiveWorld } from './live-world.ts';
import type { LiveWorld } from './live-world.ts';

export interface LiveHooks {
  readonly line: (text: string) => void;
  /** Ends the run after the look at the prices that is under way. */
  readonly signal: AbortSignal;
  /** Tells the command line where the cloud is; returns what takes that back. */
  readonly announce?: (urls: Readonly<Record<string, string>>) => () => void;
  /** Where the exchange is instead of where it is, by ccxt's names: for tests on one machine. */
  readonly urls?: Readonly<Record<string, string>>;
}

/** What a person wants to read as it happens. */
const TOLD: ReadonlySet<string> = new Set([
  'WATCH_PLANNED', 'CLAIMED', 'STEAL', 'FIGHT_WON', 'FIGHT_LOST', 'FORCED', 'ORDER_PLACED', 'FILL', 'PROTECTED', 'POSITION_CLOSED',
]);
const STATUS_MILLISECONDS = 30_000;

/**
 * Runs until the signal, and writes lines as it goes and a report at its end.
 * @throws InputError for what was given wrong, NoPricesError where there is no network
 */
export async function runLive(options: LiveOptions, hooks: LiveHooks): Promise<void> {
  const { line } = hooks;
  const prices = await openLivePrices(options.exchange, hooks.urls ?? null);
  const plan = await readLivePlan(options.planFile, prices);
  line(`Paper trading ${plan.markets.map(({ symbol }) => symbol).join(', ')} at the prices of ${prices.exchange}; Ctrl-C ends it with a report.`);
  const tell = (words: string): void => line(`${timeText(Date.now())}  ${words}`);
  const world = await openLiveWorld({ markets: plan.markets, settings: options.settings, onNote: noteTeller(tell), onFailure: tell });
  const withdraw = hooks.announce?.(world.cloud.urls);
  try {
    const run = { options, hooks, prices, plan, world, tell };
    await begin(run);
    if (withdraw !== undefined) line('Ask it from another terminal: npm run claimjump -- status');
    await watchPrices(run);
    for (const words of liveReport(world.venue.snapshot(), await world.cloud.deadLetters())) line(words);
  } finally {
    withdraw?.();
    await world.close();
  }
}

interface LiveRun {
  readonly options: LiveOptions;
  readonly hooks: LiveHooks;
  readonly prices: LivePrices;
  readonly plan: LivePlan;
  readonly world: LiveWorld;
  readonly tell: (words: string) => void;
}

// The account is read before the plan: what may be spent is known from then on.
async function begin(run: LiveRun): Promise<void> {
  const { world, plan, options } = run;
  await world.tick(await readPrices(run));
  await world.cloud.invoke('reconcile', { kind: 'RECONCILE', repeatSeconds: [] });
  try {
    await world.cloud.invoke('plan-intake', plan.plan);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InputError' || options.planFile === null) throw error;
    throw new InputError(`${options.planFile}: ${error.message}`, { cause: error });
  }
}

async function watchPrices(run: LiveRun): Promise<void> {
  const { world, hooks, tell, options } = run;
  let toldAt = -Infinity;
  while (!hooks.signal.aborted) {
    const quotes = await readPrices(run).catch((error: unknown) => {
      tell(noPrices(options.exchange, error).message);
      return null;
    });
    if (quotes !== null) await world.tick(quotes);
    if (quotes !== null && Date.now() - toldAt >= STATUS_MILLISECONDS) {
      toldAt = Date.now();
      tell(statusLine(world.venue.snapshot(), quotes));
    }
    await pause(options.everySeconds * 1000, hooks.signal);
  }
}

async function readPrices({ prices, plan, options }: LiveRun): Promise<Readonly<Record<string, Quote>>> {
  const quotes = await prices.quotes(plan.markets.map(({ symbol }) => symbol));
  if (Object.keys(quotes).length === 0) throw new VenueReadError(`${options.exchange} has no price of these symbols now`);
  return quotes;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Tells what happens, and what goes wrong once while it stays the same. */
function noteTeller(tell: (words: string) => void): (note: Note) => void {
  let last = '';
  return ({ name, level, message }) => {
    const isTrouble = level === 'WARN' || level === 'ERROR';
    if ((!TOLD.has(name) && !isTrouble) || message === last) return;
    last = message;
    tell(message);
  };
}
