// How reads of a venue are tried again, whichever the venue: by cockatiel, with the pauses of the domain (EX-9).
import { DelegateBackoff, type IPolicy, handleType, retry } from 'cockatiel';
import { pauseAfter } from './domain/backoff.ts';
import type { VenuePause } from './domain/event.ts';
import { VenueReadError } from './errors.ts';

/** `attempts` counts every try (RETRY_ATTEMPTS); the first pause is up to `pauseMs`, and each that follows up to twice as long. */
export interface ReadRetry {
  readonly attempts: number;
  readonly pauseMs: number;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
}

/** A venue that asks for a longer pause gets its answer from the next run instead. */
const LONGEST_PAUSE_MS = 5_000;
const MILLIS = 1000;

/** A failed read that another try may mend; `retryAfterMs` is what the venue asks to be left alone for. */
export class PassingReadError extends VenueReadError {
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null, options: ErrorOptions & { readonly pause?: VenuePause | null } = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Builds what tries reads again (EX-9): pauses grow, by chance in part, on top of what the venue asks; after the last try there is none. */
export const createReadPolicy = ({ attempts, pauseMs, fraction }: ReadRetry): IPolicy =>
  retry(handleType(PassingReadError, (error) => (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS), {
    maxAttempts: Math.max(0, attempts - 1),
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof PassingReadError ? (result.error.retryAfterMs ?? 0) : 0;
      return pauseAfter(attempt, asked / MILLIS, { firstMillis: pauseMs, longestMillis: LONGEST_PAUSE_MS, fraction: fraction() });
    }),
  });
