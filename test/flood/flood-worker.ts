// Sends the flood from a thread of its own, as it would come from another machine: at its pace, whatever is answered.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { webhookRequest } from '../../shared/signed-webhook.ts';
import type { Sent } from './senders.ts';

const TICK_MS = 5;
/** One message in ten is of prices, for ten symbols each. */
const PRICES_EVERY = 10;
const PRICES_EACH = 10;
const SOME_OTHER_SECRET = 'some other secret';

const message = z.object({ id: z.string(), body: z.string() });
type Message = z.infer<typeof message>;
const orders = z.array(message).min(1);
const job = z.object({
  url: z.string(),
  account: z.string(),
  secret: z.string(),
  symbols: z.array(z.string()).min(1),
  perSecond: z.number(),
  seconds: z.number(),
  signed: z.boolean(),
  orders,
});

const { url, account, secret, symbols, perSecond, seconds, signed, orders: first } = job.parse(workerData);
// A sender that does not believe its answers: what the venue told is told again and again.
let told: readonly Message[] = first;
parentPort?.on('message', (newer) => {
  told = orders.parse(newer);
});

const pricesMessage = (index: number): Message => {
  // Of symbols at the end of the list, whose price has not moved.
  const prices = Array.from({ length: PRICES_EACH }, (_, place) => ({ symbol: symbols.at(-1 - (place % symbols.length)) ?? '', price: '100', at: Date.now() }));
  return { id: `flood-${index}`, body: JSON.stringify({ type: 'prices', account, prices }) };
};

const post = async (kind: Sent['kind'], { id, body }: Message): Promise<Sent> => {
  const sentAt = Date.now();
  const { headers } = webhookRequest(signed ? secret : SOME_OTHER_SECRET, id, sentAt, body);
  try {
    const answer = await fetch(url, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    return { id, kind, status: answer.status, sentAt, answeredAt: Date.now() };
  } catch {
    return { id, kind, status: 0, sentAt, answeredAt: Date.now() };
  }
};

const send = async (index: number): Promise<Sent> => {
  if (index % PRICES_EVERY === 0) return post(signed ? 'PRICES' : 'UNSIGNED', pricesMessage(index));
  return post(signed ? 'ORDER' : 'UNSIGNED', told[index % told.length] ?? { id: '', body: '' });
};

const began = performance.now();
const sending: Promise<Sent>[] = [];
const total = perSecond * seconds;
while (sending.length < total) {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1);
  while (sending.length < due) sending.push(send(sending.length));
  await delay(TICK_MS);
}
parentPort?.postMessage(await Promise.all(sending));
parentPort?.close();
