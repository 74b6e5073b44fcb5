// Batches of queue messages: what fails is given back, the rest is done; a FIFO group stops at its first failure.
import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { SchemaTooNewError } from '../../shared/errors.ts';
import { MESSAGE_SCHEMA } from '../../shared/messages.ts';
import type { Message } from '../../shared/messages.ts';
import type { Telemetry, TraceContext } from '../../shared/ports.ts';
import { draw, drawTogether, partOf } from './draw.ts';
import type { Drawing } from './draw.ts';
import { failureNote } from './failure-note.ts';
import { readJson, readWith } from './input-error.ts';

/** Says that a message of another account has reached this queue. */
export class ForeignMessageError extends Error {
  constructor() {
    super('message of another account');
    this.name = 'ForeignMessageError';
  }
}

export interface QueueDeps extends Drawing {
  readonly account: string;
  readonly telemetry: Telemetry;
}

/** One function's part: the messages it reads and what it does with one. */
export interface QueueWork<Read extends Message> {
  readonly schema: z.ZodType<Read>;
  readonly run: (message: Read, trace: TraceContext) => Promise<void>;
}

const sqsEvent = z.object({ Records: z.array(z.custom<SQSRecord>((record) => typeof record === 'object' && record !== null)) });
type SqsEvent = z.infer<typeof sqsEvent>;

/** Tells whether an invocation came from a queue. */
export const isQueueEvent = (event: unknown): boolean => sqsEvent.safeParse(event).success;

const tellFailed = ({ telemetry }: QueueDeps, messageId: string, error: unknown, trace: TraceContext): void => {
  telemetry.record(failureNote('message_failed', error, { messageId }), trace);
};

/** Works through a batch and answers with the messages to give back; nothing malformed is dropped, it dead-letters. */
export const workBatch = async <Read extends Message>(
  deps: QueueDeps,
  event: unknown,
  trace: TraceContext,
  work: QueueWork<Read>,
): Promise<SQSBatchResponse> => {
  const runOne = async (record: SQSRecord): Promise<void> => {
    let own = trace;
    try {
      const message = readMessage(deps, record, work.schema);
      own = { ...trace, correlationId: message.correlationId };
      await draw(deps, partOf({ record, message }), () => work.run(message, own));
    } catch (error) {
      tellFailed(deps, record.messageId, error, own);
      throw error;
    }
  };
  return processRecords(readWith(sqsEvent, event, 'event'), runOne);
};

// What is done for all of them goes by the id of the first; the others are found through this.
const tellJoined = ({ telemetry }: QueueDeps, messages: readonly Message[], trace: TraceContext): void => {
  const ids = [...new Set(messages.map(({ correlationId }) => correlationId))];
  if (ids.length < 2) return;
  telemetry.record({ name: 'MESSAGES_JOINED', level: 'INFO', message: `${messages.length} messages read as one`, fields: { correlationIds: ids.join(' ') } }, trace);
};

/** What a function does with a whole batch at once. */
export interface TogetherWork<Read extends Message> {
  readonly schema: z.ZodType<Read>;
  readonly run: (messages: readonly Read[], trace: TraceContext) => Promise<void>;
}

/** Works through a batch as one; what cannot be read is given back alone, a failed run gives back all of it. */
export const workTogether = async <Read extends Message>(
  deps: QueueDeps,
  event: unknown,
  trace: TraceContext,
  work: TogetherWork<Read>,
): Promise<SQSBatchResponse> => {
  const { Records } = readWith(sqsEvent, event, 'event');
  const heard: { readonly record: SQSRecord; readonly message: Read }[] = [];
  const unreadable: string[] = [];
  for (const record of Records) {
    try {
      heard.push({ record, message: readMessage(deps, record, work.schema) });
    } catch (error) {
      tellFailed(deps, record.messageId, error, trace);
      unreadable.push(record.messageId);
    }
  }
  const [first] = heard;
  if (first === undefined) return giveBack(unreadable);
  const together = { ...trace, correlationId: first.message.correlationId };
  const messages = heard.map(({ message }) => message);
  tellJoined(deps, messages, together);
  try {
    await drawTogether(deps, heard, () => work.run(messages, together));
    return giveBack(unreadable);
  } catch (error) {
    deps.telemetry.record(failureNote('batch_failed', error, { messages: messages.length }), together);
    return giveBack(Records.map((record) => record.messageId));
  }
};

/** One message of a batch that can be read, with the trace that it belongs to. */
export interface Job<Read extends Message> {
  readonly message: Read;
  readonly trace: TraceContext;
}

type Heard<Read extends Message> = Job<Read> & { readonly record: SQSRecord };

/** What a function does with a batch whose messages it puts in an order of its own. */
export interface SortedWork<Read extends Message> {
  readonly schema: z.ZodType<Read>;
  /** Returns what failed, by the place of its job. */
  readonly run: (jobs: readonly Job<Read>[]) => Promise<ReadonlyMap<number, Error>>;
}

/** Works through a batch that is read first; what fails is given back, and what cannot be read with all behind it in its group. */
export const workSorted = async <Read extends Message>(
  deps: QueueDeps,
  event: unknown,
  trace: TraceContext,
  work: SortedWork<Read>,
): Promise<SQSBatchResponse> => {
  const { Records } = readWith(sqsEvent, event, 'event');
  const fail = (messageId: string, error: unknown): void => tellFailed(deps, messageId, error, trace);
  const { readable, failed } = readInGroups(Records, (record): Heard<Read> => {
    const message = readMessage(deps, record, work.schema);
    return { record, message, trace: { ...trace, correlationId: message.correlationId } };
  }, fail);
  const heard = readable.map(({ job }) => job);
  const failures = heard.length === 0 ? new Map<number, Error>() : await drawTogether(deps, heard, () => work.run(heard));
  const undone = [...failures].flatMap(([place, error]) => {
    const { messageId = '', job = { trace } } = readable[place] ?? {};
    tellFailed(deps, messageId, error, job.trace);
    return [messageId];
  });
  return giveBack([...failed, ...undone]);
};

interface Sorted<Part> {
  readonly readable: readonly { readonly messageId: string; readonly job: Part }[];
  readonly failed: readonly string[];
}

const groupOf = (record: SQSRecord): string | null => record.attributes.MessageGroupId ?? null;

const readInGroups = <Part>(records: readonly SQSRecord[], read: (record: SQSRecord) => Part, fail: (messageId: string, error: unknown) => void): Sorted<Part> => {
  const readable: { messageId: string; job: Part }[] = [];
  const failed: SQSRecord[] = [];
  for (const record of records) {
    const group = groupOf(record);
    if (group !== null && failed.some((before) => groupOf(before) === group)) {
      failed.push(record);
      continue;
    }
    try {
      readable.push({ messageId: record.messageId, job: read(record) });
    } catch (error) {
      fail(record.messageId, error);
      failed.push(record);
    }
  }
  return { readable, failed: failed.map(({ messageId }) => messageId) };
};

const giveBack = (messageIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Reads one message of ours. @throws InputError, SchemaTooNewError or ForeignMessageError */
export const readMessage = <Read extends Message>(
  deps: QueueDeps,
  record: SQSRecord,
  schema: z.ZodType<Read>,
): Read => {
  const body = readJson(record.body, 'message');
  const envelope = z.object({ schema: z.int().positive() }).safeParse(body);
  if (envelope.success && envelope.data.schema > MESSAGE_SCHEMA) {
    throw new SchemaTooNewError('message', envelope.data.schema, MESSAGE_SCHEMA);
  }
  const message = readWith(schema, body, 'message');
  if (message.account !== deps.account) throw new ForeignMessageError();
  return message;
};

/** Runs each record and collects the failures, in order within each group of a FIFO queue. */
export const processRecords = async (
  event: SqsEvent,
  runOne: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> => {
  // A processor keeps the state of its batch, so each invocation has its own.
  if (event.Records.some((record) => record.eventSourceARN?.endsWith('.fifo'))) {
    const options = { skipGroupOnError: true, throwOnFullBatchFailure: false };
    return processPartialResponse(event, runOne, new SqsFifoPartialProcessorAsync(), options);
  }
  return processPartialResponse(event, runOne, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
};
