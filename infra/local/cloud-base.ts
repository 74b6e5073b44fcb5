// What a stepped and a running cloud share: engines, table, queues, functions and their addresses.
import { join } from 'node:path';
import type { Clock, Journal, Notices, Telemetry } from '../../shared/ports.ts';
import { readAssembly, TemplateError } from './assembly.ts';
import type { CloudOptions } from './cloud-options.ts';
import { readParts } from './cloud-parts.ts';
import type { CloudParts, FunctionPart, QueuePart } from './cloud-parts.ts';
import { startEngines } from './cloud-engines.ts';
import type { Engines } from './cloud-engines.ts';
import { buildClients } from './function-clients.ts';
import type { FunctionClients } from './function-clients.ts';
import { loadFunctions } from './function-host.ts';
import type { Environment, FunctionHost } from './function-host.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './local-names.ts';
import type { DeliveryFailure, Mapping } from './mapping-poller.ts';
import { connectQueueEngine } from './queue-engine.ts';
import type { QueueEngine } from './queue-engine.ts';
import type { SendListener } from './send-tap.ts';
import { connectTableEngine } from './table-engine.ts';
import type { TableEngine } from './table-engine.ts';

export interface CloudBase {
  readonly parts: CloudParts;
  readonly endpoints: { readonly dynamodb: string; readonly sqs: string };
  readonly queues: QueueEngine;
  readonly table: TableEngine;
  readonly mappings: readonly Mapping[];
  readonly host: FunctionHost;
  /** The trading account that the template names. */
  readonly account: string;
  readonly failed: (failure: DeliveryFailure) => void;
  close(): Promise<void>;
}

/** What differs between a stepped and a running cloud. */
export interface BaseHooks {
  readonly clock: Clock;
  readonly listener: SendListener;
}

const environmentOf = (part: FunctionPart, options: CloudOptions, engines: Engines): Environment => {
  const given = part.Environment.Variables;
  const venue = options.venueUrl !== undefined && 'VENUE_URL' in given ? { VENUE_URL: options.venueUrl } : {};
  return {
    ...given,
    ...venue,
    ...options.settings,
    AWS_REGION: LOCAL_REGION,
    AWS_ENDPOINT_URL_DYNAMODB: engines.dynamodb,
    AWS_ENDPOINT_URL_SQS: engines.sqs,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  };
};

const findBy = <Part extends { readonly arn: string }>(parts: readonly Part[], arn: string): Part => {
  const found = parts.find((part) => part.arn === arn);
  if (found === undefined) throw new TemplateError(arn, 'a part of this stack');
  return found;
};

const mappingsOf = (parts: CloudParts): readonly Mapping[] =>
  parts.mappings.map((part) => ({
    part,
    queue: findBy<QueuePart>(parts.queues, part.EventSourceArn),
    functionName: findBy<FunctionPart>(parts.functions, part.FunctionName).name,
  }));

const accountOf = (parts: CloudParts): string => {
  const account = parts.functions[0]?.Environment.Variables['ACCOUNT'];
  if (account === undefined) throw new TemplateError('functions', 'an ACCOUNT in their environment');
  return account;
};

/** Finds the name of the function behind a schedule or an address. @throws TemplateError for one of another stack */
export const functionNameOf = (parts: CloudParts, arn: string): string => findBy(parts.functions, arn).name;

const allOf = ({ dynamoClient, sqsClient }: FunctionClients) => [dynamoClient, sqsClient];

// Whoever watches a run is no part of what it costs.
const SILENT: Telemetry = { record: () => undefined, count: () => undefined };

// One machine has no topic: whoever is told anything finds it in the log.
const UNHEARD: Notices = { publish: () => Promise.resolve() };

const UNKEPT: Journal = { read: () => Promise.resolve([]) };

const journalOverrides = ({ journal }: CloudOptions): object => (journal === undefined ? { journal: UNKEPT } : { journal, listener: journal.hear });

const assemble = async (engines: Engines, options: CloudOptions, hooks: BaseHooks): Promise<CloudBase> => {
  const parts = readParts(readAssembly(options.assemblyDirectory), engines.sqs);
  const queues = connectQueueEngine(engines.sqs);
  const table = connectTableEngine(engines.dynamodb);
  const around = { engines, parts, options, listener: hooks.listener };
  const clients = new Map(parts.functions.map((part) => [part.name, buildClients(part, around)]));
  await table.create(parts.table);
  await queues.create(parts.queues);
  const host = await loadFunctions(parts.functions, {
    environmentOf: (part) => environmentOf(part, options, engines),
    overridesOf: (part) => ({ ...clients.get(part.name), notices: UNHEARD, ...journalOverrides(options), ...options.overrides, clock: hooks.clock }),
    wrapStore: options.wrapStore ?? null,
    otherRelease: options.otherRelease ?? null,
    watcherOverrides: { dynamoClient: table.client, telemetry: SILENT },
  });
  const failed = options.onFailure ?? (() => undefined);
  const close = async (): Promise<void> => {
    queues.close();
    table.close();
    for (const client of [...clients.values()].flatMap(allOf)) client.destroy();
    await engines.stop();
  };
  const endpoints = { dynamodb: engines.dynamodb, sqs: engines.sqs };
  return { parts, endpoints, queues, table, mappings: mappingsOf(parts), host, account: accountOf(parts), failed, close };
};

/** Starts the engines and builds everything on them; what was started is stopped again if something fails. */
export const startBase = async (options: CloudOptions, hooks: BaseHooks): Promise<CloudBase> => {
  const engines = await startEngines(options.dataDirectory === null ? null : join(options.dataDirectory, 'engines'));
  try {
    return await assemble(engines, options, hooks);
  } catch (error) {
    await engines.stop();
    throw error;
  }
};
