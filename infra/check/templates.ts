// The templates of every stage for whoever reads templates alone: the bundles are left out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import * as z from 'zod';
import { projectPath } from '../constructs/bundle-recipe.ts';
import { PipelineStack } from '../pipeline-stack.ts';
import { parseStage } from '../stage-file.ts';
import type { Stage, StageName } from '../stages.ts';
import { confirmedFile, stageFile } from './confirmed-file.ts';

export interface StageTemplate {
  readonly name: string;
  readonly file: string;
  /** Whether its data outlives the stack. */
  readonly keepsData: boolean;
}

const flags = z.object({ context: z.record(z.string(), z.unknown()) });

const variant = (kind: StageName, content: Readonly<Record<string, unknown>>): Stage => parseStage(kind, `stages/${kind}.json`, content);

/** The three stages as their files say, live confirmed, and live with a fixed address and mail besides. */
export const everyStage = (): Readonly<Record<string, Stage>> => ({
  paper: variant('paper', stageFile('paper')),
  sandbox: variant('sandbox', stageFile('sandbox')),
  live: variant('live', confirmedFile()),
  'live-fixed': variant('live', { ...confirmedFile(), egress: 'FIXED', alarmEmail: 'operator@example.com' }),
});

/** Writes the template of each stage into a folder. */
export const writeTemplates = (folder: string): readonly StageTemplate[] => {
  const { context } = flags.parse(JSON.parse(readFileSync(projectPath('cdk.json'), 'utf8')));
  return Object.entries(everyStage()).map(([name, stage], index) => {
    const outdir = join(folder, String(index));
    const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, outdir, analyticsReporting: false });
    const stack = new PipelineStack(app, `claimjump-${stage.name}`, { stage });
    app.synth();
    return { name, file: join(outdir, stack.templateFile), keepsData: stage.keepsData };
  });
};
