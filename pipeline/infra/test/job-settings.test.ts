import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { only, pipelines } from './template.ts';
import { root } from './tools.ts';

const folder = join(root, 'pipeline', 'flink', 'src', 'main', 'java', 'io', 'fraudstream', 'job');

test('the job knows every property that it is given: it refuses others', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('Options.java'));
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const known = [...text.matchAll(/key\("([a-z-]+)"\)/g)].map(([, key]) => key);
  assert.ok(known.length > 0);
  for (const name of pipelines) {
    const { Properties } = only(name, 'AWS::KinesisAnalyticsV2::Application');
    const { EnvironmentProperties } = Properties.ApplicationConfiguration as {
      EnvironmentProperties: { PropertyGroups: { PropertyMap: object }[] };
    };
    for (const { PropertyMap } of EnvironmentProperties.PropertyGroups) {
      assert.deepEqual(
        Object.keys(PropertyMap).filter((key) => !known.includes(key)),
        [],
        name,
      );
    }
  }
});
