import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { pipelineApp } from '../lib/stacks.ts';
import { type Json, names, templateOf } from './template.ts';
import { checkov, has, python, shell, templatesFolder } from './tools.ts';

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

interface Checked {
  readonly summary: Readonly<Record<'passed' | 'failed' | 'skipped' | 'parsing_errors', number>>;
  readonly results: { readonly failed_checks: readonly { check_id: string; resource: string }[] };
}

test('checkov finds nothing that is not skipped with its reason', async (context) => {
  if (!(await has(context, checkov, ['--version']))) return;
  const words = ['--framework', 'cloudformation', '--quiet', '--compact', '--skip-download'];
  const args = ['-d', templatesFolder, ...words, '--soft-fail', '--output', 'json'];
  const { stdout } = await shell(checkov, args, { timeout: 300_000 });
  const { summary, results } = JSON.parse(stdout) as Checked;
  assert.deepEqual(
    results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`),
    [],
  );
  assert.ok(summary.passed > 100, 'it looked');
  assert.equal(summary.parsing_errors, 0);
  const reasons = names.flatMap((name) =>
    Object.values(templateOf(name).Resources ?? {}).flatMap(({ Metadata }) => {
      const { checkov: { skip = [] } = {} } = (Metadata ?? {}) as {
        checkov?: { skip?: readonly Json[] };
      };
      return skip.map(({ comment }) => String(comment));
    }),
  );
  assert.equal(reasons.length, summary.skipped);
  for (const reason of reasons) assert.match(reason, /^.{20,}\.$/);
});
