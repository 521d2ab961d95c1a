import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readDocument } from '../read-report.ts';
import { currentVersionOf } from './earlier-report.ts';

const fixtures = join(import.meta.dirname, '..', '..', '..', 'fixtures');
const stored = join(fixtures, 'report', 'score.version-1.json');
const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
const isReport = ajv.compile(
  JSON.parse(readFileSync(join(fixtures, 'schema', 'report.schema.json'), 'utf8')),
);

test('a stored report of version 1 is read as a valid report of version 2', async () => {
  const report = await readDocument(stored, readFile);
  assert.ok(isReport(report), JSON.stringify(isReport.errors));
  assert.equal(report.schema_version, 2);
  assert.deepEqual(report.outcome, {
    passed: false,
    exit_code: 99,
    reasons: ['scored > 10: it is 40'],
  });
  assert.deepEqual(
    report.thresholds?.map(({ condition, passed, actual_text: actual }) => [
      condition,
      passed,
      actual,
    ]),
    [
      ['scoring.transactions_per_second < 0', true, '46.7/s'],
      ['scored > 10', false, '40'],
      ['quality.recall < 60%', null, 'not measured'],
      ['scoring.admission_wait.limit < 0ms', true, '0.00 ms'],
    ],
  );
  assert.equal(report.endpoint?.location, 'an endpoint on this machine');
  assert.deepEqual(report.scoring?.admission_wait, { limit_ms: 0, capacity_ms: 0 });
});

test('no field that version 2 renamed keeps its name of version 1', () => {
  const service = { place: 'here' };
  const report = currentVersionOf({
    ...{ schema_version: 1, command: 'search', place: 'an endpoint', untold: 3 },
    ...{ pipeline: service, stream: service, endpoint: service },
    generator: { held_up_ms: 250 },
    limits: [{ expression: 'generator.held_up > 1s', holds: true, actual: 2_000, told: '2.00 s' }],
  });
  assert.deepEqual(report, {
    ...{ schema_version: 2, command: 'search', target: 'an endpoint', findings_omitted: 3 },
    ...{ pipeline: { location: 'here' }, stream: { location: 'here' } },
    endpoint: { location: 'here' },
    generator: { blocked_ms: 250 },
    thresholds: [
      {
        ...{ condition: 'generator.blocked > 1s', passed: false },
        ...{ actual: 2_000, actual_text: '2.00 s' },
      },
    ],
  });
});

test('a report of version 2 stays as it is', () => {
  const report = { schema_version: 2, command: 'run', outcome: { passed: true } };
  assert.deepEqual(currentVersionOf(report), report);
});

test('a version that is not known is refused, with the versions that are read', async () => {
  const text = async (): Promise<string> => '{"schema_version":3,"command":"run"}';
  await assert.rejects(
    readDocument('future.json', text),
    /future\.json: schema_version 3 cannot be read\. This fraudstream reads 1 and 2\./,
  );
});
