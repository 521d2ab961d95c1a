import { App, type Stack, Tags } from 'aws-cdk-lib';
import { acknowledge } from './acknowledged.ts';
import { FoundationStack } from './foundation-stack.ts';
import { PipelineStack } from './pipeline-stack.ts';

/** The app with its three stacks; the names are those of the files in pipeline/templates. */
export function pipelineApp({ acknowledges = true }: { readonly acknowledges?: boolean } = {}): {
  readonly app: App;
  readonly stacks: readonly Stack[];
} {
  const app = new App({ analyticsReporting: false });
  const stacks = [
    new FoundationStack(app, 'fraudstream-foundation'),
    new PipelineStack(app, 'fraudstream-sagemaker', { scoring: 'sagemaker' }),
    new PipelineStack(app, 'fraudstream-lambda', { scoring: 'lambda' }),
  ];
  if (acknowledges) acknowledge(app);
  Tags.of(app).add('project', 'fraudstream');
  return { app, stacks };
}
