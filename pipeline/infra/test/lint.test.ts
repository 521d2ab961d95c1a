import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { pipelineApp } from '../lib/stacks.ts';
import { names } from './template.ts';
import { has, python, shell, templatesFolder } from './tools.ts';

/** Its own entry, which needs no script in the PATH. */
const cfnLint = ['-c', 'import sys; from cfnlint.runner import main; sys.exit(main())'];

test('cfn-lint finds nothing in the templates, with no rule left out', async (context) => {
  if (!(await has(context, python, [...cfnLint, '--version']))) return;
  const files = names.map((name) => join(templatesFolder, `${name}.template.json`));
  const { stdout } = await shell(python, [...cfnLint, ...files]);
  assert.equal(stdout, '');
});

test('cdk-nag finds nothing that is not acknowledged with its reason', () => {
  const { app } = pipelineApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // Findings that nobody acknowledged make the synth fail.
  app.synth();
});

test('cdk-nag would find something: without the acknowledgements the synth fails', () => {
  const { app } = pipelineApp({ acknowledges: false });
  assert.ok(app instanceof App);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  assert.throws(() => app.synth());
});
