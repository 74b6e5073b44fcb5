// A process that closes its paper venue while a call is not answered yet, and has then nothing more to do.
import { buy, startPaper } from './paper-bench.ts';

const { venue, exchange, strike } = await startPaper({ webhooks: { mode: 'AUTO', pauseMs: 60_000, target: { url: 'http://127.0.0.1:9', secret: 's' } } }, 60_000);
await exchange.place(buy('a'));
strike([], process.argv[2] === 'LATE' ? { kind: 'LATE', milliseconds: 60_000 } : { kind: 'TIMEOUT', when: 'BEFORE' });
const hanging = exchange.place(buy('b'));
await new Promise((resolve) => setTimeout(resolve, 50));
await venue.close();
process.stdout.write((await hanging).kind);
