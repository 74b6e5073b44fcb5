// One replay in a process of its own, as `npm start` has it: reads what goes wrong from its argument, prints its outcome.
import { readArguments } from '../../infra/local/replay/cli.ts';
import { SILENT } from '../../infra/local/replay/display.ts';
import { prepareRun } from '../../infra/local/replay/prepare-run.ts';
import { NO_INJECTIONS } from '../../infra/local/replay/replay-options.ts';
import { runReplay } from '../../infra/local/replay/run-replay.ts';
import { resultOf } from './outcome.ts';

const [injected = '{}', ...argv] = process.argv.slice(2);
const options = readArguments(argv);
if (options === null) throw new Error('expected a run, found a call for help');

const run = prepareRun({
  ...options,
  folder: options.dataDir,
  stopAfterStep: null,
  injections: { ...NO_INJECTIONS, ...JSON.parse(injected) },
});
const outcome = await runReplay(run, { display: SILENT, signal: new AbortController().signal });
if (outcome.kind !== 'DONE' || outcome.facts === null) throw new Error('the run did not come to its end');
process.stdout.write(JSON.stringify(resultOf(outcome.facts)));
