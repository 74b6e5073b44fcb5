// One signed webhook: `id.timestamp.rawBody` under HMAC-SHA256.
import { createHmac } from 'node:crypto';
import { type Millis, MILLIS_PER_SECOND } from './domain/instant.ts';

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Signs a body; the timestamp is in whole seconds, the signature in hexadecimals after its version. */
export function signWebhook(secret: string, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('hex')}`;
}

/** Makes the request that carries a body: its id never changes, its timestamp is the time of this sending. */
export function webhookRequest(secret: string, id: string, now: Millis, body: string): WebhookRequest {
  const timestamp = Math.floor(now / MILLIS_PER_SECOND);
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(secret, id, timestamp, body),
    },
    body,
  };
}
