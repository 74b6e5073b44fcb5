// One answer of the paper venue, given as asked for or spoilt as a fault says.
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { AnswerEffect, DocumentEffect } from './venue-faults.ts';
import { type VenueAnswer, type VenueCall, problem } from './venue-routes.ts';

type TransportEffect = Exclude<AnswerEffect, DocumentEffect>;
type ErrorEffect = Extract<AnswerEffect, { kind: 'ERROR' }>;

/** The venue's own words where it sheds load: nothing of such a call takes effect. */
const SHEDDING: Readonly<Record<number, string>> = { 418: 'BANNED', 429: 'RATE_LIMITED' };

const answerWithOrder = z.object({ order: z.looseObject({}) });

/** The answer to one request, while it is owed. */
export class FaultableAnswer {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Answers. */
  send({ status, body }: VenueAnswer, headers: Readonly<Record<string, string>> = {}): void {
    this.#write(status, JSON.stringify(body), headers);
  }

  /** Lets a call take effect, or not, and answers as the effect says. */
  sendWith(effect: AnswerEffect | null, call: VenueCall): void {
    const answer = takesEffect(effect) ? call.run() : call.pretend();
    if (effect === null) this.send(answer);
    else if (isOfDocument(effect)) this.send(spoilt(effect, answer));
    else this.#hinder(effect, answer);
  }

  #hinder(effect: TransportEffect, answer: VenueAnswer): void {
    switch (effect.kind) {
      case 'TIMEOUT':
        return;
      case 'RESET':
        return void this.#response.destroy();
      case 'ERROR':
        return this.#sendError(effect);
      case 'LATE':
        return this.#sendLater(answer, effect.milliseconds);
      case 'UNREADABLE':
        return this.#write(200, '{"order":', {});
      default:
        return unreachable(effect);
    }
  }

  #sendError({ status, retryAfterSeconds }: ErrorEffect): void {
    const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
    this.send(problem(status, SHEDDING[status] ?? 'FAULT', 'a fault was asked for'), { ...headers });
  }

  #sendLater(answer: VenueAnswer, milliseconds: number): void {
    const late = setTimeout(() => this.send(answer), milliseconds);
    this.#response.once('close', () => clearTimeout(late));
  }

  #write(status: number, text: string, headers: Readonly<Record<string, string>>): void {
    if (this.#response.destroyed || this.#response.writableEnded) return;
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers });
    this.#response.end(text);
  }
}

const OF_DOCUMENTS: ReadonlySet<AnswerEffect['kind']> = new Set(['LOST', 'OMIT_FILLED', 'ERROR_DOCUMENT', 'OTHER_SHAPE', 'HALF']);

function isOfDocument(effect: AnswerEffect): effect is DocumentEffect {
  return OF_DOCUMENTS.has(effect.kind);
}

function spoilt(effect: DocumentEffect, answer: VenueAnswer): VenueAnswer {
  switch (effect.kind) {
    case 'LOST':
      return answer;
    case 'OMIT_FILLED':
      return withoutFilledOf(answer);
    case 'ERROR_DOCUMENT':
      return problem(200, 'FAULT', 'a fault was asked for');
    case 'OTHER_SHAPE':
      return { ...answer, body: { data: answer.body, success: true } };
    case 'HALF':
      return { ...answer, body: halfOf(answer.body, effect.counted) };
    default:
      return unreachable(effect);
  }
}

function withoutFilledOf(answer: VenueAnswer): VenueAnswer {
  const read = answerWithOrder.safeParse(answer.body);
  if (!read.success) return answer;
  return { ...answer, body: { order: { ...read.data.order, filledQuantity: null, averagePrice: null, trades: [] } } };
}

const countedList = z.looseObject({ count: z.number() });

/** The same document with the first half of its list, which says how long it is or was. */
function halfOf(body: unknown, counted: boolean): unknown {
  const { data } = countedList.safeParse(body);
  if (data === undefined) return body;
  const kept = Math.floor(data.count / 2);
  const halved = Object.entries(data).map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, kept) : value] as const);
  return { ...Object.fromEntries(halved), count: counted ? data.count : kept };
}

function takesEffect(effect: AnswerEffect | null): boolean {
  if (effect === null) return true;
  if (effect.kind === 'ERROR' && effect.status in SHEDDING) return false;
  return 'when' in effect ? effect.when === 'AFTER' : effect.kind !== 'LOST';
}

function unreachable(effect: never): never {
  throw new Error(`unknown effect ${JSON.stringify(effect)}`);
}
