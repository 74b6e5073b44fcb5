// What a person sees while it runs: a bar at a terminal, plain lines anywhere else, nothing with --json.
import type { Note } from '../../../shared/domain/decision.ts';
import type { Millis } from '../../../shared/domain/instant.ts';

/** Where a run has come to. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly at: Millis;
  readonly steals: number;
  readonly usedShare: number;
}

export interface Display {
  line(text: string): void;
  progress(now: Progress): void;
  /** Takes the bar away, so that what follows stands alone. */
  end(): void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Notes that a person wants to read as they happen, in the words of WS-11. */
const TOLD: ReadonlySet<string> = new Set(['STEAL', 'WOULD_STEAL', 'FIGHT_WON', 'FIGHT_LOST', 'FORCED', 'PROBE_PROMOTED']);

export const isTold = (note: Note): boolean => TOLD.has(note.name);

/** Writes an instant as `2026-01-16 14:29:30`, in UTC. */
export const timeText = (at: Millis): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

export const SILENT: Display = { line: () => undefined, progress: () => undefined, end: () => undefined };

/** Chooses how to show a run. */
export function displayOn(output: Output): Display {
  return output.isTTY === true ? barDisplay(output) : lineDisplay(output);
}

const CLEAR = '\r\u001b[K';
const BAR_WIDTH = 24;
const LEAST_COLUMNS = 40;

function barDisplay(output: Output): Display {
  let shown = '';
  const width = Math.max(LEAST_COLUMNS, output.columns ?? 80) - 1;
  return {
    line: (text) => output.write(`${CLEAR}${text}\n${shown}`),
    progress: (now) => {
      const filled = Math.round((now.done / now.total) * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      shown = `${bar} ${shareText(now)}  ${wordsOf(now)}`.slice(0, width);
      output.write(`${CLEAR}${shown}`);
    },
    end: () => {
      shown = '';
      output.write(CLEAR);
    },
  };
}

function lineDisplay(output: Output): Display {
  let lastTenth = -1;
  return {
    line: (text) => output.write(`${text}\n`),
    progress: (now) => {
      const tenth = Math.floor((now.done / now.total) * 10);
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      output.write(`${shareText(now)}  ${wordsOf(now)}\n`);
    },
    end: () => undefined,
  };
}

const shareText = ({ done, total }: Progress): string => `${Math.floor((done / total) * 100)} %`.padStart(5);
const wordsOf = ({ at, steals, usedShare }: Progress): string =>
  `${timeText(at).slice(0, 16)}  capacity ${Math.round(usedShare * 100)} % used, ${steals} ${steals === 1 ? 'steal' : 'steals'}`;
