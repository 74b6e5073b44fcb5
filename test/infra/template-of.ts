// The synthesized template of a stage, without bundles: what these tests read is in the template alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { PipelineStack } from '../../infra/pipeline-stack.ts';
import type { Stage } from '../../infra/stages.ts';

const settings = z.object({ context: z.record(z.string(), z.unknown()) });
const { context } = settings.parse(JSON.parse(readFileSync('cdk.json', 'utf8')));

const template = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
      DeletionPolicy: z.string().optional(),
    }),
  ),
});
const manifest = z.looseObject({ template: z.unknown() });

export interface Resource {
  readonly id: string;
  /** Where its construct stands in the stack, as cdk tells it: `stops/queue`. */
  readonly path: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string | undefined;
}

/** Builds a stage's stack; whoever does so removes the app's directory. */
export const stackOf = (stage: Stage): { readonly app: App; readonly stack: PipelineStack } => {
  const app = new App({
    context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:enable-path-metadata': true },
    outdir: mkdtempSync(join(tmpdir(), 'claimjump-template-')),
  });
  return { app, stack: new PipelineStack(app, `claimjump-${stage.name}`, { stage }) };
};

const pathOf = (id: string, metadata: Readonly<Record<string, unknown>>): string => {
  const path = metadata['aws:cdk:path'];
  return typeof path === 'string' ? path.split('/').slice(1).join('/').replace(/\/Resource$/, '') : id;
};

/** Every resource of a stage's stack, in the template's order. */
export const resourcesOf = (stage: Stage): readonly Resource[] => {
  const { app, stack } = stackOf(stage);
  const made = manifest.parse(app.synth().getStackByName(stack.stackName));
  rmSync(app.outdir, { recursive: true, force: true });
  return Object.entries(template.parse(made.template).Resources).map(([id, { Type, Properties, Metadata, DeletionPolicy }]) => ({
    id,
    path: pathOf(id, Metadata),
    type: Type,
    properties: Properties,
    deletionPolicy: DeletionPolicy,
  }));
};

export const ofType = (resources: readonly Resource[], type: string): readonly Resource[] => resources.filter((resource) => resource.type === type);
