import { join } from 'node:path';
import { startDynoxide } from './engines/dynoxide.ts';
import { startFauxqs } from './engines/fauxqs.ts';

export interface Engines {
  /** Endpoint of the table engine. */
  readonly dynamodb: string;
  /** Endpoint of the queue engine. */
  readonly sqs: string;
  stop(): Promise<void>;
}

/** Starts both engines, on data of their own below a directory or in memory; both or none run afterwards. */
export const startEngines = async (directory: string | null): Promise<Engines> => {
  const below = (name: string): string | null => (directory === null ? null : join(directory, name));
  const table = await startDynoxide({ dataDir: below('dynoxide') });
  try {
    const queues = await startFauxqs({ dataDir: below('fauxqs') });
    const stop = async (): Promise<void> => {
      await Promise.all([table.stop(), queues.stop()]);
    };
    return { dynamodb: table.endpoint, sqs: queues.endpoint, stop };
  } catch (error) {
    await table.stop();
    throw error;
  }
};
