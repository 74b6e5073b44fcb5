// What the functions tell and commit while a step runs: refused steals, conflicts, units, notes, positions that end.
import type { Change, Note } from '../../../shared/domain/decision.ts';
import type { Slot } from '../../../shared/domain/slot.ts';
import type { Telemetry } from '../../../shared/ports.ts';
import type { Units } from '../report/facts.ts';

/** Counts since they were last taken. */
export interface Counts {
  readonly refused: Readonly<Record<string, number>>;
  readonly conflicts: Readonly<Record<string, number>>;
  /** How often each note was told. */
  readonly notes: Readonly<Record<string, number>>;
  /** Positions that ended, by their reason. */
  readonly closed: Readonly<Record<string, number>>;
  /** How often an acknowledgement took so long, as `venue kind milliseconds` (EX-8). */
  readonly latency: Readonly<Record<string, number>>;
  readonly units: Units;
}

export interface RunCounters {
  readonly telemetry: Telemetry;
  /** Takes in what a commit has changed. */
  committed(changes: readonly Change[]): void;
  /** Returns the counts and begins anew. */
  take(): Counts;
}

const CONFLICTS = 'commit_conflicts_total';
const LATENCY = 'order_latency_ms';
const READ_UNITS = 'read_units_total';
const WRITE_UNITS = 'write_units_total';
const REFUSED = 'STEAL_REFUSED';
const CALL = 'VENUE_CALL';

/** Calls to the venue count apart by what became of them. */
const nameOf = ({ name, fields: { outcome } }: Note): string => (name === CALL && typeof outcome === 'string' ? `${name} ${outcome}` : name);

const noCounts = () => ({
  refused: new Map<string, number>(),
  conflicts: new Map<string, number>(),
  notes: new Map<string, number>(),
  closed: new Map<string, number>(),
  latency: new Map<string, number>(),
});

function add(counts: Map<string, number>, name: string, value: number): void {
  counts.set(name, (counts.get(name) ?? 0) + value);
}

/** How one acknowledgement is kept; neither a venue's name nor a call's holds a space. */
const sampleName = (ms: number, { venue = '', kind = '' }: Readonly<Record<string, string>> = {}): string => `${venue} ${kind} ${ms}`;

/** Why a position ended in a change of its slot; null where none did. */
function endOf(before: Slot, after: Slot): string | null {
  if (after.position.status !== 'FLAT') return null;
  switch (before.position.status) {
    case 'FLAT':
    case 'FOREIGN':
      return null;
    // Also on its way out: the stop was faster than its cancel.
    case 'OPEN':
    case 'LEAVING':
      return 'STOP';
    case 'EXITING':
      return before.position.reason;
  }
}

/** Counts what is told, and passes each note on. */
export function createCounters(onNote: (note: Note) => void): RunCounters {
  let counts = noCounts();
  let units = { read: 0, write: 0 };
  return {
    telemetry: {
      record: (note) => {
        add(counts.notes, nameOf(note), 1);
        if (note.name === REFUSED) add(counts.refused, String(note.fields['reason'] ?? 'unknown'), 1);
        onNote(note);
      },
      count: (metric, value, labels) => {
        if (metric === CONFLICTS) add(counts.conflicts, labels?.['item'] ?? 'unknown', value);
        if (metric === LATENCY) add(counts.latency, sampleName(value, labels), 1);
        if (metric === READ_UNITS) units = { ...units, read: units.read + value };
        if (metric === WRITE_UNITS) units = { ...units, write: units.write + value };
      },
    },
    committed: (changes) => {
      for (const change of changes) {
        const reason = change.kind === 'SLOT' && change.before !== null ? endOf(change.before, change.after) : null;
        if (reason !== null) add(counts.closed, reason, 1);
      }
    },
    take: () => {
      const taken = {
        refused: Object.fromEntries(counts.refused),
        conflicts: Object.fromEntries(counts.conflicts),
        notes: Object.fromEntries(counts.notes),
        closed: Object.fromEntries(counts.closed),
        latency: Object.fromEntries(counts.latency),
        units,
      };
      counts = noCounts();
      units = { read: 0, write: 0 };
      return taken;
    },
  };
}

/** Adds counts of several steps up, name by name. */
export function added(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const total = new Map<string, number>();
  for (const [name, count] of counts.flatMap(Object.entries<number>)) add(total, name, count);
  return Object.fromEntries(total);
}
