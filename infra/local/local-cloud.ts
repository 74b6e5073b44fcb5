// The synthesized stack on one machine: the same functions against that table and those queues.
import type { LocalCloud } from './cloud-face.ts';
import type { RunningOptions, SteppedOptions } from './cloud-options.ts';
import { startRunningCloud } from './running-cloud.ts';
import { startSteppedCloud } from './stepped-cloud.ts';
import type { SteppedCloud } from './stepped-cloud.ts';

/**
 * Starts the stack that `cdk synth` wrote, on engines that listen on loopback alone.
 * @throws TemplateError for what the template asks and one machine cannot do
 */
export async function startLocalCloud(options: SteppedOptions): Promise<SteppedCloud>;
export async function startLocalCloud(options: RunningOptions): Promise<LocalCloud>;
export async function startLocalCloud(options: SteppedOptions | RunningOptions): Promise<LocalCloud> {
  return options.clock === 'stepped' ? startSteppedCloud(options) : startRunningCloud(options);
}
