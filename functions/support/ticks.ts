// A schedule's floor is a minute (MH-3): each run sends itself delayed messages for the time between.
import * as z from 'zod';
import { MESSAGE_SCHEMA } from '../../shared/messages.ts';
import type { TickMessage } from '../../shared/messages.ts';
import type { Queues, TraceContext } from '../../shared/ports.ts';
import { wholeField } from './fields.ts';

const MOST_REPEATS = 60;
const LONGEST_DELAY_SECONDS = 900;
const repeatWords = `a list of at most ${MOST_REPEATS} delays in seconds`;

/** Reads after how many seconds each a schedule's run is repeated. */
export const repeatField = z
  .array(wholeField(1, LONGEST_DELAY_SECONDS), { error: repeatWords })
  .max(MOST_REPEATS, { error: repeatWords })
  .default([]);

/** Sends a tick for each repeat, before the run itself: a run that fails does not take the next ones along. */
export const sendTicks = async (
  queues: Queues,
  kind: TickMessage['kind'],
  repeatSeconds: readonly number[],
  trace: TraceContext,
): Promise<void> => {
  const { account, correlationId } = trace;
  await Promise.all(
    repeatSeconds.map((delaySeconds) =>
      queues.send({ schema: MESSAGE_SCHEMA, account, correlationId, kind }, { delaySeconds, nonce: `${delaySeconds}` }),
    ),
  );
};
