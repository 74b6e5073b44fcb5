// Who sends webhooks in a flood: whoever floods, at its own pace whatever is answered, and the venue through a door that counts.
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { webhookId } from '../../shared/adapters/paper/venue-outbox.ts';
import { reportOfEvent } from '../../shared/adapters/paper/venue-report.ts';
import type { Scene } from './scene.ts';

/** One request and how it ended; `status` 0 is no answer. */
export interface Sent {
  readonly id: string;
  readonly kind: 'ORDER' | 'PRICES' | 'UNSIGNED' | 'VENUE';
  readonly status: number;
  /** When it was sent and answered, by Date.now. */
  readonly sentAt: number;
  readonly answeredAt: number;
}

const sentList = z.array(
  z.object({
    id: z.string(),
    kind: z.enum(['ORDER', 'PRICES', 'UNSIGNED', 'VENUE']),
    status: z.number(),
    sentAt: z.number(),
    answeredAt: z.number(),
  }),
);

/** How many of the newest updates the flood repeats, and how often it hears of newer ones. */
const REPEATED = 40;
const TELL_EVERY_MS = 250;

const newestUpdates = ({ venue, cloud }: Scene) =>
  venue.snapshot().history.slice(-REPEATED).map((event) => ({
    id: webhookId(event),
    body: JSON.stringify({ type: 'order', account: cloud.account, order: reportOfEvent(event) }),
  }));

export interface FloodPace {
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether the flood knows the secret. */
  readonly signed: boolean;
}

/** Sends so many a second for so long, and waits for no answer before the next. */
export const flood = async (scene: Scene, pace: FloodPace): Promise<readonly Sent[]> => {
  const { cloud, secret, symbols } = scene;
  const workerData = { ...pace, url: cloud.urls['order-webhook'], account: cloud.account, secret, symbols: [...symbols], orders: newestUpdates(scene) };
  const worker = new Worker(new URL('flood-worker.ts', import.meta.url), { workerData, execArgv: ['--no-warnings'] });
  const telling = setInterval(() => {
    worker.postMessage(newestUpdates(scene));
  }, TELL_EVERY_MS);
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (sent) => {
        resolve(sentList.parse(sent));
      });
      worker.once('error', reject);
    });
  } finally {
    clearInterval(telling);
    await worker.terminate();
  }
};

export interface VenueDoor {
  readonly url: string;
  readonly sent: readonly Sent[];
  close(): Promise<void>;
}

/** Opens a door before the webhook that passes on what the venue sends and notes how each ended. */
export const openVenueDoor = async (scene: Scene): Promise<VenueDoor> => {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const sentAt = Date.now();
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const wanted = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];
      const headers = Object.fromEntries(wanted.map((name) => [name, String(request.headers[name] ?? '')]));
      const answer = await fetch(scene.cloud.urls['order-webhook'] ?? '', { method: 'POST', headers, body: Buffer.concat(chunks) });
      const body = Buffer.from(await answer.arrayBuffer());
      sent.push({ id: headers['webhook-id'] ?? '', kind: 'VENUE', status: answer.status, sentAt, answeredAt: Date.now() });
      response.writeHead(answer.status).end(body);
    };
    pass().catch(() => response.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/`, sent, close };
};
