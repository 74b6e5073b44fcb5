// Who may go on next: by fast-check's scheduler, or in an order that is known to lose.
import type { Scheduler } from 'fast-check';

/** Lets those who wait go on, one at a time. */
export interface Turns {
  /** Waits for a turn. */
  wait(label: string): Promise<void>;
  waiting(): number;
  /** Gives one of those who wait its turn. */
  next(): Promise<void>;
}

export const randomTurns = (scheduler: Scheduler): Turns => ({
  wait: (label) => scheduler.schedule(Promise.resolve(), label),
  waiting: () => scheduler.count(),
  next: () => scheduler.waitNext(1),
});

/** Lets one actor go on, alone, up to a point or to its end. */
export interface Stage {
  readonly actor: string;
  /** The actor stops here, its call not made yet (`before …`) or not answered yet (`after …`). */
  readonly until?: RegExp;
  /** The actor stops before the call that follows so many. */
  readonly calls?: number;
}

interface Waiting {
  readonly label: string;
  readonly release: () => void;
}

/** Follows the stages one after another; what is left then goes on in the order of arrival. */
export const exactTurns = (stages: readonly Stage[]): Turns => {
  const waiting: Waiting[] = [];
  const left = [...stages];
  const made = new Map<string, number>();
  const isReached = ({ actor, until, calls }: Stage, label: string): boolean => {
    if (until?.test(label) === true) return true;
    return calls !== undefined && label.startsWith(`${actor} before `) && (made.get(actor) ?? 0) >= calls;
  };
  const take = (place: number): void => {
    const [taken] = waiting.splice(place, 1);
    taken?.release();
  };
  const next = (): void => {
    for (let stage = left[0]; stage !== undefined; stage = left[0]) {
      const { actor } = stage;
      const place = waiting.findIndex(({ label }) => label.startsWith(`${actor} `));
      const label = waiting[place]?.label ?? '';
      if (place >= 0 && !isReached(stage, label)) {
        if (label.startsWith(`${actor} before `)) made.set(actor, (made.get(actor) ?? 0) + 1);
        return take(place);
      }
      left.shift();
    }
    take(0);
  };
  return {
    wait: (label) => new Promise((release) => void waiting.push({ label, release: () => release() })),
    waiting: () => waiting.length,
    next: async () => next(),
  };
};
