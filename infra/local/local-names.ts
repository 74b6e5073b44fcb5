// What stands for the account, the region and the ARNs on one machine.

export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';
export const LOOPBACK = '127.0.0.1';

/** Accepted by both engines; never anybody's. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

export const queueArn = (name: string): string => arn('sqs', name);
export const tableArn = (name: string): string => arn('dynamodb', `table/${name}`);
export const functionArn = (name: string): string => arn('lambda', `function:${name}`);
