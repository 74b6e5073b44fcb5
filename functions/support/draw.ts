// Parts of a trace around what functions do; where nobody draws, the work is all there is.
import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../shared/messages.ts';
import type { TracePart, Tracing } from '../../shared/ports.ts';

export interface Drawing {
  readonly tracing?: Tracing;
}

export type Part = Omit<TracePart, 'remote'>;

/** Runs work as a part of a trace (SL-14). */
export const draw = <Result>({ tracing }: Drawing, part: Part, work: () => Promise<Result>): Promise<Result> =>
  tracing === undefined ? work() : tracing.within({ ...part, remote: false }, work);

interface Heard {
  readonly record: SQSRecord;
  readonly message: Message;
}

/** A message as a part of a trace; `sent_in` is the trace of whoever sent it, which need not be this one. */
export const partOf = ({ record, message }: Heard): Part => ({
  name: message.kind,
  annotations: {
    correlation_id: message.correlationId,
    ...('symbol' in message ? { symbol: message.symbol } : {}),
    ...('actionId' in message ? { action_id: message.actionId } : {}),
    ...sentIn(record),
  },
});

const sentIn = (record: Partial<SQSRecord>): { readonly sent_in?: string } => {
  const [, root] = /Root=([\w-]+)/.exec(record.attributes?.AWSTraceHeader ?? '') ?? [];
  return root === undefined ? {} : { sent_in: root };
};

/** Draws a batch that is worked through as one: a part for each message, all as long as the whole, and one for the work. */
export const drawTogether = async <Result>(drawing: Drawing, heard: readonly Heard[], work: () => Promise<Result>): Promise<Result> => {
  if (drawing.tracing === undefined) return work();
  const part = { name: 'batch', annotations: { messages: String(heard.length) }, correlations: correlationsOf(heard) };
  const whole = draw(drawing, part, work);
  await Promise.all(heard.map((one) => draw(drawing, partOf(one), () => whole)));
  return whole;
};

// An action is called after its order. Whatever else a message is about, its symbol finds it.
const correlationsOf = (heard: readonly Heard[]): ReadonlyMap<string, string> =>
  new Map(heard.flatMap(({ message }) => [
    ...('symbol' in message ? [[message.symbol, message.correlationId] as const] : []),
    ...('actionId' in message ? [[message.actionId.split(':')[0] ?? '', message.correlationId] as const] : []),
  ]));
