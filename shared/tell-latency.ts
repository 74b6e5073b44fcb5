// How long the venue took to acknowledge, whoever brought the news: the call's answer, a webhook or a look-up (EX-8).
import type { Action } from './domain/action.ts';
import type { Decision } from './domain/decision.ts';
import type { Event } from './domain/event.ts';
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

const tellSlow = ({ telemetry }: ShellDeps, action: Action, labels: { readonly venue: string; readonly kind: string }, ms: number, trace: TraceContext): void => {
  const message = `${action.ref.symbol}: ${labels.kind.toLowerCase()} at ${labels.venue} acknowledged after ${ms} ms`;
  telemetry.record({ name: 'ORDER_SLOW', level: 'WARN', message, fields: { symbol: action.ref.symbol, actionId: action.id, ms, ...labels } }, trace);
};

/** Measures send → acknowledgement of what a decision ends (EX-8), milliseconds by venue and kind; more than 500 are told. */
export const tellLatency = (deps: ShellDeps, event: Event, decision: Decision, trace: TraceContext): void => {
  for (const action of acknowledged(event, decision)) {
    if (action.sentAt === null) continue;
    const ms = deps.clock.now() - action.sentAt;
    const labels = { venue: deps.traits.venue, kind: action.intent.kind };
    deps.telemetry.count('order_latency_ms', ms, labels);
    if (isSlow(ms)) tellSlow(deps, action, labels, ms, trace);
  }
};
