import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { templates } from '../lib/templates.ts';
import { has, shell, templatesFolder } from './tools.ts';

test('the templates in the repository are those of the sources: npm run templates', () => {
  const made = templates();
  assert.deepEqual(readdirSync(templatesFolder).sort(), [...made.keys()].sort());
  for (const [name, text] of made) {
    assert.ok(readFileSync(join(templatesFolder, name), 'utf8') === text, `${name} is stale`);
  }
});

test('every synth writes the same bytes', () => {
  assert.deepEqual(templates(), templates());
});

test('a synth needs no network', async (context) => {
  const alone = ['--user', '--map-root-user', '--net'];
  if (!(await has(context, 'unshare', [...alone, 'true']))) return;
  const module = new URL('../lib/templates.ts', import.meta.url);
  const tsx = import.meta.resolve('tsx');
  const code = `import(${JSON.stringify(module.href)}).then((m) => process.stdout.write(JSON.stringify([...m.templates()])))`;
  const { stdout } = await shell('unshare', [
    ...alone,
    process.execPath,
    '--import',
    tsx,
    '-e',
    code,
  ]);
  assert.deepEqual(JSON.parse(stdout), [...templates()]);
});

test('a template needs nothing beside itself: no assets, no bootstrap, no account', () => {
  for (const [name, text] of templates()) {
    assert.doesNotMatch(text, /cdk-hnb659fds|AssetParameters|BootstrapVersion|aws:asset/, name);
    // Accounts of AWS itself, which hold the image of the container, stand in one mapping.
    const { Mappings, ...rest } = JSON.parse(text);
    assert.doesNotMatch(JSON.stringify(rest), /\b\d{12}\b/, name);
    assert.ok(text.length < 1_000_000, 'the largest template that CloudFormation takes from S3');
  }
});

test('every parameter says what it means, stands under a heading, and all but places have a default', () => {
  const places = ['ArtifactsBucket', 'JobJarKey', 'LambdaCodeKey', 'ModelKey'];
  for (const [name, text] of templates()) {
    const { Parameters, Metadata } = JSON.parse(text);
    const headings = Metadata['AWS::CloudFormation::Interface'].ParameterGroups;
    const listed = headings.flatMap((group: { Parameters: string[] }) => group.Parameters);
    assert.deepEqual(listed.sort(), Object.keys(Parameters).sort(), name);
    for (const [key, { Description, Default }] of Object.entries<Record<string, unknown>>(
      Parameters,
    )) {
      assert.match(String(Description), /\.$/, key);
      assert.equal(Default === undefined, places.includes(key), key);
    }
  }
});
