// Messages sent with a delay while time is stepped: the queue counts real time, so they wait here instead.
// Every line is on the file before the sender is answered: a killed run loses none.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Millis } from '../../shared/domain/instant.ts';

const waiting = z.object({
  id: z.int(),
  dueAt: z.int(),
  // By name: the address changes with every start.
  queueName: z.string(),
  body: z.string(),
});

export type DelayedMessage = z.infer<typeof waiting>;

const line = z.union([z.object({ put: waiting }), z.object({ sent: z.int() })]);

export interface DelayedMessages {
  /** Keeps a message until its time. */
  put(message: Omit<DelayedMessage, 'id'>): void;
  /** The earliest time a message waits for; null when none does. */
  nextDue(): Millis | null;
  /** Those due by then, the earliest first, then in the order they were sent. */
  dueBy(time: Millis): readonly DelayedMessage[];
  /** Tells whether a message that names something waits for its time. */
  names(id: string): boolean;
  /** Lets go of one that the queue has taken. */
  sent(id: number): void;
}

const readLines = (file: string): Map<number, DelayedMessage> => {
  const messages = new Map<number, DelayedMessage>();
  if (!existsSync(file)) return messages;
  const lines = readFileSync(file, 'utf8').split('\n');
  // The last line is empty, or was cut off by a kill before its sender was answered.
  for (const text of lines.slice(0, -1)) {
    const entry = line.parse(JSON.parse(text));
    if ('put' in entry) messages.set(entry.put.id, entry.put);
    else messages.delete(entry.sent);
  }
  return messages;
};

const compact = (file: string, messages: ReadonlyMap<number, DelayedMessage>): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, [...messages.values()].map((put) => `${JSON.stringify({ put })}\n`).join(''));
  renameSync(`${file}.new`, file);
};

/** Opens the messages that wait in a file; with no file they are kept in memory alone. */
export const openDelayedMessages = (file: string | null): DelayedMessages => {
  const messages = file === null ? new Map<number, DelayedMessage>() : readLines(file);
  if (file !== null) compact(file, messages);
  let lastId = Math.max(0, ...messages.keys());
  const write = (entry: z.infer<typeof line>): void => {
    if (file !== null) appendFileSync(file, `${JSON.stringify(entry)}\n`);
  };
  const inOrder = (): DelayedMessage[] =>
    [...messages.values()].sort((left, right) => left.dueAt - right.dueAt || left.id - right.id);
  return {
    put: (message) => {
      lastId += 1;
      const put = { ...message, id: lastId };
      write({ put });
      messages.set(lastId, put);
    },
    nextDue: () => inOrder()[0]?.dueAt ?? null,
    dueBy: (time) => inOrder().filter(({ dueAt }) => dueAt <= time),
    names: (id) => [...messages.values()].some(({ body }) => body.includes(JSON.stringify(id))),
    sent: (id) => {
      write({ sent: id });
      messages.delete(id);
    },
  };
};
