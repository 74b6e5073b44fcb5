import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VenueReadError } from '../../shared/errors.ts';
import { PassingReadError, createReadPolicy } from '../../shared/read-retry.ts';

/** Reads whose first so many fail, with what each pause before the next came to. */
const readFailing = async (failures: readonly Error[], attempts: number, fraction = 0) => {
  const began: number[] = [];
  const policy = createReadPolicy({ attempts, pauseMs: 100, fraction: () => fraction });
  const read = policy.execute(() => {
    began.push(Date.now());
    const failure = failures[began.length - 1];
    if (failure !== undefined) throw failure;
    return 'read';
  });
  const settled = read.then((value) => value, (error: unknown) => error);
  await jest.runAllTimersAsync();
  return { result: await settled, pauses: began.slice(1).map((at, place) => at - (began[place] ?? 0)), endedAt: Date.now() - (began.at(-1) ?? 0) };
};
const passing = (retryAfterMs: number | null = null): Error => new PassingReadError('busy', retryAfterMs);

describe('EX-9 a read that failed', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is tried again after pauses that double, half of each by chance', async () => {
    expect((await readFailing([passing(), passing(), passing()], 4)).pauses).toEqual([50, 100, 200]);
    expect((await readFailing([passing(), passing()], 4, 0.5)).pauses).toEqual([75, 150]);
  });

  it('waits what the venue asks for, and its own pause on top', async () => {
    expect(await readFailing([passing(3_000)], 3)).toMatchObject({ result: 'read', pauses: [3_050] });
  });

  it('is left to the next run where the venue asks for more than five seconds', async () => {
    expect(await readFailing([passing(5_001)], 3)).toMatchObject({ result: expect.any(PassingReadError), pauses: [] });
  });

  it('is tried RETRY_ATTEMPTS times in all, and nothing is waited for after the last', async () => {
    expect(await readFailing([passing(), passing(), passing()], 3)).toMatchObject({ result: expect.any(PassingReadError), pauses: [50, 100], endedAt: 0 });
    expect((await readFailing([passing()], 1)).pauses).toEqual([]);
  });

  it('is not tried again where the venue refused it', async () => {
    expect(await readFailing([new VenueReadError('no such account')], 3)).toMatchObject({ result: expect.any(VenueReadError), pauses: [] });
  });
});
