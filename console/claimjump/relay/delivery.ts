// The way to order-webhook: each sending is signed with the time of it, and taken where the answer says so.
import { webhookRequest } from '../../../shared/signed-webhook.ts';
import type { Log, RelayClock, RelayDeps } from './relay-deps.ts';

interface Parts {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
  readonly clock: RelayClock;
  readonly log: Log;
}

/** Makes what sends one webhook once. */
export function createDelivery({ url, secret, timeoutMs, clock, log }: Parts): RelayDeps['deliver'] {
  return async ({ id, body }, stop) => {
    const request = webhookRequest(secret, id, clock.now(), body);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
    try {
      // A redirect would carry the signature to somebody else.
      const answer = await fetch(url, { method: 'POST', headers: request.headers, body: request.body, signal, redirect: 'error' });
      await answer.arrayBuffer();
      if (!answer.ok) log('webhook_answered', { status: answer.status });
      return answer.ok;
    } catch {
      return false;
    }
  };
}
