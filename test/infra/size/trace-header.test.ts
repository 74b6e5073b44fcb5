// What the bundler makes of the SDK's clients: they are slimmed, and must still hand on the trace that they run in.
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { bundlerOptions, projectPath } from '../../../infra/constructs/bundle-recipe.ts';

const TRACE = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
const PROGRAM = `
  import { SendMessageCommand } from '@aws-sdk/client-sqs';
  import { GetItemCommand } from '@aws-sdk/client-dynamodb';
  import { createSqsClient } from './shared/adapters/sqs/sqs-client.ts';
  import { createDynamoClient } from './shared/adapters/dynamo/dynamo-client.ts';
  await createSqsClient().send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: '{}' })).catch(() => undefined);
  await createDynamoClient().send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })).catch(() => undefined);
`;

describe('SL-14 the clients as they are bundled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claimjump-trace-'));
  const heard: IncomingHttpHeaders[] = [];
  let server: Server;
  beforeAll(async () => {
    await build({
      ...bundlerOptions('paper'),
      stdin: { contents: PROGRAM, resolveDir: projectPath(''), loader: 'ts' }, outfile: join(folder, 'send.mjs'), minify: true,
    });
    server = createServer((request, response) => {
      heard.push(request.headers);
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end('{"__type":"Refused","message":"no"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 30_000);
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('hand the trace of the invocation on to the queue and the table', async () => {
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const child = spawn(process.execPath, ['--no-warnings', '-e', `await import(${JSON.stringify(pathToFileURL(join(folder, 'send.mjs')).href)})`, '--input-type=module'], {
      stdio: 'inherit',
      env: {
        AWS_LAMBDA_FUNCTION_NAME: 'order-webhook', _X_AMZN_TRACE_ID: TRACE, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
        AWS_ENDPOINT_URL_SQS: url, AWS_ENDPOINT_URL_DYNAMODB: url, QUEUE: `${url}/000000000000/stops`,
      },
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(heard.map((headers) => [headers['x-amz-target'], headers['x-amzn-trace-id']])).toEqual([['AmazonSQS.SendMessage', TRACE], ['DynamoDB_20120810.GetItem', TRACE]]);
  }, 20_000);
});
