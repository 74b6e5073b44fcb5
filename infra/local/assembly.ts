// Reads what `cdk synth` wrote: the one stack's template, resource by resource, in its own order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Says that the template holds something the local cloud cannot run. */
export class TemplateError extends Error {
  constructor(where: string, expected: string, options?: ErrorOptions) {
    super(`template, ${where}: expected ${expected}`, options);
    this.name = 'TemplateError';
  }
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** Where the construct stands in the stack, outermost first, without the stack and CDK's own last part. */
  readonly path: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Assembly {
  readonly directory: string;
  readonly stackName: string;
  readonly resources: readonly Resource[];
}

const STACK = 'aws:cloudformation:stack';

const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({ type: z.string(), properties: z.object({ templateFile: z.string().optional() }).optional() }),
  ),
});
const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), z.unknown()).default({}),
      Metadata: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

const readJson = <Output>(file: string, schema: z.ZodType<Output>): Output => {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new TemplateError(file, 'a file that cdk synth wrote', { cause });
  }
};

const pathOf = (logicalId: string, metadata: Readonly<Record<string, unknown>>): readonly string[] => {
  const path = metadata['aws:cdk:path'];
  if (typeof path !== 'string') return [logicalId];
  return path.split('/').slice(1).filter((part, index, parts) => part !== 'Resource' || index < parts.length - 1);
};

/**
 * Reads the stack in a directory that `cdk synth` wrote.
 * @throws TemplateError where there is none, or its files are not CDK's
 */
export const readAssembly = (directory: string): Assembly => {
  const { artifacts } = readJson(join(directory, 'manifest.json'), manifest);
  const [stackName, stack] = Object.entries(artifacts).find(([, artifact]) => artifact.type === STACK) ?? [];
  const templateFile = stack?.properties?.templateFile;
  if (stackName === undefined || templateFile === undefined) throw new TemplateError(directory, 'one stack');
  const { Resources } = readJson(join(directory, templateFile), template);
  const resources = Object.entries(Resources).map(([logicalId, resource]) => ({
    logicalId,
    type: resource.Type,
    path: pathOf(logicalId, resource.Metadata),
    properties: resource.Properties,
    metadata: resource.Metadata,
  }));
  return { directory, stackName, resources };
};
