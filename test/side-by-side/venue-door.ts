// Stands before the paper venue under one address, whichever venue is behind it, and notes every order that is sent.
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface VenueDoor {
  readonly url: string;
  /** Ids of all placements, in the order in which they came. */
  readonly placed: string[];
  lead(to: string): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString();
};

const idsIn = (body: string): readonly string[] => [...body.matchAll(/"clientOrderId":"([^"]+)"/g)].map(([, id]) => id ?? '');

/** Opens the door; it leads nowhere yet. */
export const openVenueDoor = async (): Promise<VenueDoor> => {
  const placed: string[] = [];
  let target = '';
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const body = await bodyOf(request);
      const { method = 'GET', url = '/' } = request;
      if (method === 'POST' && url === '/orders') placed.push(...idsIn(body));
      const init = body === '' ? {} : { body, headers: { 'content-type': 'application/json' } };
      const answer = await fetch(`${target}${url}`, { method, ...init });
      const text = await answer.text();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
      response.end(text);
    };
    forward().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    placed,
    lead: (to) => {
      target = to;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Ids that were sent more than once (EX-9). */
export const sentTwice = ({ placed }: Pick<VenueDoor, 'placed'>): readonly string[] =>
  [...new Set(placed.filter((id, place) => placed.indexOf(id) !== place))];
