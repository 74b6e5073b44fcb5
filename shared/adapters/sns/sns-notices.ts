// The Notices port on a topic of SNS.
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notices } from '../../ports.ts';

const ANSWER_MILLISECONDS = 5000;
const MOST_TRIES = 3;
/** SNS takes so many characters of ASCII as a subject, and no line break. */
const LONGEST_SUBJECT = 100;
/** SNS takes 256 KiB; what is longer is cut at a whole line well below it, and says so. */
const LONGEST_TEXT = 60_000;

export interface SnsNoticesParts {
  readonly client: Pick<SNSClient, 'send'>;
  readonly topicArn: string;
}

/** Builds the client: endpoint, region and credentials from the environment. */
export const createSnsClient = (): SNSClient =>
  new SNSClient({ maxAttempts: MOST_TRIES, requestHandler: { requestTimeout: ANSWER_MILLISECONDS, throwOnRequestTimeout: true } });

/** Builds the notices. */
export const createSnsNotices = ({ client, topicArn }: SnsNoticesParts): Notices => ({
  publish: async (subject, text) => {
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subjectOf(subject), Message: textOf(text) }));
  },
});

const subjectOf = (subject: string): string => subject.replace(/[^ -~]+/g, '?').slice(0, LONGEST_SUBJECT);

const textOf = (text: string): string => {
  if (text.length <= LONGEST_TEXT) return text;
  const cut = text.slice(0, LONGEST_TEXT);
  return `${cut.slice(0, Math.max(0, cut.lastIndexOf('\n')))}\n… cut here; the whole of it is kept`;
};
