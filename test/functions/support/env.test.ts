import { describe, expect, it } from '@jest/globals';
import {
  EnvironmentError,
  readExchangeEnvironment,
  readShellEnvironment,
  readVenueUrl,
  readWebhookSecretName,
} from '../../../functions/support/env.ts';

const complete = { ACCOUNT: 'paper-1', TABLE_NAME: 'claimjump', VENUE: 'paper' };
const caught = (run: () => unknown): unknown => {
  try {
    run();
    return null;
  } catch (error) {
    return error;
  }
};

describe('a wrong environment stops the start with the name of the variable', () => {
  const wrong: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['ACCOUNT', { ...complete, ACCOUNT: undefined }],
    ['ACCOUNT', { ...complete, ACCOUNT: '' }],
    ['TABLE_NAME', { ...complete, TABLE_NAME: undefined }],
    ['VENUE', { ...complete, VENUE: '' }],
    ['VENUE', { ...complete, VENUE: undefined }],
    ['VENUE_STOP_MOVES', { ...complete, VENUE_STOP_MOVES: 'SIDEWAYS' }],
    ['STOPS_QUEUE_URL', { ...complete, STOPS_QUEUE_URL: 'stops' }],
    ['WATCHDOGS_QUEUE_URL', { ...complete, WATCHDOGS_QUEUE_URL: '' }],
    ['ACTIONS_QUEUE_URL', { ...complete, ACTIONS_QUEUE_URL: 'actions' }],
    ['QUOTES_QUEUE_URL', { ...complete, QUOTES_QUEUE_URL: 'ftp://host/quotes' }],
  ];
  it.each(wrong)('names %s', (variable, env) => {
    const error = caught(() => readShellEnvironment(env));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ variable });
    expect(String(error)).toContain(`${variable}: expected `);
  });

  it('needs the venue where the venue is asked, and the secret where it is checked', () => {
    expect(caught(() => readVenueUrl(complete))).toMatchObject({ variable: 'VENUE_URL' });
    expect(caught(() => readWebhookSecretName(complete))).toMatchObject({ variable: 'WEBHOOK_SECRET_NAME' });
    expect(readVenueUrl({ VENUE_URL: 'http://127.0.0.1:4000' })).toBe('http://127.0.0.1:4000');
  });

  it('needs the name of the keys, and a word on the sandbox, where a real exchange is asked', () => {
    const given = { VENUE_SECRET_NAME: 'fund/kraken', VENUE_SANDBOX: '1' };
    expect(caught(() => readExchangeEnvironment({ ...given, VENUE_SECRET_NAME: undefined }))).toMatchObject({ variable: 'VENUE_SECRET_NAME' });
    expect(caught(() => readExchangeEnvironment({ ...given, VENUE_SANDBOX: undefined }))).toMatchObject({ variable: 'VENUE_SANDBOX' });
    expect(caught(() => readExchangeEnvironment({ ...given, VENUE_SANDBOX: 'true' }))).toMatchObject({ variable: 'VENUE_SANDBOX' });
    expect(caught(() => readExchangeEnvironment({ ...given, ALPACA_FEED: 'otc' }))).toMatchObject({ variable: 'ALPACA_FEED' });
    expect(readExchangeEnvironment(given)).toEqual({
      VENUE_SECRET_NAME: 'fund/kraken', VENUE_SANDBOX: true, ALPACA_FEED: 'iex', ALPACA_FRACTIONS: false, ALPACA_EXTENDED_HOURS: false,
    });
  });

  it('takes a function that sends to no queue', () => {
    expect(readShellEnvironment(complete).ACTIONS_QUEUE_URL).toBeUndefined();
  });
});
