// The Tracing port on X-Ray: each part is a subsegment of what runs around it, one datagram to the daemon beside the function.
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { MILLIS_PER_SECOND } from '../../domain/instant.ts';
import type { Millis } from '../../domain/instant.ts';
import type { TraceEnd, TracePart, Tracing } from '../../ports.ts';
import { redactText } from '../../redaction.ts';

export interface XrayParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Millis;
  /** A new id of sixteen hexadecimal digits. */
  readonly nextId: () => string;
  readonly send: (datagram: string, daemon: { readonly host: string; readonly port: number }) => void;
}

/** What runs around a part: its id, and whose work it is. */
interface Scope {
  readonly id: string;
  readonly correlations: ReadonlyMap<string, string>;
}

interface Header {
  readonly traceId: string;
  readonly parentId: string;
}

const HEADER = '{"format": "json", "version": 1}\n';
const LONGEST_TEXT = 250;
const EVERYTHING = '';

/** Builds the tracing of a process; where there is no daemon, or the invocation is not sampled, it only runs the work. */
export const createXray = (parts: XrayParts = processParts()): Tracing => {
  const scopes = new AsyncLocalStorage<Scope>();
  const daemon = daemonOf(parts.environment['AWS_XRAY_DAEMON_ADDRESS'] ?? '');
  return {
    within: async (part, work, endOf) => {
      const header = daemon === null ? null : headerOf(parts.environment['_X_AMZN_TRACE_ID'] ?? '');
      if (daemon === null || header === null) return work();
      const around = scopes.getStore();
      const scope = scopeOf(part, around, parts.nextId());
      const drawn = { header, part, around, scope, startedAt: parts.now() };
      const tell = (end: () => TraceEnd): void => quietly(() => parts.send(HEADER + documentOf(drawn, end(), parts.now()), daemon));
      return scopes.run(scope, () => observed(work, endOf, tell));
    },
  };
};

const observed = async <Result>(work: () => Promise<Result>, endOf: ((result: Result) => TraceEnd) | undefined, tell: (end: () => TraceEnd) => void): Promise<Result> => {
  try {
    const result = await work();
    // What cannot be told must not undo what was done.
    tell(() => endOf?.(result) ?? { outcome: null, state: 'FINE' });
    return result;
  } catch (error) {
    tell(() => ({ outcome: error instanceof Error ? error.name : 'ERROR', state: 'FAULT' }));
    throw error;
  }
};

const quietly = (send: () => void): void => {
  try {
    send();
  } catch {
    return;
  }
};

const scopeOf = ({ annotations, correlations }: TracePart, around: Scope | undefined, id: string): Scope => {
  const own = annotations['correlation_id'];
  if (correlations !== undefined) return { id, correlations };
  return { id, correlations: own === undefined ? (around?.correlations ?? new Map()) : new Map([[EVERYTHING, own]]) };
};

interface Drawn {
  readonly header: Header;
  readonly part: TracePart;
  readonly around: Scope | undefined;
  readonly scope: Scope;
  readonly startedAt: Millis;
}

const documentOf = ({ header, part, around, scope, startedAt }: Drawn, { outcome, state }: TraceEnd, endedAt: Millis): string => {
  const found = correlationOf(part, scope);
  const told = { ...part.annotations, ...(found === null ? {} : { correlation_id: found }), ...(outcome === null ? {} : { outcome }) };
  return JSON.stringify({
    type: 'subsegment',
    id: scope.id,
    trace_id: header.traceId,
    parent_id: around?.id ?? header.parentId,
    name: part.name.replace(/[^\w\s.:/%&#=+\-@]/g, '_').slice(0, LONGEST_TEXT),
    start_time: startedAt / MILLIS_PER_SECOND,
    end_time: endedAt / MILLIS_PER_SECOND,
    ...(part.remote ? { namespace: 'remote' } : {}),
    ...(state === 'FINE' ? {} : { [state.toLowerCase()]: true }),
    annotations: Object.fromEntries(Object.entries(told).map(([name, value]) => [name, redactText(value).slice(0, LONGEST_TEXT)])),
  });
};

/** Whose work a part is: of all that is under way together the one that speaks of its orders, or else of its symbol. */
const correlationOf = ({ annotations }: TracePart, { correlations }: Scope): string | null => {
  const own = annotations['correlation_id'] ?? correlations.get(EVERYTHING);
  if (own !== undefined) return own;
  const orders = (annotations['client_order_id'] ?? '').split(' ');
  const found = orders.flatMap((order) => correlations.get(order) ?? []);
  const all = found.length > 0 ? found : [correlations.get(annotations['symbol'] ?? '') ?? []].flat();
  return all.length === 0 ? null : [...new Set(all)].join(' ');
};

const daemonOf = (address: string): { readonly host: string; readonly port: number } | null => {
  const [, host, port] = /(?:^|udp:)([\w.-]+):(\d{1,5})$/.exec(address.split(' ').find((one) => !one.startsWith('tcp:')) ?? '') ?? [];
  return host === undefined || port === undefined ? null : { host, port: Number(port) };
};

const headerOf = (text: string): Header | null => {
  const fields = new Map(text.split(';').map((field) => [field.slice(0, field.indexOf('=')).trim(), field.slice(field.indexOf('=') + 1)] as const));
  const [traceId, parentId] = [fields.get('Root'), fields.get('Parent')];
  return fields.get('Sampled') !== '1' || traceId === undefined || parentId === undefined ? null : { traceId, parentId };
};

const ID_BYTES = 8;

const processParts = (): XrayParts => {
  let socket: Socket | null = null;
  return {
    environment: process.env,
    now: () => Date.now(),
    nextId: () => randomBytes(ID_BYTES).toString('hex'),
    send: (datagram, { host, port }) => {
      if (socket === null) {
        // An error of the socket would otherwise end the process; and it keeps no process alive.
        socket = createSocket('udp4').on('error', () => undefined);
        socket.unref();
      }
      socket.send(datagram, port, host, () => undefined);
    },
  };
};
