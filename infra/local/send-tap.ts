// Listens inside the functions' own SQS clients: which queue was sent to, and what has to wait in stepped time.
import type { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';

export interface SentMessage {
  readonly queueUrl: string;
  readonly body: string;
  readonly delaySeconds: number;
}

export interface SendListener {
  /** Takes a message in the queue's place, for which it answers true, or lets it pass. */
  takes(message: SentMessage): boolean;
  /** Hears that a send has ended, well or not: it may have reached the queue. */
  sent(queueUrl: string): void;
}

const sendInput = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  DelaySeconds: z.number().int().nonnegative().default(0),
});

const TAKEN = { output: { MessageId: 'kept-until-due', MD5OfMessageBody: undefined, $metadata: {} }, response: {} };

/** Makes a client tell the listener of every single message that it sends. */
export const tapSends = (client: SQSClient, listener: SendListener): void => {
  client.middlewareStack.add(
    (next) => async (args) => {
      const parsed = sendInput.safeParse(args.input);
      if (!parsed.success) return next(args);
      const { QueueUrl: queueUrl, MessageBody: body, DelaySeconds: delaySeconds } = parsed.data;
      if (listener.takes({ queueUrl, body, delaySeconds })) return TAKEN;
      try {
        return await next(args);
      } finally {
        listener.sent(queueUrl);
      }
    },
    { step: 'initialize', priority: 'high', name: 'localSendTap' },
  );
};
