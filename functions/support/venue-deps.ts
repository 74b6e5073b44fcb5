// Adds the venue for the functions that call it; the others have no exchange client in their bundle.
import { createPaperExchange } from '../../shared/adapters/paper/paper-exchange.ts';
import type { Exchange } from '../../shared/ports.ts';
import type { ShellDeps, VenueDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from './deps.ts';
import type { ShellOverrides } from './deps.ts';
import { readVenueUrl } from './env.ts';
import type { RawEnvironment } from './env.ts';

const ANSWER_MILLISECONDS = 10_000;

export type VenueOverrides = ShellOverrides & { readonly exchange?: Exchange };

/**
 * Builds the dependencies of a function that calls the venue.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createVenueDeps = (raw: RawEnvironment, overrides: VenueOverrides = {}): VenueDeps => {
  const shell = createShellDeps(raw, overrides);
  return { ...shell, exchange: overrides.exchange ?? exchangeOf(raw, shell) };
};

// The exchange says of itself what the decisions were told of it.
const exchangeOf = (raw: RawEnvironment, shell: ShellDeps): Exchange =>
  createPaperExchange({
    url: readVenueUrl(raw),
    timeoutMs: ANSWER_MILLISECONDS,
    attempts: shell.settings.retryAttempts,
    fraction: () => shell.ids.fraction(),
    amends: shell.traits.amends,
    stopMoves: shell.traits.stopMoves,
    quietSeconds: shell.traits.quietSeconds,
  });
