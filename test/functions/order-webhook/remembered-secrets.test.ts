import { describe, expect, it } from '@jest/globals';
import { NoSecretError, rememberSecrets } from '../../../functions/order-webhook/remembered-secrets.ts';

const setting = (answers: (readonly string[] | Error)[]) => {
  const clock = { at: 1_000, now: () => clock.at, sleep: async () => undefined };
  let asked = 0;
  const webhookSecrets = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { read: rememberSecrets({ webhookSecrets }, clock), clock, asked: () => asked };
};

describe('SL-10 webhook secrets', () => {
  it('are read once in five minutes', async () => {
    const { read, clock, asked } = setting([['one'], ['two']]);
    expect(await read()).toEqual(['one']);
    clock.at += 299_999;
    expect(await read()).toEqual(['one']);
    expect(asked()).toBe(1);
    clock.at += 1;
    expect(await read()).toEqual(['two']);
  });

  it('are never blank: nothing could be told from a forgery', async () => {
    await expect(setting([['', '  ']]).read()).rejects.toBeInstanceOf(NoSecretError);
    expect(await setting([['', 'two']]).read()).toEqual(['two']);
  });

  it('are asked for again after a failure', async () => {
    const { read } = setting([new Error('away'), ['one']]);
    await expect(read()).rejects.toThrow('away');
    expect(await read()).toEqual(['one']);
  });
});
