// Where a running local cloud can be found by the command line: one file, gone with the cloud.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const LOCAL_FILE = fileURLToPath(new URL('../../.claimjump/local.json', import.meta.url));

// Nobody signs there: whatever else the file names is none of ours.
const onLoopback = z.url({ protocol: /^http$/, hostname: /^(?:127\.0\.0\.1|localhost|\[::1\])$/ });
const localCloud = z.object({ schema: z.literal(1), pid: z.number().int().positive(), operator: onLoopback, plans: onLoopback });

/** The addresses of a local cloud, and the process that it lives in. */
export type LocalAddresses = z.infer<typeof localCloud>;

/** What is found of a local cloud; STALE: its process has ended without taking its file away. */
export type FoundLocal = { readonly kind: 'RUNNING'; readonly addresses: LocalAddresses } | { readonly kind: 'NONE' } | { readonly kind: 'STALE' };

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else lives, and may not be asked.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Looks for a local cloud. */
export const findLocalCloud = (file: string = LOCAL_FILE): FoundLocal => {
  const text = readText(file);
  if (text === null) return { kind: 'NONE' };
  const read = localCloud.safeParse(parsed(text));
  return read.success && isAlive(read.data.pid) ? { kind: 'RUNNING', addresses: read.data } : { kind: 'STALE' };
};

const takeAway = (file: string): void => {
  const text = readText(file);
  const read = localCloud.safeParse(parsed(text ?? ''));
  // Another cloud may have been started since; the file is its own then.
  if (!read.success || read.data.pid === process.pid) rmSync(file, { force: true });
};

/** Writes where this process's cloud is found. Returns what takes that back; it goes with the process in any case. */
export const announceLocalCloud = (urls: Readonly<Record<string, string>>, file: string = LOCAL_FILE): (() => void) => {
  const { operator, 'plan-intake': plans } = urls;
  if (operator === undefined || plans === undefined) return () => undefined;
  const addresses: LocalAddresses = { schema: 1, pid: process.pid, operator, plans };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(addresses)}\n`);
  const withdraw = (): void => {
    process.off('exit', withdraw);
    takeAway(file);
  };
  process.on('exit', withdraw);
  return withdraw;
};
