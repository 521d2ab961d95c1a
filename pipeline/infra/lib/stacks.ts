import { App, type Stack, Tags, Validations } from 'aws-cdk-lib';
import { FoundationStack } from './foundation-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';

/** The app with its three stacks; the names are those of the files in pipeline/templates. */
export function pipelineApp(): { readonly app: App; readonly stacks: readonly Stack[] } {
  const app = new App({ analyticsReporting: false });
  const stacks = [
    new FoundationStack(app, 'fraudstream-foundation'),
    new PipelineStack(app, 'fraudstream-sagemaker', { scoring: 'sagemaker' }),
    new PipelineStack(app, 'fraudstream-lambda', { scoring: 'lambda' }),
  ];
  const reason =
    'Parameters that are empty unless given are used only where they are given (Fn::If).';
  for (const rule of ['W1030', 'E1150']) {
    Validations.of(app).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason });
  }
  Tags.of(app).add('project', 'fraudstream');
  return { app, stacks };
}
