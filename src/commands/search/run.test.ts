import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { searchDefaults } from '../../capacity/find-capacity.ts';
import { readConfig } from '../../cli/settings/config-file.ts';
import { resolveSettings } from '../../cli/settings/resolve-settings.ts';
import { commands } from '../all-commands.ts';
import { searchFlags } from './flags.ts';
import {
  pipelineSettings,
  type SearchValues,
  scoringSettings,
  searchSettings,
  streamValues,
} from './run.ts';

/** The values of `search` with a config file, flags and an environment. */
async function valuesOf(
  config: string,
  flags: Readonly<Record<string, readonly string[]>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<SearchValues> {
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-search-'));
  const path = join(folder, 'fraudstream.yaml');
  await writeFile(path, config);
  const file = await readConfig(path, 'search', commands);
  await rm(folder, { recursive: true });
  const given = { flags: new Map(Object.entries(flags)), env, file };
  const resolved = resolveSettings(searchFlags, given);
  // The table of the flags has a value of the right type for each key.
  return Object.fromEntries(resolved.map(({ key, value }) => [key, value])) as SearchValues;
}

test('settings of a pipeline test in the config file hold for a search', async () => {
  const values = await valuesOf(
    'threshold: 0.9\naggregation-enabled: false\nrecord-ttl: 7000\nmax-connections: 3\nordered: false\ndrain: 4s',
  );
  const { threshold, producer, drainMs } = pipelineSettings(values);
  assert.equal(threshold, 0.9);
  assert.equal(drainMs, 4_000);
  const { aggregationEnabled, recordTtlMs, maxConnections, isOrdered } = producer;
  assert.deepEqual(
    { aggregationEnabled, recordTtlMs, maxConnections, isOrdered },
    { aggregationEnabled: false, recordTtlMs: 7_000, maxConnections: 3, isOrdered: false },
  );
  assert.equal(streamValues(values).maxConnections, 3);
});

test('settings of scoring in the config file hold for a search, and flags overrule them', async () => {
  const config = 'batch-rows: 7\ntimeout: 3s\nsearch:\n  order: ordered';
  const scoring = scoringSettings(await valuesOf(config, { timeout: ['4s'] }));
  const { batchRows, timeoutMs, isOrdered } = scoring;
  assert.deepEqual([batchRows, timeoutMs, isOrdered], [7, 4_000, true]);
});

test('the order of verdicts is off for an endpoint and on for a pipeline, unless it is set', async () => {
  const ordered = async (...given: Parameters<typeof valuesOf>) => {
    const values = await valuesOf(...given);
    return [scoringSettings(values).isOrdered, pipelineSettings(values).producer.isOrdered];
  };
  assert.deepEqual(await ordered(''), [false, true]);
  assert.deepEqual(await ordered('ordered: true'), [true, true]);
  assert.deepEqual(await ordered('ordered: false'), [false, false]);
  assert.deepEqual(await ordered('order: ordered'), [true, true]);
});

test('a time limit holds for the streams and the endpoint, whose defaults differ', async () => {
  const limits = async (...given: Parameters<typeof valuesOf>) => {
    const values = await valuesOf(...given);
    return [values.requestTimeout, streamValues(values).requestTimeout];
  };
  assert.deepEqual(await limits(''), [2_000, 6_000]);
  assert.deepEqual(await limits('request-timeout: 900'), [900, 900]);
  assert.deepEqual(await limits('', { requestTimeout: ['800'] }), [800, 800]);
  assert.deepEqual(await limits('', {}, { FRAUDSTREAM_REQUEST_TIMEOUT: '700' }), [700, 700]);
});

test('the flags have the defaults of the library', async () => {
  assert.deepEqual(searchSettings(await valuesOf('')), { ...searchDefaults, stepBy: undefined });
});
