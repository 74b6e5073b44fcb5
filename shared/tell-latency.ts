// How long the venue took to acknowledge, whoever brought the news: the call's answer, a webhook or a look-up (EX-8).
import type { Action } from './domain/action.ts';
import type { Decision, Note } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
import type { Millis } from './domain/instant.ts';
import type { LatencySample } from './domain/latency.ts';
import { isSlow } from './domain/latency.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

/** Actions that a decision ends after their send; one that the venue never had was not acknowledged. */
const acknowledged = (event: Event, decision: Decision): readonly Action[] => {
  if (decision.kind === 'IGNORE' || event.type === 'ORDER_ABSENT') return [];
  return decision.changes.flatMap((change) =>
    change.kind === 'ACTION' && change.before?.state === 'SENT' && change.after === null ? [change.before] : [],
  );
};

const slowNote = (action: Action, sample: LatencySample): Note => {
  const { venue, kind, ms } = sample;
  const fields = { symbol: action.ref.symbol, actionId: action.id, ...sample };
  return { name: 'ORDER_SLOW', level: 'WARN', message: `${action.ref.symbol}: ${kind.toLowerCase()} at ${venue} acknowledged after ${ms} ms`, fields };
};

/**
 * By how much the venue's clock differs from ours at least, milliseconds: what it says of an order lies between the order's
 * send and its answer, or else the clocks do not agree.
 */
const skewOf = (at: Millis, sentAt: Millis, heardAt: Millis): Millis => Math.max(0, sentAt - at, at - heardAt);

const reportedAt = (event: Event): Millis | null => {
  if (event.type === 'ORDER_REPORTED') return event.report.at;
  return event.type === 'ACTION_ANSWERED' && event.outcome.kind === 'ACCEPTED' ? event.outcome.report.at : null;
};

const tellSkew = ({ telemetry, clock }: ShellDeps, event: Event, { intent, sentAt }: Action): void => {
  const at = reportedAt(event);
  // An order that is changed or cancelled may be reported with the time of its placement.
  if (intent.kind !== 'PLACE' || sentAt === null || at === null) return;
  telemetry.count('clock_skew_ms', skewOf(at, sentAt, clock.now()));
};

/**
 * Measures send → acknowledgement of what a decision ends (EX-8), milliseconds by venue and kind; more than 500 are told. Of a
 * placement it also measures whether the venue's clock agrees with ours.
 */
export const tellLatency = (deps: ShellDeps, event: Event, decision: Decision, trace: TraceContext): void => {
  for (const action of acknowledged(event, decision)) {
    if (action.sentAt === null) continue;
    tellSkew(deps, event, action);
    // Whoever hears the answer may have a clock behind the sender's.
    const ms = Math.max(0, deps.clock.now() - action.sentAt);
    const labels = { venue: deps.traits.venue, kind: action.intent.kind };
    deps.telemetry.count('order_latency_ms', ms, labels);
    if (isSlow(ms)) deps.telemetry.record(slowNote(action, { ...labels, ms }), trace);
  }
};
