import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise } from 'dependency-cruiser';
import type { ICruiseOptions, IFlattenedRuleSet } from 'dependency-cruiser';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Tree = Readonly<Record<string, string>>;

const uses = (specifier: string): string => `import { x } from '${specifier}';\nexport const y = x;\n`;
const leaf = 'export const x = 1;\n';

const clean: Tree = {
  'shared/domain/decide.ts': uses('decimal.js'),
  'shared/domain/capacity.ts': uses('./decide.ts'),
  'shared/settings.ts': leaf,
  'shared/queue-names.ts': leaf,
  'shared/ports.ts': uses('./domain/decide.ts'),
  'shared/apply-event.ts': uses('./ports.ts'),
  'shared/adapters/dynamo/history-items.ts': leaf,
  'shared/adapters/dynamo/store.ts': uses('@aws-sdk/client-dynamodb') + "export { x as k } from './keys.ts';\n",
  'shared/adapters/sqs/queue.ts': uses('@aws-sdk/client-sqs'),
  'shared/adapters/ccxt/venue.ts': uses('ccxt'),
  'shared/adapters/alpaca/venue.ts': uses('@alpacahq/alpaca-trade-api'),
  'shared/adapters/paper/venue.ts': uses('../../ports.ts'),
  'functions/support/deps.ts': uses('../../shared/adapters/dynamo/store.ts'),
  'functions/support/venue-deps.ts': uses('../../shared/adapters/paper/venue.ts'),
  'functions/support/operator-deps.ts': uses('../../shared/adapters/dynamo/store.ts'),
  'functions/entry-watch.ts': uses('./support/deps.ts'),
  'infra/pipeline-stack.ts':
    uses('../shared/settings.ts') +
    "export { x as queue } from '../shared/queue-names.ts';\n" +
    "import type { x as Port } from '../shared/ports.ts';\nexport type P = typeof Port;\n",
  'infra/local/main.ts':
    uses('../../shared/adapters/paper/venue.ts') +
    "import { x as client } from '@aws-sdk/client-dynamodb';\nexport const c = client;\n" +
    "export { x as queues } from '@aws-sdk/client-sqs';\n" +
    "export { x as keys } from '../../shared/adapters/dynamo/history-items.ts';\n" +
    "export { y as watch } from '../../functions/entry-watch.ts';\n",
  'console/claimjump.ts': uses('../shared/adapters/paper/venue.ts'),
  'console/claimjump/build-relay.ts':
    uses('../../shared/adapters/ccxt/venue.ts') + "export { y as stocks } from '../../shared/adapters/alpaca/venue.ts';\n",
  'test/decide.test.ts': uses('../shared/domain/decide.ts'),
};

/** One planted violation for each rule of the tree, laid over the clean tree. */
const plants: Readonly<Record<string, readonly Tree[]>> = {
  'no-circular': [
    { 'shared/domain/a.ts': uses('./b.ts'), 'shared/domain/b.ts': uses('./a.ts') },
  ],
  'no-barrels': [{ 'shared/domain/index.ts': leaf, 'shared/domain/a.ts': uses('./index.ts') }],
  'no-catch-all-names': [
    { 'shared/utils.ts': leaf, 'shared/a.ts': uses('./utils.ts') },
    { 'shared/domain/helpers/round.ts': leaf, 'shared/domain/a.ts': uses('./helpers/round.ts') },
    { 'functions/common/a.ts': leaf, 'functions/session.ts': uses('./common/a.ts') },
    { 'infra/queue-service.ts': leaf, 'infra/app.ts': uses('./queue-service.ts') },
  ],
  'domain-takes-decimal-alone': [
    { 'shared/domain/a.ts': uses('../ports.ts') },
    { 'shared/domain/a.ts': uses('luxon') },
    { 'shared/domain/a.ts': uses('node:crypto') },
    { 'shared/domain/a.ts': "import type { x } from '../ports.ts';\nexport type Y = typeof x;\n" },
  ],
  'shell-knows-no-adapter': [
    { 'shared/perform-action.ts': uses('./adapters/dynamo/store.ts') },
    { 'shared/plans/read.ts': uses('../adapters/paper/venue.ts') },
  ],
  'shared-points-inwards': [
    { 'shared/a.ts': uses('../functions/entry-watch.ts') },
    { 'shared/a.ts': uses('../infra/pipeline-stack.ts') },
    { 'shared/adapters/sqs/a.ts': uses('../../../console/claimjump.ts') },
  ],
  'adapters-keep-apart': [
    { 'shared/adapters/sqs/a.ts': uses('../dynamo/history-items.ts') },
    { 'shared/adapters/clock.ts': leaf, 'shared/adapters/sqs/a.ts': uses('../clock.ts') },
  ],
  'only-deps-builds-adapters': [
    { 'functions/session.ts': uses('../shared/adapters/dynamo/store.ts') },
    { 'functions/support/handlers.ts': uses('../../shared/adapters/paper/venue.ts') },
  ],
  'local-takes-the-paper-venue-alone': [
    { 'infra/local/a.ts': uses('../../shared/adapters/dynamo/store.ts') },
    { 'console/a.ts': uses('../shared/adapters/sqs/queue.ts') },
    { 'console/claimjump/relay-command.ts': uses('../../shared/adapters/ccxt/venue.ts') },
    { 'console/claimjump/relay/build-relay.ts': uses('../../../shared/adapters/alpaca/venue.ts') },
  ],
  'relay-takes-venues-alone': [{ 'console/claimjump/build-relay.ts': uses('../../shared/adapters/dynamo/store.ts') }],
  'stack-takes-names-from-shared': [
    { 'infra/a.ts': uses('../shared/apply-event.ts') },
    { 'infra/a.ts': uses('../shared/domain/decide.ts') },
  ],
  'stack-imports-no-program': [
    { 'infra/a.ts': uses('../functions/entry-watch.ts') },
    { 'infra/a.ts': uses('../console/claimjump.ts') },
    { 'infra/a.ts': uses('./local/main.ts') },
  ],
  'only-dynamo-knows-dynamodb': [
    { 'functions/support/a.ts': uses('@aws-sdk/client-dynamodb') },
    { 'shared/adapters/sqs/a.ts': uses('@aws-sdk/lib-dynamodb') },
  ],
  'only-sqs-knows-sqs': [
    { 'shared/adapters/dynamo/a.ts': uses('@aws-sdk/client-sqs') },
    { 'console/a.ts': uses('@aws-sdk/client-sqs') },
  ],
  'only-ccxt-knows-ccxt': [
    { 'shared/adapters/paper/a.ts': uses('ccxt') },
    { 'infra/local/a.ts': uses('ccxt/js/src/kraken.js') },
  ],
  'only-alpaca-knows-alpaca': [
    { 'shared/adapters/ccxt/a.ts': uses('@alpacahq/alpaca-trade-api') },
    { 'functions/support/a.ts': uses('@alpacahq/alpaca-trade-api') },
  ],
  'functions-know-no-stack': [
    { 'functions/session.ts': uses('../infra/pipeline-stack.ts') },
    { 'functions/session.ts': uses('../console/claimjump.ts') },
  ],
  'nothing-imports-test': [
    { 'functions/session.ts': uses('../test/decide.test.ts') },
    { 'infra/local/a.ts': uses('../../test/decide.test.ts') },
  ],
};

const packages = ['decimal.js', 'luxon', 'ccxt', '@alpacahq/alpaca-trade-api', '@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', '@aws-sdk/client-sqs'];

const write = async (root: string, tree: Tree): Promise<void> => {
  for (const [path, text] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
};

const brokenRules = async (root: string, rules: ICruiseOptions): Promise<readonly string[]> => {
  const folders = ['functions', 'shared', 'infra', 'console', 'test'];
  const { output } = await cruise(folders, { ...rules, baseDir: root, validate: true });
  if (typeof output === 'string') throw new Error(output);
  return [...new Set(output.summary.violations.map((violation) => violation.rule.name))];
};

describe('the tree keeps its arrows', () => {
  let home = '';
  let options: ICruiseOptions = {};
  let names: readonly string[] = [];

  const plant = async (tree: Tree): Promise<readonly string[]> => {
    const root = await mkdtemp(join(home, 'tree-'));
    const stubs = packages.map((name): Tree => ({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'main.js' }),
      [`node_modules/${name}/main.js`]: leaf,
    }));
    await write(root, Object.assign({}, ...stubs, clean, tree));
    return brokenRules(root, options);
  };

  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'claimjump-rules-')));
    const { forbidden, options: given } = await extractConfiguration(join(process.cwd(), '.dependency-cruiser.mjs'));
    const ruleSet: IFlattenedRuleSet = { forbidden: forbidden ?? [] };
    names = (forbidden ?? []).map((rule) => rule.name ?? '');
    options = { ...given, ruleSet };
  });

  afterAll(async () => {
    await rm(home, { recursive: true, force: true });
  });

  it('finds nothing wrong with a tree that follows every rule', async () => {
    expect(await plant({})).toEqual([]);
  });

  it('has a planted violation for every rule', () => {
    expect([...names].sort()).toEqual(Object.keys(plants).sort());
  });

  const cases = Object.entries(plants).flatMap(([rule, trees]) => trees.map((tree) => [rule, Object.keys(tree).join(' + '), tree] as const));

  it.each(cases)('%s forbids %s', async (rule, _files, tree) => {
    expect(await plant(tree)).toEqual([rule]);
  });

  it('is free of barrels and catch-all names, imported or not', async () => {
    const banned = /(^|[/-])(utils?|helpers?|common|services?)(\/|\.[cm]?[jt]s$)|(^|\/)index\.[cm]?[jt]s$/;
    const folders = ['functions', 'shared', 'infra', 'console'];
    const files = await Promise.all(
      folders.map(async (folder) => (await readdir(folder, { recursive: true }).catch(() => [])).map((file) => `${folder}/${file}`)),
    );
    expect(files.flat().filter((file) => banned.test(file))).toEqual([]);
  });
});
