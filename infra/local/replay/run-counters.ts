// What the functions tell while a step runs: refused steals, conflicts, units, and the lines a person reads.
import type { Note } from '../../../shared/domain/decision.ts';
import type { Telemetry } from '../../../shared/ports.ts';
import type { Units } from '../report/facts.ts';

/** Counts since they were last taken. */
export interface Counts {
  readonly refused: Readonly<Record<string, number>>;
  readonly conflicts: Readonly<Record<string, number>>;
  readonly units: Units;
}

export interface RunCounters {
  readonly telemetry: Telemetry;
  /** Returns the counts and begins anew. */
  take(): Counts;
}

const CONFLICTS = 'commit_conflicts_total';
const READ_UNITS = 'read_units_total';
const WRITE_UNITS = 'write_units_total';
const REFUSED = 'STEAL_REFUSED';

/** Counts what is told, and passes each note on. */
export function createCounters(onNote: (note: Note) => void): RunCounters {
  let refused = new Map<string, number>();
  let conflicts = new Map<string, number>();
  let units = { read: 0, write: 0 };
  const add = (counts: Map<string, number>, name: string, value: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + value);
  };
  return {
    telemetry: {
      record: (note) => {
        if (note.name === REFUSED) add(refused, String(note.fields['reason'] ?? 'unknown'), 1);
        onNote(note);
      },
      count: (metric, value, labels) => {
        if (metric === CONFLICTS) add(conflicts, labels?.['item'] ?? 'unknown', value);
        if (metric === READ_UNITS) units = { ...units, read: units.read + value };
        if (metric === WRITE_UNITS) units = { ...units, write: units.write + value };
      },
    },
    take: () => {
      const taken = { refused: Object.fromEntries(refused), conflicts: Object.fromEntries(conflicts), units };
      refused = new Map();
      conflicts = new Map();
      units = { read: 0, write: 0 };
      return taken;
    },
  };
}
