import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from '@jest/globals';
import { createSnsNotices } from '../../../shared/adapters/sns/sns-notices.ts';

const publishing = async (subject: string, text: string): Promise<Readonly<Record<string, unknown>>> => {
  const client = new SNSClient({ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  let sent: Readonly<Record<string, unknown>> = {};
  client.middlewareStack.add(() => async (args) => {
    sent = { ...args.input };
    return { response: {}, output: { $metadata: {}, MessageId: 'm' } };
  }, { step: 'initialize' });
  await createSnsNotices({ client, topicArn: 'arn:aws:sns:us-east-1:000000000000:notices' }).publish(subject, text);
  return sent;
};

describe('the Notices port on SNS', () => {
  it('publishes to its topic', async () => {
    expect(await publishing('a subject', 'a text')).toEqual({ TopicArn: 'arn:aws:sns:us-east-1:000000000000:notices', Subject: 'a subject', Message: 'a text' });
  });

  it('gives a subject that SNS takes: one short line of ASCII', async () => {
    expect((await publishing(`für Konto\n→ ${'x'.repeat(200)}`, 'a'))['Subject']).toBe(`f?r Konto? ${'x'.repeat(89)}`);
  });

  it('cuts a text that is too long at a whole line, and says so', async () => {
    const { Message } = await publishing('a', `${'a line\n'.repeat(10_000)}`);
    expect(String(Message).length).toBeLessThan(60_100);
    expect(String(Message).split('\n').slice(-2)).toEqual(['a line', '… cut here; the whole of it is kept']);
  });
});
