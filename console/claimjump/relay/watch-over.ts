// Says how the relay stands to whoever has to know: a line of the log, an endpoint on this machine, a heartbeat elsewhere.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Relay, RelayStatus } from './relay.ts';
import type { Log, RelayClock } from './relay-deps.ts';

interface Parts {
  readonly relay: Pick<Relay, 'status'>;
  readonly clock: RelayClock;
  readonly log: Log;
  /** From when on the relay counts as behind. */
  readonly behindMs: Millis;
}

const LOOK_MS = 1_000;
/** Between two lines while it stays behind. */
const REPEAT_MS = 60_000;

/** Writes a line when the relay falls behind, while it is, and when it has caught up. */
export async function logLateness({ relay, clock, log, behindMs }: Parts, stop: AbortSignal): Promise<void> {
  let saidAt: Millis | null = null;
  while (!stop.aborted) {
    const status = relay.status();
    const isBehind = status.behindMs > behindMs;
    if (isBehind && (saidAt === null || clock.now() - saidAt >= REPEAT_MS)) {
      log('relay_behind', { ...status });
      saidAt = clock.now();
    }
    if (!isBehind && saidAt !== null) {
      log('relay_caught_up', { ...status });
      saidAt = null;
    }
    await clock.pause(LOOK_MS, stop);
  }
}

/** Calls an address once in a while, and only while the relay is not behind: silence is the alarm. */
export async function sendHeartbeats({ relay, clock, log, behindMs }: Parts, url: string, everyMs: Millis, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    if (relay.status().behindMs <= behindMs && !(await isReached(url, everyMs, stop)) && !stop.aborted) log('heartbeat_not_taken');
    await clock.pause(everyMs, stop);
  }
}

async function isReached(url: string, timeoutMs: Millis, stop: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(url, { method: 'POST', signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]), redirect: 'error' });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Answers on this machine alone: 200 while the relay keeps up, 503 while it is behind. Returns the port. */
export async function serveHealth({ relay, behindMs }: Pick<Parts, 'relay' | 'behindMs'>, port: number, stop: AbortSignal): Promise<number> {
  const server = createServer((_request, response) => {
    const status: RelayStatus = relay.status();
    const isBehind = status.behindMs > behindMs;
    response.writeHead(isBehind ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ isBehind, ...status }));
  });
  const bound = await new Promise<AddressInfo | string | null>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, () => resolve(server.address()));
  });
  const end = (): void => {
    server.close();
    server.closeAllConnections();
  };
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}
