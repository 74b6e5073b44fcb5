// Where the paper venue's webhooks go, and the sending of one.
import type { WebhookRequest } from '../../signed-webhook.ts';

/** Where webhooks go and the secret they are signed with. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** Posts one webhook and tells whether it was taken (2xx); no answer within the time is no. */
export async function postWebhook(url: string, request: WebhookRequest, timeoutMs: number, stop: AbortSignal): Promise<boolean> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await fetch(url, { method: 'POST', headers: request.headers, body: request.body, signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
