// What the pipeline itself says is wrong: with positions, orders, the ledger, the venue and the switch.
import { FIVE_MINUTES, onMath, onMetric, own } from './alarm-spec.ts';
import type { AlarmSpec } from './alarm-spec.ts';

const MINUTE = 60;
/** After this long the domain calls a position without a stop an anomaly (SL-13). */
const LONGEST_UNPROTECTED_SECONDS = 60;

const SAFETY: readonly AlarmSpec[] = [
  onMath(
    {
      id: 'unprotected-position',
      meaning: 'A position had no confirmed stop at the venue for more than a minute, so nothing limits its loss (SL-7, SL-13).',
      look: 'Query `anomalies` with kind UNPROTECTED; `claimjump positions`; `claimjump why SYMBOL`.',
      remedy: 'Place a stop at the venue by hand or close the position there; its symbol is HALTED until you resume it.',
    },
    {
      expression: '(FILL(told, 0) > 0) OR (FILL(seconds, 0) > 60)',
      uses: { told: own('anomaly_detected_total', 'Sum', { kind: 'UNPROTECTED' }), seconds: own('unprotected_seconds', 'Maximum') },
      words: `an anomaly of kind UNPROTECTED was told, or a stop was confirmed more than ${LONGEST_UNPROTECTED_SECONDS} s after its position was opened`,
    },
  ),
  onMetric(
    {
      id: 'stops-refused',
      meaning: 'The venue refused a stop, so a position is uncovered until it is sold or the next stop is accepted (SL-4).',
      look: 'Query `who-acted` for the symbol, fact STOP_REFUSED and its code; `claimjump positions`.',
      remedy: 'See that the position is sold or covered; correct what the code names (price band, lot, permission), then resume the symbol.',
    },
    own('stops_refused_total', 'Sum'),
  ),
  onMetric(
    {
      id: 'capacity-mismatch',
      meaning: 'Cap minus free is not what the slots use, so entries may go beyond the cap or stay out for nothing (WS-2, SL-13).',
      look: 'Query `anomalies` with kind CAPACITY: cap, free and used; `claimjump status`.',
      remedy: 'Halt the account with `claimjump halt`, compare slots and positions with the venue, and resume only once the audit is clean again.',
    },
    own('anomaly_detected_total', 'Sum', { kind: 'CAPACITY' }),
  ),
  onMetric(
    {
      id: 'anomaly-detected',
      meaning: 'Something happened that must never be (SL-13); unless it is about capacity its symbol is HALTED already.',
      look: 'Query `anomalies` for kind and symbol; `claimjump why SYMBOL`.',
      remedy: 'Compare the symbol with the venue, put it right there or adopt what is there with `claimjump adopt`, then resume the symbol.',
    },
    own('anomaly_detected_total', 'Sum'),
  ),
  onMetric(
    {
      id: 'race-detected',
      meaning: 'A call to the venue came back to another order or fence than it was made for; nothing was overwritten (SL-12).',
      look: 'Query `races` for expected and found; query `update-sources` for the symbol around that time.',
      remedy: 'Compare the symbol’s orders with the venue; one race is survived by itself, several in an hour are a defect: halt the symbol and report it.',
    },
    own('race_detected_total', 'Sum'),
  ),
  onMetric(
    {
      id: 'position-mismatch',
      meaning: 'What the venue holds and what our fills say differ by more than one unit of the base (EX-7).',
      look: 'Query `who-acted` for the symbol, fact POSITION_MISMATCH; `claimjump positions`.',
      remedy: 'Find out who traded the account beside the pipeline; adopt the position with `claimjump adopt` or close it at the venue.',
    },
    own('position_mismatch_total', 'Sum', { alert: 'true' }),
  ),
  onMetric(
    {
      id: 'kill-switch',
      meaning: 'The kill switch is REDUCING or HALTED for the account, a class or a symbol, by a person or by a rule (KS-1, KS-2); a pause stands until the next session’s reset.',
      look: '`claimjump status`; query `anomalies`, since each halts its symbol.',
      remedy: 'Find out who threw it and why, put that right, and lift it with `claimjump resume`; only a person lifts HALTED.',
    },
    own('kill_switch_state', 'Maximum'),
  ),
];

const ORDERS: readonly AlarmSpec[] = [
  onMetric(
    {
      id: 'stuck-intents',
      meaning: 'An action has been planned for more than five minutes and was not sent, although reconcile rings for it every half minute.',
      look: '`claimjump orders`; query `failures`; the alarms of the queues `actions` and `stops` and of `order-action`.',
      remedy: 'Look whether the venue is closed, banned or out of budget; where order-action fails, mend that, and reconcile rings again by itself.',
    },
    own('oldest_planned_seconds', 'Maximum'),
    { threshold: 300 },
  ),
  onMetric(
    {
      id: 'unknown-outcomes',
      meaning: 'For more than five minutes nobody has known what became of an order that was sent; its room stays reserved (EX-9).',
      look: '`claimjump orders`; query `who-acted` for the symbol, fact VENUE_CALL with outcome UNKNOWN.',
      remedy: 'Look for the order at the venue by its client order id; reconcile asks at every run, so restore the venue’s answers first of all.',
    },
    own('oldest_unknown_seconds', 'Maximum'),
    { threshold: 300 },
  ),
  onMetric(
    {
      id: 'order-latency',
      meaning: 'One in twenty orders took more than half a second from its send to the venue’s acknowledgement (EX-8).',
      look: 'Dashboard, latency; query `who-acted`, fact ORDER_SLOW with venue and kind.',
      remedy: 'Compare with the venue’s status page; where it lasts, lower the load or deploy to a region nearer to the venue.',
    },
    own('order_latency_ms', 'p95'),
    { threshold: 500, periodSeconds: 900 },
  ),
  onMetric(
    {
      id: 'orders-rejected',
      meaning: 'Three orders or more were refused or given up within a quarter of an hour, as many as an entry is retried in a session (SL-9).',
      look: 'Query `who-acted`, facts ORDER_REJECTED and ENTRY_RESTS with the reason.',
      remedy: 'Correct what the reason names: funds, permission, lot or price; a slot that rests begins anew at the next session.',
    },
    own('orders_rejected_total', 'Sum'),
    { fires: 'AT_LEAST', threshold: 3, periodSeconds: 900 },
  ),
];

const VENUE: readonly AlarmSpec[] = [
  onMetric(
    {
      id: 'reconcile-stale',
      meaning: 'For more than five minutes no run of reconcile has read everything of the venue, or none has begun: what lost messages left undone stays undone (SL-11).',
      look: 'Query `failures` for reconcile, facts VENUE_UNREADABLE and invocation_failed; alarms `heartbeat-reconcile` and `errors-reconcile`.',
      remedy: 'Restore what it cannot read: the venue, its key or its budget; entries stop by themselves once equity is too old.',
    },
    own('reconcile_age_seconds', 'Maximum'),
    {
      threshold: 300,
      periodSeconds: MINUTE,
      breaches: 3,
      ofPeriods: 5,
      missing: 'BREACH',
      standsUntil: 'a first run of reconcile has read everything, and another has measured how long ago that was',
    },
  ),
  onMetric(
    {
      id: 'venue-circuit-open',
      meaning: 'The venue refused so many placements in a row that no entry is sent until a probe is accepted (EX-9).',
      look: 'Query `failures`; query `who-acted`, fact VENUE_CALL with outcome REFUSED.',
      remedy: 'Read the refusals’ code, correct the cause, and let the next probe close the circuit by itself.',
    },
    own('venue_circuit_open', 'Maximum'),
  ),
  onMetric(
    {
      id: 'venue-banned',
      meaning: 'The venue has banned our address or key for a while, and stops can be neither placed nor moved (EX-9).',
      look: 'Metric `venue_pauses_total` by reason; query `failures`.',
      remedy: 'Protect open positions by hand at the venue’s own page, stop whatever else uses the key, and wait: calls under a ban make it longer.',
    },
    own('venue_banned', 'Maximum'),
  ),
  onMetric(
    {
      id: 'key-can-withdraw',
      meaning: 'The exchange says that money can be taken out with our key, so no entry is sent with it; stops and exits go on (EX-9).',
      look: 'Query `failures`, fact KEY_CAN_WITHDRAW; the key’s permissions at the exchange.',
      remedy: 'Take the permission from the key at the exchange, or put another key into the secret; entries go on by themselves within five minutes.',
    },
    own('key_can_withdraw', 'Maximum'),
  ),
  onMetric(
    {
      id: 'clock-skew',
      meaning: 'The venue’s clock and ours differ by more than a second, so prices and updates are taken for too old or too new (WS-1).',
      look: 'Metric `clock_skew_ms`; the venue’s status page.',
      remedy: 'Halt entries with `claimjump halt` while it lasts; Lambda’s clock is AWS’s, so the venue or a relay between is what is wrong.',
    },
    own('clock_skew_ms', 'Maximum'),
    { threshold: 1000, periodSeconds: FIVE_MINUTES },
  ),
];

export const TRADING_ALARMS: readonly AlarmSpec[] = [...SAFETY, ...ORDERS, ...VENUE];
