import { App } from 'aws-cdk-lib';
import { PipelineStack } from './pipeline-stack.ts';
import { readStage } from './read-stage.ts';
import { StageError } from './stage-file.ts';
import type { Stage } from './stages.ts';

const app = new App();

const chosen = (): Stage => {
  try {
    return readStage((name) => {
      const value: unknown = app.node.tryGetContext(name);
      return typeof value === 'string' ? value : undefined;
    });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    // What is wrong with a settings file is for a person to read, without the way that it came.
    console.error(error.message);
    process.exit(1);
  }
};

const stage = chosen();
new PipelineStack(app, `claimjump-${stage.name}`, { stage });
