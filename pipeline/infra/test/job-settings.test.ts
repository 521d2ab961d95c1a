import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { only, pipelines } from './template.ts';
import { root } from './tools.ts';

const options = 'pipeline/flink/src/main/java/io/fraudstream/job/Options.java';

test('the job knows every property that it is given: it refuses others', () => {
  const file = join(root, ...options.split('/'));
  const known = [...readFileSync(file, 'utf8').matchAll(/key\("([a-z-]+)"\)/g)].map(
    ([, key]) => key,
  );
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
