import { describe, expect, it } from '@jest/globals';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createCloudwatchJournal, queryOf } from '../../../shared/adapters/journal/cloudwatch-journal.ts';
import { readJournalLine } from '../../../shared/adapters/journal/journal-line.ts';
import { JournalError } from '../../../shared/errors.ts';

const QUERY = { symbol: 'BTC/USD', fact: null, from: 1_000_500, to: 2_000_500, most: 50 };

interface Answer { readonly status: string; readonly results?: unknown }

/** A client whose calls are answered here: nothing leaves this machine. */
const service = (answers: readonly (Answer | Error)[]) => {
  const calls: { readonly name: unknown; readonly input: unknown }[] = [];
  const client = new CloudWatchLogsClient({ region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  let looks = 0;
  client.middlewareStack.add((_next, context) => async (args) => {
    const name = context.commandName;
    calls.push({ name, input: args.input });
    const output = name === 'StartQueryCommand' ? { queryId: 'q-1' } : name === 'GetQueryResultsCommand' ? answers[Math.min((looks += 1), answers.length) - 1] : { success: true };
    if (output instanceof Error) throw output;
    return { output: { $metadata: {}, ...output }, response: {} };
  }, { step: 'initialize', priority: 'high' });
  const slept: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  return { journal: createCloudwatchJournal({ client, logGroups: ['/a', '/b'], clock }), calls, slept };
};

const row = (at: string, message: unknown) => [{ field: '@timestamp', value: at }, { field: '@message', value: typeof message === 'string' ? message : JSON.stringify(message) }, { field: '@ptr', value: 'x' }];

describe('the journal in CloudWatch Logs', () => {
  it('asks once over all groups, waits, and gives the facts oldest first', async () => {
    const line = (message: string) => ({ level: 'INFO', message, fact: 'CLAIMED', timestamp: 't', symbol: 'BTC/USD', account: 'main', deep: { no: 1 } });
    const results = [row('2025-06-04 15:00:02.000', line('later')), row('2025-06-04 15:00:01.500', line('sooner')), row('2025-06-04 15:00:00.000', 'START RequestId: 1')];
    const { journal, calls, slept } = service([{ status: 'Scheduled' }, { status: 'Running', results: [] }, { status: 'Complete', results }]);
    const entry = { level: 'INFO', fact: 'CLAIMED', fields: { symbol: 'BTC/USD', account: 'main' } };
    expect(await journal.read(QUERY)).toEqual([
      { ...entry, at: Date.UTC(2025, 5, 4, 15, 0, 1, 500), message: 'sooner' },
      { ...entry, at: Date.UTC(2025, 5, 4, 15, 0, 2), message: 'later' },
    ]);
    expect(calls[0]).toEqual({ name: 'StartQueryCommand', input: { logGroupNames: ['/a', '/b'], startTime: 1000, endTime: 2001, queryString: queryOf(QUERY) } });
    expect([calls.length, slept]).toEqual([4, [500, 500]]);
  });

  it('gives up after a bounded time, and stops the query', async () => {
    const { journal, calls, slept } = service([{ status: 'Running' }]);
    await expect(journal.read(QUERY)).rejects.toThrow(new JournalError('the query took too long'));
    expect([slept.length, calls.at(-1)]).toEqual([30, { name: 'StopQueryCommand', input: { queryId: 'q-1' } }]);
  });

  it.each([['Failed'], ['Cancelled'], ['Timeout']])('does not take a query that ended as %s for an empty journal', async (status) => {
    await expect(service([{ status }]).journal.read(QUERY)).rejects.toThrow(`journal: the query ended: ${status}`);
  });

  it('says that there was no answer, whatever failed', async () => {
    await expect(service([new Error('socket hang up')]).journal.read(QUERY)).rejects.toBeInstanceOf(JournalError);
  });
});

describe('the query', () => {
  it('names the symbol on either side of a steal, and the fact', () => {
    expect(queryOf(QUERY)).toBe('fields @timestamp, @message | filter ispresent(fact) and (symbol = "BTC/USD" or thief = "BTC/USD" or victim = "BTC/USD") | sort @timestamp desc | limit 50');
    expect(queryOf({ ...QUERY, symbol: null, fact: 'KILL_SWITCH', most: 99_999 })).toBe('fields @timestamp, @message | filter fact = "KILL_SWITCH" | sort @timestamp desc | limit 1000');
  });

  it.each(['A" or 1=1 or symbol="', 'A\\" | limit 10000', 'A\n| delete', "A' or", 'A`b`', '／'])('cannot be ended by %j', (symbol) => {
    const inside = /symbol = "([^"]*)" or thief/.exec(queryOf({ ...QUERY, symbol }))?.[1] ?? 'none';
    expect(inside).toMatch(/^[A-Za-z0-9 ._:/?-]*$/);
    expect(queryOf({ ...QUERY, symbol }).match(/"/g)).toHaveLength(6);
  });
});

describe('one line of the log', () => {
  it.each(['', 'no', '{"_aws":{}}', '{"level":"INFO","message":"m"}', '[1]', 'null', '{"level":"LOUD","fact":"F","message":"m"}'])('%s tells no fact', (text) => {
    expect(readJournalLine(text, 1)).toBeNull();
  });

  it('keeps plain fields alone', () => {
    const text = JSON.stringify({ level: 'WARN', fact: 'F', message: 'm', a: 1, b: true, c: null, d: 'x', e: [1], f: {} });
    expect(readJournalLine(text, 7)).toEqual({ at: 7, level: 'WARN', fact: 'F', message: 'm', fields: { a: 1, b: true, c: null, d: 'x' } });
  });
});
