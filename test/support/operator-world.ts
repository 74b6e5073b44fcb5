// The operator over a world: the same store and queues, a journal of what the world told, dead letters and reports as a test says.
import type { JournalQuery, JournalEntry } from '../../shared/ports.ts';
import type { OperatorDeps } from '../../shared/operator/operator-deps.ts';
import type { DailyReport } from '../../shared/domain/daily-report.ts';
import type { VenueState } from '../../shared/domain/venue-state.ts';
import { tellWhy } from '../../shared/operator/tell-why.ts';
import type { World } from './world.ts';

export interface OperatorWorld {
  readonly deps: OperatorDeps;
  readonly queries: readonly JournalQuery[];
  readonly letters: Map<string, number>;
  readonly reports: Map<string, DailyReport>;
  /** Makes every read of the journal, the dead letters and the venue's state fail. */
  broken: boolean;
  venueState: VenueState | null;
}

const entriesOf = (world: World): readonly JournalEntry[] =>
  world.telemetry.notes.map(({ name, level, message, fields }) => ({ at: world.now, level, fact: name, message, fields }));

const matches = (entry: JournalEntry, { symbol, fact }: JournalQuery): boolean =>
  (fact === null || entry.fact === fact) && (symbol === null || [entry.fields['symbol'], entry.fields['thief'], entry.fields['victim']].includes(symbol));

/** Opens the operator's door to a world. */
export const operatorOf = (world: World): OperatorWorld => {
  const queries: JournalQuery[] = [];
  const letters = new Map<string, number>();
  const reports = new Map<string, DailyReport>();
  const answer = <Value>(value: Value): Promise<Value> => (opened.broken ? Promise.reject(new Error('no answer')) : Promise.resolve(value));
  const opened: OperatorWorld = {
    queries,
    letters,
    reports,
    broken: false,
    venueState: null,
    deps: {
      ...world.deps,
      journal: {
        read: (query) => {
          queries.push(query);
          return answer(entriesOf(world).filter((entry) => matches(entry, query)).slice(-query.most));
        },
      },
      deadLetters: {
        count: () => answer([...letters].map(([queue, waiting]) => ({ queue, waiting }))),
        redrive: (queue, most) => {
          const waiting = letters.get(queue) ?? 0;
          const moved = Math.min(waiting, most);
          letters.set(queue, waiting - moved);
          return answer({ moved, left: waiting - moved });
        },
      },
      reports: {
        find: (_account, date) => answer(reports.get(date) ?? null),
        readPast: () => answer({ trips: [], steals: [] }),
        keep: () => answer(false),
      },
      venueStates: { find: () => answer(opened.venueState) },
    },
  };
  return opened;
};

/** What `why` says of a symbol's slot, a sentence a line, each behind what it is about. */
export const whyOf = async (world: World, symbol: string, slot = 'main'): Promise<readonly string[]> => {
  const answer = await tellWhy(operatorOf(world).deps, symbol, { hours: 24, most: 200 });
  const found = answer.slots.find((each) => each.slot === slot);
  return (found?.reasons ?? []).map(({ about, code, words }) => `${about} ${code}: ${words}`);
};
