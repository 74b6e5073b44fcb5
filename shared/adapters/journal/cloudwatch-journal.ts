// The Journal port on the logs of every function: one Logs Insights query, waited for a bounded time.
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { GetQueryResultsCommandOutput, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { JournalError } from '../../errors.ts';
import type { Clock, Journal, JournalEntry, JournalQuery } from '../../ports.ts';
import { readJournalLine } from './journal-line.ts';

export interface CloudwatchJournalParts {
  readonly client: Pick<CloudWatchLogsClient, 'send'>;
  readonly logGroups: readonly string[];
  readonly clock: Clock;
}

/** The function has 29 s, and a caller at an HTTP API waits no longer. */
const MOST_LOOKS = 30;
const PAUSE_MS = 500;
const MILLIS = 1000;
/** The most that one query gives. */
const MOST_ENTRIES = 1000;

/** Builds the client; the region and the credentials are the function's own. */
export const createLogsClient = (): CloudWatchLogsClient => new CloudWatchLogsClient({ maxAttempts: 3 });

// What is no letter of a symbol could end the string and go on as a query of its own.
const quoted = (text: string): string => `"${text.replaceAll(/[^A-Za-z0-9 ._:/-]/g, '?')}"`;

/** Writes the query: facts alone, the newest first, since only so many are given. */
export const queryOf = ({ symbol, fact, most }: JournalQuery): string => {
  const ofFact = fact === null ? 'ispresent(fact)' : `fact = ${quoted(fact)}`;
  const named = symbol === null ? '' : ['symbol', 'thief', 'victim'].map((field) => `${field} = ${quoted(symbol)}`).join(' or ');
  const ofSymbol = named === '' ? '' : ` and (${named})`;
  return `fields @timestamp, @message | filter ${ofFact}${ofSymbol} | sort @timestamp desc | limit ${Math.min(most, MOST_ENTRIES)}`;
};

const valueOf = (row: readonly ResultField[], name: string): string => row.find(({ field }) => field === name)?.value ?? '';

const entryOf = (row: readonly ResultField[]): readonly JournalEntry[] => {
  const entry = readJournalLine(valueOf(row, '@message'), Date.parse(`${valueOf(row, '@timestamp').replace(' ', 'T')}Z`));
  return entry === null || Number.isNaN(entry.at) ? [] : [entry];
};

/** Builds the journal over some log groups. */
export const createCloudwatchJournal = (parts: CloudwatchJournalParts): Journal => ({
  read: async (query) => {
    const answer = await guarded('the query failed', async () => ask(parts, query));
    return (answer.results ?? []).flatMap(entryOf).toReversed();
  },
});

const guarded = async <Value>(words: string, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof JournalError) throw error;
    throw new JournalError(words, { cause: error });
  }
};

const ask = async ({ client, logGroups, clock }: CloudwatchJournalParts, query: JournalQuery): Promise<GetQueryResultsCommandOutput> => {
  const { queryId } = await client.send(
    new StartQueryCommand({
      logGroupNames: [...logGroups],
      startTime: Math.floor(query.from / MILLIS),
      endTime: Math.ceil(query.to / MILLIS),
      queryString: queryOf(query),
    }),
  );
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }));
    if (answer.status === 'Complete') return answer;
    if (answer.status !== 'Scheduled' && answer.status !== 'Running') throw new JournalError(`the query ended: ${answer.status ?? 'without a status'}`);
    await clock.sleep(PAUSE_MS);
  }
  // An account may run few queries at once: one that nobody waits for must not be among them.
  await client.send(new StopQueryCommand({ queryId }));
  throw new JournalError('the query took too long');
};
