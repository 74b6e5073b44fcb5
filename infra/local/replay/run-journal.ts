// How far a run has come, and what each step left behind for the report: one line a step, written when it is done.
import { accessSync, appendFileSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from './input-error.ts';

const JOURNAL_FILE = 'replay.jsonl';
const JOURNAL_SCHEMA = 3;

const counts = z.record(z.string(), z.number());
const header = z.object({ schema: z.literal(JOURNAL_SCHEMA), fingerprint: z.string() });
const entry = z.object({
  id: z.string(),
  at: z.int(),
  equity: z.string(),
  cap: z.string(),
  free: z.string(),
  wanted: z.string(),
  refused: counts,
  conflicts: counts,
  notes: counts,
  closed: counts,
  latency: counts,
  watched: z.array(z.string()),
  read: z.number(),
  write: z.number(),
  seconds: z.number(),
  /** Whether it is the first that a process did after another had been killed: nobody was at work since the step before. */
  afterKill: z.boolean().default(false),
});

/** What one step left behind; money in quote currency as exact text, `seconds` of wall time, `watched` the symbols whose stop no venue holds. */
export type StepEntry = z.infer<typeof entry>;

/** A step as it was done; whether it follows a kill the journal knows. */
export type DoneStep = Omit<StepEntry, 'afterKill'>;

export interface RunJournal {
  /** The steps that are done, oldest first. */
  readonly entries: readonly StepEntry[];
  /** Whether an earlier process had begun it: what that had under way when it ended took its time to be looked up. */
  readonly isResumed: boolean;
  append(done: DoneStep): void;
}

/**
 * Opens the journal of a folder and makes both where they are missing; without a folder it is kept in memory alone. A last line torn by a kill is cut off: its step
 * is done again.
 * @throws InputError for the journal of another run
 */
export function openRunJournal(folder: string | null, fingerprint: string): RunJournal {
  if (folder === null) return inMemory();
  makeFolder(folder);
  const file = join(folder, JOURNAL_FILE);
  const isResumed = existsSync(file);
  const entries = isResumed ? readEntries(file, fingerprint) : [];
  const lines = [{ schema: JOURNAL_SCHEMA, fingerprint }, ...entries].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(file, lines.join(''));
  let afterKill = isResumed;
  return {
    entries,
    isResumed,
    append: (done) => {
      const step = { ...done, afterKill };
      afterKill = false;
      appendFileSync(file, `${JSON.stringify(step)}\n`);
      entries.push(step);
    },
  };
}

/** Makes a folder and those above it, one by one: made recursively, a folder under /proc is tried for ever. */
function makeFolder(folder: string): void {
  const full = resolve(folder);
  try {
    if (existsSync(full)) return accessSync(full, constants.W_OK);
    const above = dirname(full);
    if (above !== full) makeFolder(above);
    mkdirSync(full);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`--data-dir ${full}: expected a folder that can be written`, { cause });
  }
}

function inMemory(): RunJournal {
  const entries: StepEntry[] = [];
  return {
    entries,
    isResumed: false,
    append: (done) => {
      entries.push({ ...done, afterKill: false });
    },
  };
}

function readEntries(file: string, fingerprint: string): StepEntry[] {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  if (first === '') return [];
  if (readLine(file, first, header).fingerprint !== fingerprint) {
    throw new InputError(`${file}: this folder holds a run of other files, times, symbols or settings; give it another --data-dir`);
  }
  return rest.map((line) => readLine(file, line, entry));
}

function readLine<Output>(file: string, line: string, form: z.ZodType<Output>): Output {
  try {
    return form.parse(JSON.parse(line));
  } catch (error) {
    throw new InputError(`${file}: this is not the journal of a replay`, { cause: error });
  }
}
