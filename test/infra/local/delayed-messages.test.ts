import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDelayedMessages } from '../../../infra/local/delayed-messages.ts';
import { makeDirectory } from './assembly-fixture.ts';

describe('messages that wait in stepped time', () => {
  let directory = makeDirectory();
  let file = '';
  beforeEach(() => {
    directory = makeDirectory();
    file = join(directory.path, 'new', 'delayed.jsonl');
  });
  afterEach(() => {
    directory.remove();
  });
  const bodies = (time: number): string[] => openDelayedMessages(file).dueBy(time).map(({ body }) => body);

  it('come in the order of their times, then of their sending', () => {
    const messages = openDelayedMessages(null);
    messages.put({ queueName: 'q', body: 'late', dueAt: 30 });
    messages.put({ queueName: 'q', body: 'first', dueAt: 10 });
    messages.put({ queueName: 'q', body: 'second', dueAt: 10 });
    expect(messages.nextDue()).toBe(10);
    expect(messages.dueBy(9)).toEqual([]);
    expect(messages.dueBy(10).map(({ body }) => body)).toEqual(['first', 'second']);
    expect(messages.dueBy(30)).toHaveLength(3);
  });

  it('are there again after a kill, except for those that were sent', () => {
    const messages = openDelayedMessages(file);
    messages.put({ queueName: 'q', body: 'a', dueAt: 10 });
    messages.put({ queueName: 'q', body: 'b', dueAt: 20 });
    messages.sent(1);
    expect(bodies(100)).toEqual(['b']);
  });

  it('do not take an id twice after a kill', () => {
    openDelayedMessages(file).put({ queueName: 'q', body: 'a', dueAt: 10 });
    openDelayedMessages(file).put({ queueName: 'q', body: 'b', dueAt: 10 });
    expect(bodies(10)).toEqual(['a', 'b']);
  });

  it('survive a last line that a kill cut off', () => {
    openDelayedMessages(file).put({ queueName: 'q', body: 'a', dueAt: 10 });
    appendFileSync(file, '{"put":{"id":2,"dueA');
    expect(bodies(10)).toEqual(['a']);
    openDelayedMessages(file).put({ queueName: 'q', body: 'c', dueAt: 10 });
    expect(bodies(10)).toEqual(['a', 'c']);
  });
});
