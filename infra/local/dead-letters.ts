import type { CloudBase } from './cloud-base.ts';

export interface DeadLetters {
  readonly queue: string;
  readonly count: number;
}

/** Counts what was put aside, by queue; queues that hold nothing are left out. */
export const countDeadLetters = async (base: CloudBase): Promise<readonly DeadLetters[]> => {
  const targets = new Set(base.parts.queues.map(({ RedrivePolicy }) => RedrivePolicy?.deadLetterTargetArn));
  const found: DeadLetters[] = [];
  for (const queue of base.parts.queues.filter(({ arn }) => targets.has(arn))) {
    const { visible, inFlight } = await base.queues.count(queue.url);
    if (visible + inFlight > 0) found.push({ queue: queue.name, count: visible + inFlight });
  }
  return found;
};
