// One answer of the paper venue, given as asked for or spoilt as a fault says.
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { CallEffect } from './venue-faults.ts';
import { type VenueAnswer, type VenueCall, problem } from './venue-routes.ts';

type ErrorEffect = Extract<CallEffect, { kind: 'ERROR' }>;

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
  sendWith(effect: CallEffect | null, call: VenueCall): void {
    const answer = takesEffect(effect) ? call.run() : call.pretend();
    if (effect === null) this.send(answer);
    else this.#spoil(effect, answer);
  }

  #spoil(effect: CallEffect, answer: VenueAnswer): void {
    switch (effect.kind) {
      case 'TIMEOUT':
        return;
      case 'RESET':
        return void this.#response.destroy();
      case 'ERROR':
        return this.#sendError(effect);
      case 'LATE':
        return this.#sendLater(answer, effect.milliseconds);
      case 'LOST':
        return this.send(answer);
      case 'UNREADABLE':
        return this.#write(200, '{"order":', {});
      case 'OMIT_FILLED':
        return this.send(withoutFilledOf(answer));
      default:
        return unreachable(effect);
    }
  }

  #sendError({ status, retryAfterSeconds }: ErrorEffect): void {
    const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
    this.send(problem(status, 'FAULT', 'a fault was asked for'), { ...headers });
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

function withoutFilledOf(answer: VenueAnswer): VenueAnswer {
  const read = answerWithOrder.safeParse(answer.body);
  if (!read.success) return answer;
  return { ...answer, body: { order: { ...read.data.order, filledQuantity: null, averagePrice: null, trades: [] } } };
}

function takesEffect(effect: CallEffect | null): boolean {
  if (effect === null) return true;
  return 'when' in effect ? effect.when === 'AFTER' : effect.kind !== 'LOST';
}

function unreachable(effect: never): never {
  throw new Error(`unknown effect ${JSON.stringify(effect)}`);
}
