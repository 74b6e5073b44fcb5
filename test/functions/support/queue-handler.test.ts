import { describe, expect, it } from '@jest/globals';
import { processRecords, workBatch, workTogether } from '../../../functions/support/queue-handler.ts';
import { actionMessage } from '../../../shared/messages.ts';
import type { ActionMessage } from '../../../shared/messages.ts';
import { ACCOUNT, batch, failedIds, fakeDeps } from '../fakes.ts';

const trace = { account: ACCOUNT, source: 'action', requestId: 'r', correlationId: 'c' } as const;
const action = (actionId: string, changes: Record<string, unknown> = {}) => ({
  schema: 1,
  account: ACCOUNT,
  correlationId: `from-${actionId}`,
  kind: 'ACTION',
  actionId,
  symbol: 'AAPL',
  ...changes,
});

const workWith = (run: (message: ActionMessage, correlationId: string) => Promise<void>) => ({
  schema: actionMessage,
  run: async (message: ActionMessage, each: { correlationId: string }) => run(message, each.correlationId),
});

describe('EX-9 a message is worked on or given back, never lost', () => {
  const unreadable: readonly (readonly [string, unknown])[] = [
    ['text that is not JSON', '{"schema":1,'],
    ['a message that lacks a field', action('a2', { actionId: undefined })],
    ['a message of another kind', action('a2', { kind: 'STEAL' })],
    ['a message of another account', action('a2', { account: 'somebody-else' })],
    ['a message of a newer schema', action('a2', { schema: 2, kind: 'NEWER' })],
    ['null', 'null'],
    ['an empty text', ''],
  ];
  it.each(unreadable)('gives back %s and works on its neighbours', async (_name, body) => {
    const { deps, notes } = fakeDeps();
    const done: string[] = [];
    const event = batch([action('a1'), body, action('a3')]);
    const response = await workBatch(deps, event, trace, workWith(async (message) => void done.push(message.actionId)));
    expect(failedIds(response)).toEqual(['m2']);
    expect(done.sort()).toEqual(['a1', 'a3']);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.note.fields['messageId']).toBe('m2');
  });

  it('tells a newer schema from a broken message', async () => {
    const { deps, notes } = fakeDeps();
    await workBatch(deps, batch([action('a1', { schema: 7 })]), trace, workWith(async () => undefined));
    expect(notes.map(({ note }) => note.fields['error'])).toEqual(['SchemaTooNewError']);
  });

  it('gives back every message of a batch in which all fail, without throwing', async () => {
    const { deps } = fakeDeps();
    const fail = workWith(async () => {
      throw new Error('store away');
    });
    expect(failedIds(await workBatch(deps, batch([action('a1'), action('a2')]), trace, fail))).toEqual(['m1', 'm2']);
  });

  it('answers with no failures when all is done', async () => {
    const { deps } = fakeDeps();
    const response = await workBatch(deps, batch([action('a1')]), trace, workWith(async () => undefined));
    expect(response).toEqual({ batchItemFailures: [] });
  });

  it('SL-14 works on each message under its own correlation id', async () => {
    const { deps } = fakeDeps();
    const seen: string[] = [];
    const work = workWith(async (_message, correlationId) => void seen.push(correlationId));
    await workBatch(deps, batch([action('a1'), action('a2')]), trace, work);
    expect(seen.sort()).toEqual(['from-a1', 'from-a2']);
  });
});

describe('EX-9 a FIFO group stops at its first failure', () => {
  it('leaves the later messages of the group untouched and works on the other groups', async () => {
    const { deps } = fakeDeps();
    const done: string[] = [];
    const event = batch(['a1', 'b1', 'a2', 'b2'].map((id) => action(id)), { fifo: true, groups: ['A', 'B', 'A', 'B'] });
    const work = workWith(async ({ actionId }) => {
      if (actionId === 'a1') throw new Error('store away');
      done.push(actionId);
    });
    expect(failedIds(await workBatch(deps, event, trace, work))).toEqual(['m1', 'm3']);
    expect(done).toEqual(['b1', 'b2']);
  });

  it('works on one message of a FIFO queue at a time', async () => {
    let running = 0;
    let most = 0;
    const event = batch(['1', '2', '3'], { fifo: true, groups: ['A', 'B', 'C'] });
    await processRecords(event, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setImmediate(done));
      running -= 1;
    });
    expect(most).toBe(1);
  });
});

describe('WS-1 a batch read as one', () => {
  const together = (run: (messages: readonly ActionMessage[]) => Promise<void>) => ({ schema: actionMessage, run });

  it('runs once for all that can be read and gives back the rest', async () => {
    const { deps } = fakeDeps();
    const runs: string[][] = [];
    const event = batch([action('a1'), 'broken', action('a3')]);
    const response = await workTogether(deps, event, trace, together(async (all) => void runs.push(all.map((one) => one.actionId))));
    expect(runs).toEqual([['a1', 'a3']]);
    expect(failedIds(response)).toEqual(['m2']);
  });

  it('gives back the whole batch when its run fails, and logs that once', async () => {
    const { deps, notes } = fakeDeps();
    const fail = together(async () => {
      throw new Error('store away', { cause: new Error('socket') });
    });
    expect(failedIds(await workTogether(deps, batch([action('a1'), action('a2')]), trace, fail))).toEqual(['m1', 'm2']);
    expect(notes.map(({ note }) => note.name)).toEqual(['MESSAGES_JOINED', 'batch_failed']);
    expect(notes[1]?.note.fields['causes']).toBe('Error: socket');
  });

  it('SL-14 goes by the id of its first message, and tells which others it is about', async () => {
    const { deps, notes } = fakeDeps();
    await workTogether(deps, batch([action('a1'), action('a2'), action('a1')]), trace, together(async () => undefined));
    expect(notes.map(({ note, trace: { correlationId } }) => [note.fields['correlationIds'], correlationId])).toEqual([['from-a1 from-a2', 'from-a1']]);
    await workTogether(deps, batch([action('a1'), action('a1')]), trace, together(async () => undefined));
    expect(notes).toHaveLength(1);
  });

  it('does not run for nothing', async () => {
    const { deps } = fakeDeps();
    let runs = 0;
    const event = batch(['broken']);
    const response = await workTogether(deps, event, trace, together(async () => void (runs += 1)));
    expect([runs, failedIds(response)]).toEqual([0, ['m1']]);
  });
});
