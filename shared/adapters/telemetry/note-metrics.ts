// Facts that are counted as well as told (EX-12): the metric, and which of the note's fields label it. Labels are few.
export interface NoteMetric {
  readonly metric: string;
  readonly labels: readonly string[];
}

const NOTE_METRICS: Readonly<Record<string, NoteMetric>> = {
  STEAL: { metric: 'steals_total', labels: [] },
  STEAL_REFUSED: { metric: 'steal_refused_total', labels: ['reason'] },
  FILL: { metric: 'fills_total', labels: ['purpose'] },
  ORDER_REFUSED: { metric: 'orders_rejected_total', labels: [] },
  ENTRY_ENDED: { metric: 'orders_ended_total', labels: ['status'] },
  POSITION_CLOSED: { metric: 'round_trips_total', labels: [] },
  ANOMALY: { metric: 'anomaly_detected_total', labels: ['kind'] },
};

/** Which metric counts a note; null where none does. */
export const metricOf = (name: string): NoteMetric | null => (Object.hasOwn(NOTE_METRICS, name) ? (NOTE_METRICS[name] ?? null) : null);
