// Puts dead letters back where they came from, for a person.
import { InvalidInputError } from './errors.ts';
import type { DeadLetterCount, DeadLetters, Telemetry, TraceContext } from './ports.ts';

export interface RedriveDeps {
  readonly deadLetters: DeadLetters;
  readonly telemetry: Telemetry;
}

export interface RedriveOrder {
  readonly queue: string;
  /** At most so many, 1 to 100. */
  readonly most: number;
  /** Who says so, for the log; null where it is not known. */
  readonly who: string | null;
}

export interface Redriven {
  readonly moved: number;
  readonly left: number;
}

const MOST = 100;

/** Counts the dead letters of every queue. */
export const countDeadLetters = ({ deadLetters }: Pick<RedriveDeps, 'deadLetters'>): Promise<readonly DeadLetterCount[]> => deadLetters.count();

/**
 * Puts dead letters of one queue back into it (SL-10): what they asked for is decided again on what is there now, so
 * that whatever has been done meanwhile is not done twice.
 * @throws InvalidInputError for a queue that there is not, or a number outside 1 to 100
 */
export const redriveDeadLetters = async (deps: RedriveDeps, order: RedriveOrder, trace: TraceContext): Promise<Redriven> => {
  const { queue, most, who } = order;
  if (!Number.isInteger(most) || most < 1 || most > MOST) throw new InvalidInputError('most', `a whole number from 1 to ${MOST}`);
  const queues = (await deps.deadLetters.count()).map((each) => each.queue);
  if (!queues.includes(queue)) throw new InvalidInputError('queue', `one of ${queues.join(', ')}`);
  const redriven = await deps.deadLetters.redrive(queue, most);
  const message = `${redriven.moved} dead letters put back into ${queue}, ${redriven.left} left`;
  deps.telemetry.record({ name: 'DEAD_LETTERS_REDRIVEN', level: 'WARN', message, fields: { queue, ...redriven, by: who ?? 'PERSON' } }, trace);
  return redriven;
};
