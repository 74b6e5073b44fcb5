// A process that owns an engine until it is killed.
import { startDynoxide } from '../../../infra/local/engines/dynoxide.ts';

const engine = await startDynoxide({ dataDir: process.argv[2] ?? null });
process.stdout.write(`${engine.pid}\n`);
setInterval(() => undefined, 1000);
