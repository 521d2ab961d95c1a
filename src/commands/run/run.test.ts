import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Values } from '../../cli/settings/define-setting.ts';
import { resolveSettings } from '../../cli/settings/resolve-settings.ts';
import { pipelineTestDefaults } from '../../pipeline-test/run-pipeline.ts';
import { runFlags } from './flags.ts';
import { settingsOf } from './run.ts';

test('the flags have the defaults of the library', () => {
  const resolved = resolveSettings(runFlags, { flags: new Map(), env: {} });
  const values = Object.fromEntries(resolved.map(({ key, value }) => [key, value]));
  const { pace, ...settings } = settingsOf(values as Values<typeof runFlags>);
  const { pace: defaultPace, ...defaults } = pipelineTestDefaults;
  assert.deepEqual(settings, { ...defaults, threshold: undefined });
  assert.equal(pace.perSecond, defaultPace.perSecond);
});
