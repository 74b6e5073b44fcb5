// The message that asks, some seconds after a fill, whether its position is protected (SL-7).
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

/** How long after a fill its stop is looked for. */
export const WATCHDOG_SECONDS = 10;

/** Sends the message; `hop` counts the looks before. */
export const ringWatchdog = async (
  { account, queues }: Pick<ShellDeps, 'account' | 'queues'>,
  target: { readonly symbol: string; readonly slot: string; readonly hop: number },
  { correlationId }: TraceContext,
  delaySeconds: number,
): Promise<void> => {
  await queues.send({ schema: 1, kind: 'WATCHDOG', account, correlationId, ...target }, { delaySeconds });
};
