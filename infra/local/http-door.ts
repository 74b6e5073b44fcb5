// Function URLs on loopback: /<function name>, each request as the event that Lambda would make of it.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { FunctionPart, UrlPart } from './cloud-parts.ts';
import { LOCAL_ACCOUNT, LOOPBACK } from './local-names.ts';

/** What Lambda takes at most, in bytes. */
const LARGEST_BODY = 6 * 1024 * 1024;
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml)\b)/;

export interface HttpDoor {
  readonly origin: string;
  /** Address of each function that has one, by function name. */
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly urls: readonly UrlPart[];
  readonly functions: readonly FunctionPart[];
  /** Port to listen on; 0 for any free one. */
  readonly port: number;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const answered = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.coerce.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

const fault = (statusCode: number, message: string): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

const answerOf = (returned: unknown): Answer => {
  const parsed = answered.safeParse(returned);
  if (parsed.success) {
    const { statusCode, headers, body, isBase64Encoded } = parsed.data;
    return { statusCode, headers, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(returned ?? null) };
};

const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(z.instanceof(Uint8Array).parse(chunk));
    size += bytes.byteLength;
    // The rest is read and let go, so that the answer can be read too.
    if (size <= LARGEST_BODY) chunks.push(bytes);
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks);
};

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(',')]));

const queryOf = (url: URL): object => {
  const names = [...new Set(url.searchParams.keys())];
  if (names.length === 0) return {};
  return { queryStringParameters: Object.fromEntries(names.map((name) => [name, url.searchParams.getAll(name).join(',')])) };
};

const bodyOf = (bytes: Buffer, contentType: string): object => {
  if (bytes.byteLength === 0) return { isBase64Encoded: false };
  const isText = TEXT_TYPES.test(contentType);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
};

const eventOf = (request: IncomingMessage, url: URL, bytes: Buffer): object => {
  const headers = headersOf(request);
  const now = new Date();
  const rawPath = `/${url.pathname.split('/').slice(2).join('/')}`;
  const http = {
    method: request.method ?? 'GET',
    path: rawPath,
    protocol: 'HTTP/1.1',
    sourceIp: LOOPBACK,
    userAgent: headers['user-agent'] ?? '',
  };
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: url.search.slice(1),
    headers,
    ...queryOf(url),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: 'local',
      domainName: url.host,
      domainPrefix: 'local',
      http,
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...bodyOf(bytes, headers['content-type'] ?? ''),
  };
};

// A page in a browser can reach loopback too: it is known by its origin, or by a name of its own for this address.
const comesFromAPage = (request: IncomingMessage, origin: string): boolean =>
  request.headers.origin !== undefined || `http://${request.headers.host ?? ''}` !== origin;

const handle = async (request: IncomingMessage, origin: string, options: DoorOptions): Promise<Answer> => {
  if (comesFromAPage(request, origin)) return fault(403, 'Forbidden');
  const url = new URL(request.url ?? '/', origin);
  const name = url.pathname.split('/')[1] ?? '';
  if (!namesOf(options).includes(name)) return fault(404, 'Not Found');
  const bytes = await readBody(request);
  if (bytes === null) return fault(413, 'Request Too Long');
  try {
    return answerOf(await options.invoke(name, eventOf(request, url, bytes)));
  } catch {
    // The function's house stack has logged it; a caller is told no more than Lambda tells.
    return fault(502, 'Internal Server Error');
  }
};

const namesOf = ({ urls, functions }: DoorOptions): readonly string[] =>
  functions.filter(({ arn }) => urls.some(({ TargetFunctionArn }) => TargetFunctionArn === arn)).map(({ name }) => name);

const write = (response: ServerResponse, { statusCode, headers, body }: Answer): void => {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};

const listen = async (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const stop = async (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
    server.closeAllConnections();
  });

/** Opens the door on loopback alone. */
export const openHttpDoor = async (options: DoorOptions): Promise<HttpDoor> => {
  let origin = '';
  const server = createServer((request, response) => {
    handle(request, origin, options).then(
      (answer) => {
        write(response, answer);
      },
      () => {
        // The caller went away in the middle of its request.
        response.destroy();
      },
    );
  });
  origin = `http://${LOOPBACK}:${await listen(server, options.port)}`;
  const urls = Object.fromEntries(namesOf(options).map((name) => [name, `${origin}/${name}`]));
  return { origin, urls, close: async () => stop(server) };
};
