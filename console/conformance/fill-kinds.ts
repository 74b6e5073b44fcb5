// Kinds about what calls to a venue came to, in money and in time: EX-6, EX-8 and EX-9.
import { type CallAnswer, type CallResult, followCall } from '../../shared/domain/backoff.ts';
import { type LatencySample, summariseLatency } from '../../shared/domain/latency.ts';
import { type OpenLot, type PricedFill, type RoundTrip, pairFills, totalsOf } from '../../shared/domain/round-trips.ts';
import type { Field } from './field.ts';
import type { Found } from './found.ts';

/** Runs kind `round-trips` (EX-6, SL-10); a case tells neither liquidity nor policy. */
export function roundTripsKind(input: Field): Found {
  const { openLots, roundTrips } = pairFills(input.at('fills').list(readFill));
  return { roundTrips: roundTrips.map(reportedTrip), openLots: openLots.map(reportedLot), totals: { ...totalsOf(roundTrips) } };
}

/** Runs kind `latency` (EX-8). */
export function latencyKind(input: Field): Found {
  return { groups: summariseLatency(input.at('samples').list(readSample)).map((group) => ({ ...group })) };
}

/** Runs kind `retry` (EX-9); of every pause only its lower bound, jitter is left out. */
export function retryKind(input: Field): Found {
  const operation = input.at('operation').choice('read', 'write');
  const maxAttempts = input.at('maxAttempts').integer();
  if (maxAttempts < 1) throw input.at('maxAttempts').malformed('at least one attempt');
  const minimumWaits: number[] = [];
  const answers = input.at('outcomes').list(readAnswer);
  for (const [index, answer] of answers.entries()) {
    const followed = followCall({ operation, attempt: index + 1, maxAttempts }, answer);
    if (followed.next === 'END') return outcome(minimumWaits, followed.result);
    minimumWaits.push(followed.atLeastSeconds);
  }
  throw input.at('outcomes').malformed('an answer for every attempt');
}

function outcome(minimumWaits: readonly number[], result: CallResult): Found {
  return { calls: minimumWaits.length + 1, minimumWaits, result };
}

function readAnswer(answer: Field): CallAnswer {
  return {
    type: answer.at('type').choice('OK', 'TIMEOUT', 'CONNECTION_LOST', 'SERVER_ERROR', 'RATE_LIMITED', 'REFUSED'),
    retryAfterSeconds: answer.at('retryAfterSeconds').orNull((field) => field.integer()),
  };
}

function readSample(sample: Field): LatencySample {
  return {
    venue: sample.at('venue').text(),
    kind: sample.at('kind').choice('place', 'cancel', 'amend'),
    ms: sample.at('ms').integer(),
  };
}

function readFill(fill: Field): PricedFill {
  const fee = fill.at('fee');
  return {
    tradeId: fill.at('tradeId').text(),
    side: fill.at('side').choice('buy', 'sell'),
    quantity: fill.at('quantity').decimal(),
    price: fill.at('price').decimal(),
    at: fill.at('at').time(),
    fee: { amount: fee.at('amount').decimal(), asset: fee.at('asset').text(), rateToQuote: fee.at('rateToQuote').decimal() },
    liquidity: null,
    policy: '',
  };
}

function reportedTrip(trip: RoundTrip): Found {
  const { direction, quantity, entryPrice, exitPrice, gross, commission, net, holdSeconds, pnlBps } = trip;
  return { direction, quantity, entryPrice, exitPrice, gross, commission, net, holdSeconds, pnlBps };
}

function reportedLot({ direction, quantity, price, commission }: OpenLot): Found {
  return { side: direction, quantity, price, commission };
}
