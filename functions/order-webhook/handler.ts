// Takes signed order updates and prices; what it answers 200 to has been stored.
import { applyEvent, stealsSince } from '../../shared/apply-event.ts';
import { toPlain } from '../../shared/domain/decimal.ts';
import { MESSAGE_SCHEMA } from '../../shared/messages.ts';
import { scopeOf } from '../../shared/scope-of.ts';
import type { Secrets, TraceContext } from '../../shared/ports.ts';
import { draw } from '../support/draw.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { answerHttp, bodyBytes, bodyText, readRequest } from '../support/http.ts';
import type { HttpAnswer } from '../support/http.ts';
import { InputError } from '../support/input-error.ts';
import { readStrictJson } from '../support/strict-json.ts';
import { createWebhookDeps } from '../support/webhook-deps.ts';
import type { WebhookDeps } from '../support/webhook-deps.ts';
import { requireOwnSymbol } from './own-order.ts';
import { readSignedHeaders, verifySignature } from './signature.ts';
import { readWebhookBody } from './webhook-body.ts';
import type { WebhookBody } from './webhook-body.ts';

/** What a sender reads: whether this id was seen before, and changed nothing. */
export interface WebhookAnswer {
  readonly duplicate: boolean;
}

/** Builds the handler: who sent it, then what it says, then its effect with its id in one commit (SL-10). */
export const createHandler = (deps: WebhookDeps): House<HttpAnswer> =>
  createHouse(deps, 'webhook', async (event, trace) =>
    answerHttp(deps.telemetry, trace, async () => {
      const request = readRequest(event);
      const bytes = bodyBytes(request);
      const headers = readSignedHeaders(request, deps.clock.now());
      await requireSigned(deps.secrets, (secrets) => verifySignature(headers, bytes, secrets));
      const body = readWebhookBody(readStrictJson(bodyText(bytes), 'body'));
      if (body.account !== deps.account) throw new InputError(403, 'account', 'the account of this endpoint');
      // Whoever sent it can follow what becomes of it by the id that it was sent under.
      const own = { ...trace, correlationId: headers.id };
      return draw(deps, { name: body.type, annotations: { correlation_id: headers.id } }, () => takeIn(deps, body, headers.id, own));
    }),
  );

// A secret that was turned minutes ago may be known to the sender and not yet here.
const requireSigned = async (secrets: Secrets, verify: (known: readonly string[]) => void): Promise<void> => {
  const known = await secrets.webhookSecrets();
  try {
    verify(known);
  } catch (error) {
    const present = error instanceof InputError ? await readAgain(secrets) : null;
    if (present === null) throw error;
    verify(present);
  }
};

// Whoever signs wrongly is refused all the same where the secrets cannot be read again.
const readAgain = async (secrets: Secrets): Promise<readonly string[] | null> => {
  try {
    return await secrets.webhookSecrets(true);
  } catch {
    return null;
  }
};

const takeIn = async (
  deps: WebhookDeps,
  body: WebhookBody,
  webhookId: string,
  trace: TraceContext,
): Promise<WebhookAnswer> => {
  if (body.type === 'order') {
    const event = { type: 'ORDER_REPORTED', report: body.order, webhookId } as const;
    const snapshot = await deps.store.load(deps.account, scopeOf(event, stealsSince(deps)));
    await requireOwnSymbol(deps, body.order, snapshot);
    const applied = await applyEvent(deps, event, trace, snapshot);
    return { duplicate: applied.kind === 'IGNORED' && applied.reason === 'WEBHOOK_SEEN' };
  }
  // A price that comes twice is no newer than itself, so it needs no memory of its id.
  const quotes = body.prices.map(({ symbol, price, at }) => ({ symbol, price: toPlain(price), at }));
  await deps.queues.send({ schema: MESSAGE_SCHEMA, kind: 'QUOTES', account: deps.account, correlationId: webhookId, quotes });
  return { duplicate: false };
};

export { createWebhookDeps as createDeps };
export const handler = lazily(() => createHandler(createWebhookDeps(processEnvironment())));
