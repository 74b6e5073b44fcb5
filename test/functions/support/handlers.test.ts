import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { createHouse, lazily } from '../../../functions/support/handlers.ts';
import type { TraceContext } from '../../../shared/ports.ts';
import { hideSecret } from '../../../shared/redaction.ts';
import { ACCOUNT, context, fakeDeps } from '../fakes.ts';

describe('SL-14 every invocation has its trace', () => {
  it('with the account, where it came from, the request and an id to follow', async () => {
    const { deps } = fakeDeps();
    const seen: TraceContext[] = [];
    await createHouse(deps, 'schedule', async (_event, trace) => void seen.push(trace))({}, context());
    expect(seen).toEqual([{ account: ACCOUNT, source: 'schedule', requestId: 'request-1', correlationId: 'id-1' }]);
  });
});

describe('what an invocation throws', () => {
  it('is logged once with its causes and reaches the runtime as it is', async () => {
    const { deps, notes } = fakeDeps();
    const error = new Error('table away', { cause: new Error('socket hang up') });
    const house = createHouse(deps, 'tick', async () => {
      throw error;
    });
    await expect(house({}, context())).rejects.toBe(error);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.note).toMatchObject({ level: 'ERROR', message: 'table away', fields: { causes: 'Error: socket hang up' } });
  });
});

describe('SL-14 whatever is thrown, the runtime has no secret to print', () => {
  const SECRET = 'c4n4ryOfTheHouse31';
  const unreadable = (): Error => Object.defineProperty(new Error('x'), 'message', { get: () => { throw new Error(SECRET); } });
  it.each([
    ['a text', () => `failed: ${SECRET}`],
    ['a frozen error', () => Object.freeze(new Error(SECRET))],
    ['an error whose words cannot be read', unreadable],
    ['nothing that has words', () => Object.create(null)],
  ])('%s', async (_what, thrown) => {
    hideSecret(SECRET);
    const { deps, notes } = fakeDeps();
    const house = createHouse(deps, 'tick', async () => {
      throw thrown();
    });
    const told = await house({}, context()).then(() => null, (error: unknown) => error);
    expect(told).toBeInstanceOf(Error);
    expect(inspect(told)).not.toContain(SECRET);
    expect(notes).toHaveLength(1);
  });
});

describe('EX-9 an invocation is never cut short by ourselves', () => {
  it('but goes on when hardly any time is left: a promise left behind would act in the next one', async () => {
    const { deps } = fakeDeps();
    let finished = false;
    const house = createHouse(deps, 'action', async () => {
      await new Promise((done) => setTimeout(done, 40));
      finished = true;
      return 'done';
    });
    expect(await house({}, context({ getRemainingTimeInMillis: () => 10 }))).toBe('done');
    expect(finished).toBe(true);
  });
});

describe('a handler is built at its first invocation', () => {
  it('once, and tried again when it could not be built', async () => {
    const { deps } = fakeDeps();
    let built = 0;
    const handler = lazily(() => {
      built += 1;
      if (built === 1) throw new Error('TABLE_NAME: expected the name of the table');
      return createHouse(deps, 'tick', async () => built);
    });
    expect(built).toBe(0);
    await expect(handler({}, context())).rejects.toThrow('TABLE_NAME');
    expect([await handler({}, context()), await handler({}, context())]).toEqual([2, 2]);
  });
});
