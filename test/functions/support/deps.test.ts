import { describe, expect, it } from '@jest/globals';
import { createShellDeps } from '../../../functions/support/deps.ts';
import { createVenueDeps } from '../../../functions/support/venue-deps.ts';
import { createWebhookDeps } from '../../../functions/support/webhook-deps.ts';
import { NoQueueError } from '../../../shared/adapters/sqs/sqs-queues.ts';
import { findVenueTraits } from '../../../shared/venue-traits.ts';
import { fakeDeps, fakeExchange } from '../fakes.ts';

const env = {
  ACCOUNT: 'paper-1',
  TABLE_NAME: 'claimjump',
  VENUE: 'paper',
  AWS_REGION: 'us-east-1',
  WORK_STEALING_COOLDOWN: '60',
  QUOTES_QUEUE_URL: 'http://127.0.0.1:1/000000000000/quotes',
};
const ring = { schema: 1, kind: 'ACTION', account: 'paper-1', correlationId: 'c', actionId: 'a', symbol: 'AAPL' } as const;

describe('the dependencies of a function come from its environment', () => {
  it('with its account, its settings and its venue', () => {
    const deps = createShellDeps(env);
    expect(deps.account).toBe('paper-1');
    expect(deps.settings.workStealingCooldownSeconds).toBe(60);
    expect(deps.traits.venue).toBe('paper');
  });

  it.each(['AMEND', 'PLACE_FIRST', 'CANCEL_FIRST'])('SL-5 and move stops by %s where it says so, decision and exchange alike', (stopMoves) => {
    const deps = createVenueDeps({ ...env, VENUE_URL: 'http://127.0.0.1:1', VENUE_STOP_MOVES: stopMoves });
    expect([deps.traits.stopMoves, deps.exchange.traits.stopMoves]).toEqual([stopMoves, stopMoves]);
  });

  it('SL-5 and move stops in the venue’s own way where it says nothing', () => {
    expect(createShellDeps(env).traits).toEqual(findVenueTraits('paper'));
  });

  it('and whatever a caller gives stands in their place', () => {
    const { deps: given } = fakeDeps();
    const { clock, ids, telemetry, store, queues, settings, traits, calendar, account } = given;
    const overrides = { clock, ids, telemetry, store, queues, settings, traits, calendar, account };
    const deps = createShellDeps(env, overrides);
    for (const [name, port] of Object.entries(overrides)) expect(deps).toHaveProperty(name, port);
  });

  it('and a venue or secrets given need no environment of their own', async () => {
    const exchange = fakeExchange();
    const secrets = { webhookSecrets: async () => ['one'] };
    expect(createVenueDeps(env, { exchange }).exchange).toBe(exchange);
    expect(createWebhookDeps(env, { secrets }).secrets).toBe(secrets);
  });

  it('and a queue that it was not given is named when it is sent to', async () => {
    const sending = createShellDeps(env).queues.send(ring);
    await expect(sending).rejects.toBeInstanceOf(NoQueueError);
    await expect(sending).rejects.toThrow('ACTIONS_QUEUE_URL');
  });

  it('SL-4 and a stop is never sent to the queue of other actions', async () => {
    const { queues } = createShellDeps({ ...env, ACTIONS_QUEUE_URL: 'http://127.0.0.1:1/000000000000/actions.fifo' });
    await expect(queues.send({ ...ring, kind: 'STOP_ACTION' })).rejects.toThrow('STOPS_QUEUE_URL');
  });

  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    ['no table', () => createShellDeps({ ...env, TABLE_NAME: undefined }), 'TABLE_NAME: expected'],
    ['a venue nobody knows', () => createShellDeps({ ...env, VENUE: 'moon' }), 'VENUE: expected a venue that this build knows'],
    ['a setting that does not parse', () => createShellDeps({ ...env, MAX_LEVERAGE: 'two' }), 'MAX_LEVERAGE: expected'],
    ['no address of the venue', () => createVenueDeps(env), 'VENUE_URL: expected'],
    ['a real venue that this bundle was not made for', () => createVenueDeps({ ...env, VENUE: 'kraken', VENUE_SECRET_NAME: 's', VENUE_SANDBOX: '0' }), 'VENUE: expected the venue that this bundle was made for'],
    ['a real venue without the name of its keys', () => createVenueDeps({ ...env, VENUE: 'kraken', VENUE_SANDBOX: '0' }), 'VENUE_SECRET_NAME: expected'],
    ['a real venue without a word on its sandbox', () => createVenueDeps({ ...env, VENUE: 'kraken', VENUE_SECRET_NAME: 's' }), 'VENUE_SANDBOX: expected'],
    ['an address of a venue elsewhere than on this machine', () =>
      createVenueDeps({ ...env, VENUE: 'kraken', VENUE_SECRET_NAME: 's', VENUE_SANDBOX: '0' }, { loopbackVenue: { public: 'https://venue.example.com' } }), 'loopbackVenue: expected addresses on 127.0.0.1'],
    ['no name of the secret', () => createWebhookDeps(env), 'WEBHOOK_SECRET_NAME: expected'],
  ];
  it.each(wrong)('and %s stops the start', (_name, build, words) => {
    expect(build).toThrow(words);
  });
});
