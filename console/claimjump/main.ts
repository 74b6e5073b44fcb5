#!/usr/bin/env node
// The command line: `claimjump <command>`.
import { Command } from 'commander';
import { relayCommand, strayFailure } from './relay-command.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
process.on('unhandledRejection', strayFailure(write));

const program = new Command('claimjump').description('orders that compete for capacity');
program.addCommand(relayCommand({ environment: process.env, write, complain, stop: stop.signal }, (exitCode) => {
  process.exitCode = exitCode;
}));
await program.parseAsync();
