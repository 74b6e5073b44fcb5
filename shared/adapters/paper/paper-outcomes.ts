// How an order goes to the paper venue, and what its answer means: certain only where the venue said so (EX-9).
import * as z from 'zod';
import type { Outcome } from '../../domain/event.ts';
import type { PlaceOrder, VenueTraits } from '../../ports.ts';
import { type PaperReply, pauseOf } from './paper-http.ts';
import { orderAnswer, refusalAnswer } from './venue-wire.ts';

type Answered = Extract<PaperReply, { kind: 'ANSWERED' }>;
type Refusal = z.ZodSafeParseResult<z.infer<typeof refusalAnswer>>;

/** The venue's words for a pause: a status alone may be somebody's between us. */
const SHEDDING: ReadonlySet<string> = new Set(['RATE_LIMITED', 'BANNED']);

/** Refuses what the venue has not, before anything is sent (EX-1); null of everything else. */
export function unsendable({ intent }: PlaceOrder, { icebergs }: VenueTraits): Outcome | null {
  return intent.shown !== null && !icebergs ? { kind: 'REFUSED', code: 'NO_ICEBERGS' } : null;
}

/** Writes an order for the venue. */
export function placeBodyOf({ clientOrderId, symbol, intent }: PlaceOrder): unknown {
  const { side, quantity, limit, stopPrice, timeInForce, shown, reduceOnly } = intent;
  return { clientOrderId, symbol, side, quantity, limit, stopPrice, timeInForce, shown, reduceOnly };
}

/** Says what became of an order call, of which `refusals` are believed. */
export function outcomeOf(reply: PaperReply, refusals: readonly string[]): Outcome {
  if (reply.kind === 'NOT_SENT') return { kind: 'NOT_SENT', reason: reply.reason, pause: null };
  if (reply.kind === 'LOST') return { kind: 'UNKNOWN', reason: reply.reason };
  return reply.status === 200 ? acceptedOf(reply.body) : refusedOf(reply, refusals);
}

function refusedOf(reply: Answered, refusals: readonly string[]): Outcome {
  const refusal = refusalAnswer.safeParse(reply.body);
  const pause = pauseOf(reply);
  if (pause !== null && refusal.success && SHEDDING.has(refusal.data.code)) return { kind: 'NOT_SENT', reason: wordsOf(reply.status, refusal), pause };
  const isRefusal = reply.status >= 400 && reply.status < 500 && refusal.success && refusals.includes(refusal.data.code);
  return isRefusal ? { kind: 'REFUSED', code: refusal.data.code } : { kind: 'UNKNOWN', reason: wordsOf(reply.status, refusal) };
}

function acceptedOf(body: unknown): Outcome {
  const answer = orderAnswer.safeParse(body);
  if (!answer.success) return { kind: 'UNKNOWN', reason: `unreadable answer: ${z.prettifyError(answer.error)}` };
  return { kind: 'ACCEPTED', report: answer.data.order };
}

function wordsOf(status: number, refusal: Refusal): string {
  return refusal.success ? `status ${status}: ${refusal.data.code}` : `status ${status}`;
}
