// Calls that take effect and are never answered, as no emulator makes them.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** An answer that was lost on its way: whoever asked cannot know that the call took effect. */
class LostAnswerError extends Error {
  constructor() {
    super('the answer was lost');
    this.name = 'TimeoutError';
  }
}

// Above the client's own retries, so that it is the pipeline that has to cope.
const PLACE = { step: 'initialize', priority: 'high', name: 'losingAnswers' } as const;

/** Makes one in so many calls of all clients together fail after it took effect. */
export function losingAnswers(every: number): (client: DynamoDBClient | SQSClient) => void {
  let calls = 0;
  const isLost = (): boolean => {
    calls += 1;
    return calls % every === 0;
  };
  const losing = async <Answer>(call: Promise<Answer>): Promise<Answer> => {
    const answer = await call;
    if (isLost()) throw new LostAnswerError();
    return answer;
  };
  // Both stacks are of types of their own; what is put on them is the same.
  return (client) => {
    if (client instanceof DynamoDBClient) client.middlewareStack.add((next) => (args) => losing(next(args)), PLACE);
    else client.middlewareStack.add((next) => (args) => losing(next(args)), PLACE);
  };
}
