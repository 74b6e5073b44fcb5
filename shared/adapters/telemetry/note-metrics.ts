// Facts that are counted as well as told (EX-12): which metrics a note feeds, by which of its fields. Labels are few.
import type { Note } from '../../domain/decision.ts';

/** One measurement; `value` is a count of one unless a field of the note is the value. */
export interface Measured {
  readonly metric: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

interface Count {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly value: null;
}

/** The named field is the value; a note that does not have it as a number measures nothing. */
interface Measure {
  readonly metric: string;
  readonly labels: readonly string[];
  readonly value: string;
}

const count = (metric: string, ...labels: readonly string[]): Count => ({ metric, labels, value: null });
const measure = (metric: string, value: string, ...labels: readonly string[]): Measure => ({ metric, labels, value });

const NOTE_METRICS: Readonly<Record<string, readonly (Count | Measure)[]>> = {
  STEAL: [count('steals_total')],
  STEAL_REFUSED: [count('steal_refused_total', 'reason')],
  FILL: [count('fills_total', 'purpose'), measure('entries_today', 'entriesToday')],
  ORDER_PLACED: [count('orders_placed_total', 'purpose')],
  ORDER_FILLED: [count('orders_filled_total', 'purpose'), measure('fill_rate', 'fillRate', 'purpose')],
  ORDER_CANCELLED: [count('orders_cancelled_total', 'purpose'), measure('fill_rate', 'fillRate', 'purpose')],
  ORDER_REJECTED: [count('orders_rejected_total', 'purpose')],
  ORDER_SLOW: [count('order_latency_slow_total', 'venue', 'kind')],
  ROUND_TRIP: [count('round_trips_total', 'policy'), measure('round_trip_pnl_bps', 'pnlBps')],
  POSITION_CLOSED: [count('positions_closed_total', 'reason')],
  STOP_REFUSED: [count('stops_refused_total', 'code')],
  PROTECTED: [count('stops_placed_total'), measure('unprotected_seconds', 'unprotectedSeconds')],
  POSITION_MISMATCH: [count('position_mismatch_total', 'alert')],
  HEALED: [count('healed_total', 'reason')],
  RACE: [count('race_detected_total')],
  ANOMALY: [count('anomaly_detected_total', 'kind')],
};

const labelsOf = (fields: Note['fields'], names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name];
      return value === null || value === undefined ? [] : [[name, String(value)]];
    }),
  );

const measuredBy = (fields: Note['fields'], { metric, labels, value }: Count | Measure): readonly Measured[] => {
  const found = value === null ? 1 : fields[value];
  return typeof found === 'number' && Number.isFinite(found) ? [{ metric, value: found, labels: labelsOf(fields, labels) }] : [];
};

/** Measures a note (EX-12); nothing where no metric follows from it. */
export const measuredOf = (note: Note): readonly Measured[] =>
  Object.hasOwn(NOTE_METRICS, note.name) ? (NOTE_METRICS[note.name] ?? []).flatMap((each) => measuredBy(note.fields, each)) : [];
