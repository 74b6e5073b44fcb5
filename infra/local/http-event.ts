// A request as the event that an HTTP API makes of it (payload 2.0), and an answer as it reads what a function returns.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, LOOPBACK } from './local-names.ts';
import type { RoutePart } from './route-parts.ts';

// Any other body comes in base64, that of a form among them.
const TEXT_TYPES = /^(text\/|application\/(json|javascript|xml)\b)/i;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** A request with its body read. */
export interface ReceivedRequest {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly route: RoutePart;
  readonly bytes: Buffer;
}

const answered = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.coerce.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** What the API answers by itself. */
export const gatewayAnswer = (statusCode: number, message: string): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** Reads what a function returned: an answer, or else the JSON of one. */
export const answerOf = (returned: unknown): Answer => {
  const parsed = answered.safeParse(returned);
  if (parsed.success) {
    const { statusCode, headers, body, isBase64Encoded } = parsed.data;
    return { statusCode, headers, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
  }
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(returned ?? null) };
};

const AS_FORWARDED = { 'x-forwarded-for': LOOPBACK, 'x-forwarded-proto': 'http' } as const;

// Names in lower case, and what came several times as one list; cookies go by themselves.
const headersOf = (request: IncomingMessage): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(request.headersDistinct)
      .filter(([name]) => name !== 'cookie')
      .map(([name, values]) => [name, (values ?? []).join(',')]),
  ),
  ...AS_FORWARDED,
});

const cookiesOf = (request: IncomingMessage): object => {
  const cookies = (request.headersDistinct['cookie'] ?? []).flatMap((header) => header.split(/; */)).filter((cookie) => cookie !== '');
  return cookies.length === 0 ? {} : { cookies };
};

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

const twoDigits = (number: number): string => String(number).padStart(2, '0');

const logTime = (at: Date): string => {
  const date = `${twoDigits(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}`;
  return `${date}:${[at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(twoDigits).join(':')} +0000`;
};

// Nobody signs on one machine: whoever reaches loopback is the one caller there is.
const LOCAL_CALLER = {
  authorizer: {
    iam: {
      accessKey: LOCAL_CREDENTIALS.accessKeyId,
      accountId: LOCAL_ACCOUNT,
      callerId: 'local',
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/local`,
      userId: 'local',
    },
  },
} as const;

const contextOf = ({ request, url, route }: ReceivedRequest, userAgent: string): object => {
  const now = new Date();
  return {
    accountId: LOCAL_ACCOUNT,
    apiId: 'local',
    ...(route.authorization === 'AWS_IAM' ? LOCAL_CALLER : {}),
    domainName: url.host,
    domainPrefix: 'local',
    http: { method: request.method ?? 'GET', path: url.pathname, protocol: 'HTTP/1.1', sourceIp: LOOPBACK, userAgent },
    requestId: randomUUID(),
    routeKey: route.routeKey,
    stage: '$default',
    time: logTime(now),
    timeEpoch: now.getTime(),
  };
};

/** Makes the event that the route's function is called with. */
export const eventOf = (received: ReceivedRequest): object => {
  const { request, url, route, bytes } = received;
  const headers = headersOf(request);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...cookiesOf(request),
    headers,
    ...queryOf(url),
    requestContext: contextOf(received, headers['user-agent'] ?? ''),
    ...bodyOf(bytes, headers['content-type'] ?? ''),
  };
};
