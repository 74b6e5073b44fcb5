// What follows a call to a venue (EX-9). Only what is certain not to have happened is ever sent a second time.
import { type Millis, seconds } from './instant.ts';

/** A read changes nothing; a write places, amends or cancels. */
export type CallOperation = 'read' | 'write';

/** How an attempt ended; a rate limit is a venue's word that it did nothing. */
export type CallEnding = 'OK' | 'TIMEOUT' | 'CONNECTION_LOST' | 'SERVER_ERROR' | 'RATE_LIMITED' | 'REFUSED';

/** One attempt's answer, and how long the venue asks to be left alone. */
export interface CallAnswer {
  readonly type: CallEnding;
  readonly retryAfterSeconds: number | null;
}

/** The attempt that was answered, counted from 1. */
export interface CallAttempt {
  readonly operation: CallOperation;
  readonly attempt: number;
  readonly maxAttempts: number;
}

/** What a call comes to; LOOK_UP: nobody knows whether it took effect, so it is asked for by client order id. */
export type CallResult = 'OK' | 'FAILED' | 'REFUSED' | 'LOOK_UP';

/** Another attempt after a pause, or the end. */
export type NextCall =
  | { readonly next: 'RETRY'; readonly atLeastSeconds: number }
  | { readonly next: 'END'; readonly result: CallResult };

/** Finds what follows an attempt (EX-9): no pause after the last, no second try of a refusal or of an unknown write. */
export function followCall({ operation, attempt, maxAttempts }: CallAttempt, answer: CallAnswer): NextCall {
  if (answer.type === 'OK' || answer.type === 'REFUSED') return { next: 'END', result: answer.type };
  if (operation === 'write' && answer.type !== 'RATE_LIMITED') return { next: 'END', result: 'LOOK_UP' };
  if (attempt >= maxAttempts) return { next: 'END', result: 'FAILED' };
  return { next: 'RETRY', atLeastSeconds: Math.max(0, answer.retryAfterSeconds ?? 0) };
}

/** How long pauses are, in milliseconds; `fraction` is the chance in [0, 1) of this pause. */
export interface Backoff {
  readonly firstMillis: Millis;
  readonly longestMillis: Millis;
  readonly fraction: number;
}

/** Works out the pause before the next attempt (EX-9): doubled each time, half of it by chance, on top of what the venue asks. */
export function pauseAfter(attempt: number, atLeastSeconds: number, { firstMillis, longestMillis, fraction }: Backoff): Millis {
  const whole = Math.min(longestMillis, firstMillis * 2 ** (attempt - 1));
  return seconds(atLeastSeconds) + Math.round((whole * (1 + fraction)) / 2);
}
