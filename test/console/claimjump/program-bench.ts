// The command line in this process: what it wrote, what it complained of, and how it ended.
import { readFileSync } from 'node:fs';
import type { OperatorIo } from '../../../console/claimjump/operator-command.ts';
import { runProgram } from '../../../console/claimjump/program.ts';
import type { LocalAddresses } from '../../../infra/local/local-file.ts';

export interface Ended {
  readonly exitCode: number;
  readonly out: readonly string[];
  readonly complaints: readonly string[];
}

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** Runs one command against a local cloud that is found at these addresses, or none. */
export const claimjump = async (argv: readonly string[], local: Omit<LocalAddresses, 'schema' | 'pid'> | null, environment: OperatorIo['environment'] = {}): Promise<Ended> => {
  const out: string[] = [];
  const complaints: string[] = [];
  let exitCode = 0;
  await runProgram(argv, {
    environment,
    write: (line) => void out.push(line),
    complain: (line) => void complaints.push(line),
    findLocal: () => (local === null ? { kind: 'NONE' } : { kind: 'RUNNING', addresses: { schema: 1, pid: process.pid, ...local } }),
    readFile: (path) => readFileSync(path, 'utf8'),
    credentials: () => Promise.resolve(CREDENTIALS),
    tell: (code) => {
      exitCode = code;
    },
  });
  return { exitCode, out, complaints };
};
