import { App } from 'aws-cdk-lib';
import { PipelineStack } from './pipeline-stack.ts';
import { readStage } from './read-stage.ts';

const app = new App();
const stage = readStage((name) => {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' ? value : undefined;
});

new PipelineStack(app, `claimjump-${stage.name}`, { stage });
