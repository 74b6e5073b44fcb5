// One run of reconcile: what it may use, what it remembers of earlier runs and what it leaves to the next.
import { createAttempts } from './attempts.ts';
import type { Attempts } from './attempts.ts';
import type { Restore } from './domain/account.ts';
import { wasSeenBefore } from './domain/reconcile-state.ts';
import type { ReconcileState } from './domain/reconcile-state.ts';
import type { Slot } from './domain/slot.ts';
import { ConflictError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import type { VenueDeps } from './shell-deps.ts';

type ReadKind = 'ORDERS' | 'TRADES';

/** Work about a symbol that waits until what is held of it has been compared. */
export interface PutOff {
  readonly symbol: string;
  readonly run: () => Promise<void>;
}

export interface ReconcileRun {
  readonly deps: VenueDeps;
  readonly trace: TraceContext;
  readonly attempts: Attempts;
  /** The last restore of the table, as the ledger had it when the run began. */
  readonly restore: Restore | null;
  /** What the run before left. */
  readonly before: ReconcileState;
  readonly startedAt: number;
  /** Notes a finding; tells whether an earlier run had seen it as well (SL-11). */
  readonly see: (key: string) => boolean;
  /** Forgets the findings of a kind that this run, having looked at all of them, has not seen again. */
  readonly settle: (kind: string) => void;
  /** Forgets one finding: it is dealt with. */
  readonly forget: (key: string) => void;
  readonly sighted: () => readonly string[];
  /** Notes that everything of a kind was read in this run; `hasRead` tells so. */
  readonly finishReading: (kind: ReadKind) => void;
  readonly hasRead: (kind: ReadKind) => boolean;
  /** Puts off what must not be done before positions are compared; a run that cannot compare them leaves it to the next. */
  readonly putOff: (work: PutOff) => void;
  /** Hands out what was put off, once. */
  readonly takePutOff: () => readonly PutOff[];
  readonly tradeCursor: () => string | null;
  readonly moveTradeCursor: (cursor: string) => void;
  /** Keeps all of it for the next run. */
  readonly save: (end: Pick<ReconcileState, 'resumeAt' | 'at'>) => Promise<void>;
}

/** Reads every slot as it is now: one query, where an audit takes three. */
export const readSlots = async ({ store, account }: Pick<VenueDeps, 'store' | 'account'>): Promise<readonly Slot[]> => [
  ...(await store.load(account, { kind: 'BOOK', stealsSince: null })).slots.values(),
];

const isKind = (key: string, kind: string): boolean => key.startsWith(`${kind} `);

const commitState = async (deps: VenueDeps, before: ReconcileState, after: ReconcileState): Promise<void> => {
  try {
    await deps.store.commit(deps.account, [{ kind: 'RECONCILE', before, after }], deps.ids.next());
  } catch (error) {
    // A run beside this one has kept what it saw; a page of trades applied twice counts once.
    if (!(error instanceof ConflictError)) throw error;
  }
};

/** Begins a run on what the last one left. */
export const beginRun = async (deps: VenueDeps, trace: TraceContext, deadline?: number): Promise<ReconcileRun> => {
  const startedAt = deps.clock.now();
  const { reconcile: before, capacity } = await deps.store.load(deps.account, { kind: 'RECONCILE' });
  const kept = new Map(Object.entries(before.sightings));
  const seen = new Set<string>();
  const read = new Set<ReadKind>();
  const putOff: PutOff[] = [];
  let cursor = before.tradeCursor;
  return {
    deps,
    trace,
    attempts: createAttempts(deps, trace, deadline),
    restore: capacity?.restore ?? null,
    before,
    startedAt,
    see: (key) => {
      seen.add(key);
      if (!kept.has(key)) kept.set(key, startedAt);
      return wasSeenBefore(before, key, startedAt);
    },
    settle: (kind) => {
      for (const key of [...kept.keys()]) if (isKind(key, kind) && !seen.has(key)) kept.delete(key);
    },
    forget: (key) => void kept.delete(key),
    sighted: () => [...kept.keys()],
    finishReading: (kind) => void read.add(kind),
    hasRead: (kind) => read.has(kind),
    putOff: (work) => void putOff.push(work),
    takePutOff: () => putOff.splice(0),
    tradeCursor: () => cursor,
    moveTradeCursor: (next) => {
      cursor = next;
    },
    save: (end) => {
      const after = { revision: before.revision + 1, tradeCursor: cursor, sightings: Object.fromEntries(kept), ...end };
      return commitState(deps, before, after);
    },
  };
};
