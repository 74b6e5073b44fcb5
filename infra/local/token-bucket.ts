// The throttle of a route, as API Gateway counts: a bucket that starts full and gains tokens at a steady rate.
import type { ThrottlePart } from './route-parts.ts';

export interface TokenBucket {
  /** Takes a token, if there is one. */
  take(): boolean;
}

/** Makes a full bucket on a clock in milliseconds that never goes back. */
export const tokenBucket = ({ perSecond, burst }: ThrottlePart, now: () => number): TokenBucket => {
  let tokens = burst;
  let filledAt = now();
  return {
    take: () => {
      const at = now();
      tokens = Math.min(burst, tokens + ((at - filledAt) * perSecond) / 1000);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};
