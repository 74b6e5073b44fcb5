// `npm start -- --venue paper --prices <exchange>`: reads the command line, runs until Ctrl-C, reports.
import { announceLocalCloud } from '../local-file.ts';
import { readLiveArguments } from './live-cli.ts';
import { NoPricesError } from './live-prices.ts';
import { runLive } from './live-run.ts';

const EXIT = { CLEAN: 0, NO_PRICES: 3, INTERRUPTED: 130 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs and returns the exit status. @throws InputError for what was given wrong */
export async function liveMain(argv: readonly string[]): Promise<number> {
  const options = readLiveArguments(argv);
  if (options === null) return EXIT.CLEAN;
  const stop = new AbortController();
  const onSignal = (): void => {
    // The engines end with this process, however it ends.
    if (stop.signal.aborted) process.exit(EXIT.INTERRUPTED);
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await runLive(options, { line: (text) => console.log(text), signal: stop.signal, announce: (urls) => announceLocalCloud(urls) });
    return EXIT.CLEAN;
  } catch (error) {
    if (!(error instanceof NoPricesError)) throw error;
    console.error(error.message);
    return EXIT.NO_PRICES;
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
