// The template's HTTP API on loopback: its routes, their throttles and its own answers.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';
import { TemplateError } from './assembly.ts';
import type { FunctionPart } from './cloud-parts.ts';
import { FunctionThrottledError } from './concurrency.ts';
import { answerOf, eventOf, gatewayAnswer } from './http-event.ts';
import type { Answer } from './http-event.ts';
import { LOOPBACK } from './local-names.ts';
import type { RoutePart } from './route-parts.ts';
import { tokenBucket } from './token-bucket.ts';
import type { TokenBucket } from './token-bucket.ts';

/** What the API takes at most, and what Lambda does of it, in bytes. */
const LARGEST_REQUEST = 10 * 1024 * 1024;
const LARGEST_EVENT = 6 * 1024 * 1024;

export interface HttpDoor {
  readonly origin: string;
  /** Address of each function that has one, by function name. */
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly routes: readonly RoutePart[];
  readonly functions: readonly FunctionPart[];
  /** Port to listen on; 0 for any free one. */
  readonly port: number;
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  /** Milliseconds that throttles count by; null where time stands still, and everything of a moment comes at once. */
  readonly throttledBy: (() => number) | null;
}

interface OpenRoute {
  readonly route: RoutePart;
  readonly functionName: string;
  readonly bucket: TokenBucket | null;
}

const openRoutes = ({ routes, functions, throttledBy }: DoorOptions): readonly OpenRoute[] =>
  routes.map((route) => {
    const behind = functions.find(({ arn }) => arn === route.functionArn);
    if (behind === undefined) throw new TemplateError(route.routeKey, 'a function of this stack');
    const bucket = route.throttle === null || throttledBy === null ? null : tokenBucket(route.throttle, throttledBy);
    return { route, functionName: behind.name, bucket };
  });

const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(z.instanceof(Uint8Array).parse(chunk));
    size += bytes.byteLength;
    // The rest is read and let go, so that the answer can be read too.
    if (size <= LARGEST_REQUEST) chunks.push(bytes);
  }
  return size > LARGEST_REQUEST ? null : Buffer.concat(chunks);
};

// A page in a browser can reach loopback too: it is known by its origin, or by a name of its own for this address.
const comesFromAPage = (request: IncomingMessage, origin: string): boolean =>
  request.headers.origin !== undefined || `http://${request.headers.host ?? ''}` !== origin;

interface Door {
  readonly origin: string;
  readonly routes: readonly OpenRoute[];
  readonly invoke: DoorOptions['invoke'];
}

const handle = async (request: IncomingMessage, { origin, routes, invoke }: Door): Promise<Answer> => {
  if (comesFromAPage(request, origin)) return gatewayAnswer(403, 'Forbidden');
  const url = new URL(request.url ?? '/', origin);
  const open = routes.find(({ route }) => route.path === url.pathname && route.method === request.method);
  if (open === undefined) return gatewayAnswer(404, 'Not Found');
  if (open.bucket?.take() === false) return gatewayAnswer(429, 'Too Many Requests');
  const bytes = await readBody(request);
  if (bytes === null || bytes.byteLength > LARGEST_EVENT) return gatewayAnswer(413, 'Request Entity Too Large');
  const event = eventOf({ request, url, route: open.route, bytes });
  return call(async () => invoke(open.functionName, event));
};

const call = async (invoke: () => Promise<unknown>): Promise<Answer> => {
  try {
    return answerOf(await invoke());
  } catch (error) {
    if (error instanceof FunctionThrottledError) return gatewayAnswer(503, 'Service Unavailable');
    // The function's house stack has logged it; a caller is told no more than the API tells.
    return gatewayAnswer(500, 'Internal Server Error');
  }
};

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

/** Opens the door on loopback alone. Whoever reaches it needs no AWS signature: routes that ask for one are given a local caller. */
export const openHttpDoor = async (options: DoorOptions): Promise<HttpDoor> => {
  const routes = openRoutes(options);
  let origin = '';
  const server = createServer((request, response) => {
    handle(request, { origin, routes, invoke: options.invoke }).then(
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
  const urls = Object.fromEntries(routes.map(({ route, functionName }) => [functionName, `${origin}${route.path}`]));
  return { origin, urls, close: async () => stop(server) };
};
