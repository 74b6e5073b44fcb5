import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CallAnswer, type CallEnding, type CallOperation, type CallResult, followCall, pauseAfter } from '../../shared/domain/backoff.ts';

const answer = (type: CallEnding, retryAfterSeconds: number | null = null): CallAnswer => ({ type, retryAfterSeconds });

/** Follows a call to its end; null where the answers run out first. */
const follow = (operation: CallOperation, maxAttempts: number, answers: readonly CallAnswer[]): { result: CallResult; calls: number; waits: number[] } | null => {
  const waits: number[] = [];
  for (const [index, one] of answers.entries()) {
    const next = followCall({ operation, attempt: index + 1, maxAttempts }, one);
    if (next.next === 'END') return { result: next.result, calls: index + 1, waits };
    waits.push(next.atLeastSeconds);
  }
  return null;
};

describe('EX-9 what follows a call', () => {
  it('repeats a read that failed, as often as it may, and honours what the venue asks', () => {
    expect(follow('read', 3, [answer('TIMEOUT'), answer('RATE_LIMITED', 7), answer('OK')])).toEqual({ result: 'OK', calls: 3, waits: [0, 7] });
    expect(follow('read', 2, [answer('SERVER_ERROR', 12), answer('CONNECTION_LOST', 99)])).toEqual({ result: 'FAILED', calls: 2, waits: [12] });
    expect(follow('read', 2, [answer('TIMEOUT', -1), answer('OK')])).toMatchObject({ waits: [0] });
  });

  it('never repeats a refusal', () => {
    for (const operation of ['read', 'write'] as const) {
      expect(follow(operation, 9, [answer('REFUSED', 1)])).toEqual({ result: 'REFUSED', calls: 1, waits: [] });
    }
  });

  it.each<CallEnding>(['TIMEOUT', 'CONNECTION_LOST', 'SERVER_ERROR'])('looks a write up that ended in %s, and never sends it again', (type) => {
    expect(follow('write', 9, [answer(type, 5)])).toEqual({ result: 'LOOK_UP', calls: 1, waits: [] });
  });

  it('sends a write again that the venue’s limit kept out: it is known not to have happened', () => {
    expect(follow('write', 3, [answer('RATE_LIMITED', 2), answer('OK')])).toEqual({ result: 'OK', calls: 2, waits: [2] });
    expect(follow('write', 2, [answer('RATE_LIMITED', 2), answer('RATE_LIMITED', 2)])).toEqual({ result: 'FAILED', calls: 2, waits: [2] });
    expect(follow('write', 3, [answer('RATE_LIMITED', 2), answer('TIMEOUT')])).toEqual({ result: 'LOOK_UP', calls: 2, waits: [2] });
  });

  it('ends within its attempts, waits only between two, and sends nothing after an answer that settles it', () => {
    const ending = fc.constantFrom<CallEnding>('OK', 'TIMEOUT', 'CONNECTION_LOST', 'SERVER_ERROR', 'RATE_LIMITED', 'REFUSED');
    const answers = fc.array(fc.record({ type: ending, retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 90 })) }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom<CallOperation>('read', 'write'), fc.integer({ min: 1, max: 8 }), answers, (operation, most, given) => {
        const found = follow(operation, most, given);
        if (found === null) return false;
        const used = given.slice(0, found.calls).map(({ type }) => type);
        const unknown: readonly CallEnding[] = ['TIMEOUT', 'CONNECTION_LOST', 'SERVER_ERROR'];
        const settles = (type: CallEnding) => type === 'OK' || type === 'REFUSED' || (operation === 'write' && unknown.includes(type));
        return (
          found.calls <= most && found.waits.length === found.calls - 1 && !used.slice(0, -1).some(settles) &&
          found.waits.every((wait, index) => wait === (given[index]?.retryAfterSeconds ?? 0)) &&
          (operation === 'read' ? found.result !== 'LOOK_UP' : true)
        );
      }),
    );
  });
});

describe('EX-9 pauses', () => {
  const terms = { firstMillis: 100, longestMillis: 1000 };

  it('double up to the longest, half of each by chance', () => {
    expect([1, 2, 3, 4, 5, 99].map((attempt) => pauseAfter(attempt, 0, { ...terms, fraction: 0 }))).toEqual([50, 100, 200, 400, 500, 500]);
    expect([1, 2, 5].map((attempt) => pauseAfter(attempt, 0, { ...terms, fraction: 0.5 }))).toEqual([75, 150, 750]);
  });

  it('are never shorter than the venue asks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, asked, fraction) => {
        const pause = pauseAfter(attempt, asked, { ...terms, fraction });
        return pause >= asked * 1000 && pause <= asked * 1000 + terms.longestMillis && Number.isInteger(pause);
      }),
    );
  });
});
