// Calls that take effect and are never answered, as no emulator makes them.
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** An answer that was lost on its way: whoever asked cannot know that the call took effect. */
class LostAnswerError extends Error {
  constructor() {
    super('the answer was lost');
    this.name = 'TimeoutError';
  }
}

// The table's client tries once and leaves the rest to the store, so the store has to cope; the queues' client asks again
// by itself, and so loses answers below that.
const ABOVE_RETRIES = { step: 'initialize', priority: 'high', name: 'losingAnswers' } as const;
const BELOW_RETRIES = { step: 'deserialize', priority: 'high', name: 'losingAnswers' } as const;

/** Makes one in so many calls fail after it took effect: which ones depends on nothing but their number. */
export function losingAnswers(every: number): (client: DynamoDBClient | SQSClient) => void {
  let calls = 0;
  const losing = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
    const answer = await call;
    calls += 1;
    if (isLost(calls, every)) throw new LostAnswerError();
    return answer;
  };
  // Both stacks are of types of their own; what is put on them is the same.
  return (client) => {
    if (client instanceof DynamoDBClient) client.middlewareStack.add((next) => (args) => losing(next(args)), ABOVE_RETRIES);
    else client.middlewareStack.add((next) => (args) => losing(next(args)), BELOW_RETRIES);
  };
}

// A fixed rhythm could fall into step with what is being tried again.
const isLost = (call: number, every: number): boolean =>
  createHash('sha256').update(String(call)).digest().readUInt32BE(0) % every === 0;
