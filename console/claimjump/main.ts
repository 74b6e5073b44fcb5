#!/usr/bin/env node
// The command line: `claimjump <command>`.
import { readFileSync } from 'node:fs';
import { findLocalCloud } from '../../infra/local/local-file.ts';
import { runProgram } from './program.ts';
import { relayCommand, strayFailure } from './relay-command.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
const tell = (exitCode: number): void => {
  process.exitCode = exitCode;
};
process.on('unhandledRejection', strayFailure(write));
// Whoever read the output has gone, as `| head` does: nobody is left to tell.
process.stdout.on('error', () => process.exit());

const relay = relayCommand({ environment: process.env, write, complain, stop: stop.signal }, tell);
const readFile = (path: string): string => readFileSync(path, 'utf8');
await runProgram(process.argv.slice(2), { environment: process.env, write, complain, findLocal: () => findLocalCloud(), readFile, tell }, [relay]);
