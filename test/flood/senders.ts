// Who sends webhooks in a flood: whoever floods, at its own pace whatever is answered, and the venue through a door that counts.
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { VenueEvent } from '../../shared/adapters/paper/venue-model.ts';
import { webhookId } from '../../shared/adapters/paper/venue-outbox.ts';
import { reportOfEvent } from '../../shared/adapters/paper/venue-report.ts';
import { webhookRequest } from '../../shared/signed-webhook.ts';
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

const TICK_MS = 5;
/** One message in ten is of prices, for ten symbols each. */
const PRICES_EVERY = 10;
const PRICES_EACH = 10;
const REPEATED = 40;

interface Message {
  readonly id: string;
  readonly kind: Sent['kind'];
  readonly body: string;
}

const pick = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('expected something to pick from');
  return value;
};

/** A sender that does not believe its answers: what the venue told is told again and again, the newest first of all. */
const orderMessage = (scene: Scene, index: number, events: readonly VenueEvent[]): Message => {
  const event = pick(events, events.length - 1 - (index % Math.min(events.length, REPEATED)));
  const body = { type: 'order', account: scene.cloud.account, order: reportOfEvent(event) };
  return { id: webhookId(event), kind: 'ORDER', body: JSON.stringify(body) };
};

const pricesMessage = ({ cloud, symbols }: Scene, index: number): Message => {
  // Of symbols at the end of the list, whose price has not moved.
  const prices = Array.from({ length: PRICES_EACH }, (_, place) => ({ symbol: symbols.at(-1 - (place % symbols.length)) ?? '', price: '100', at: Date.now() }));
  return { id: `flood-${index}`, kind: 'PRICES', body: JSON.stringify({ type: 'prices', account: cloud.account, prices }) };
};

const post = async (scene: Scene, { id, kind, body }: Message, secret: string): Promise<Sent> => {
  const sentAt = Date.now();
  const { headers } = webhookRequest(secret, id, sentAt, body);
  try {
    const answer = await fetch(scene.cloud.urls['order-webhook'] ?? '', { method: 'POST', headers, body });
    await answer.arrayBuffer();
    return { id, kind, status: answer.status, sentAt, answeredAt: Date.now() };
  } catch {
    return { id, kind, status: 0, sentAt, answeredAt: Date.now() };
  }
};

export interface FloodPace {
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether the flood knows the secret. */
  readonly signed: boolean;
}

/** Sends so many a second for so long, and waits for no answer before the next. */
export const flood = async (scene: Scene, { perSecond, seconds, signed }: FloodPace): Promise<readonly Sent[]> => {
  const began = performance.now();
  const sending: Promise<Sent>[] = [];
  const total = perSecond * seconds;
  while (sending.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
    const { history } = scene.venue.snapshot();
    while (sending.length < due) {
      const index = sending.length;
      const message = index % PRICES_EVERY === 0 ? pricesMessage(scene, index) : orderMessage(scene, index, history);
      sending.push(post(scene, signed ? message : { ...message, kind: 'UNSIGNED' }, signed ? scene.secret : 'some other secret'));
    }
    await delay(TICK_MS);
  }
  return Promise.all(sending);
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
