import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Latency } from '../../dist/metrics/latency.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('not-measured');
const at = (name: string): string => join(place, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');
const ENDINGS = ['json', 'html', 'xml', 'md', 'csv', 'hlog', 'prom', 'emf'] as const;
const empty = at('empty.ndjson');
writeFileSync(empty, '');
const LIMIT = 'scoring.response.p99 > 1ms';

/** Latencies of nothing as a report has them. */
const none = { count: 0, mean_ms: null, p50_ms: null, p90_ms: null, p95_ms: null, p99_ms: null };

test('latencies of nothing are absent in every form, and a threshold on them is NOT MEASURED', async () => {
  const reports = ENDINGS.flatMap((ending) => ['--report', at(`empty.${ending}`)]);
  const score = ['score', '--local', '--input', empty, '--progress', 'none', '--output', 'human'];
  const limits = ['--fail-if', LIMIT, '--fail-if', 'scoring.rows_per_request < 5'];
  const { code, out } = await fraudstream([...score, ...limits, ...reports]);
  assert.equal(code, 0);
  assert.match(out, /Thresholds +NOT MEASURED {2}scoring\.response\.p99 > 1ms/);
  assert.match(out, /NOT MEASURED {2}scoring\.rows_per_request < 5/);
  const { scoring, thresholds: told } = JSON.parse(text('empty.json'));
  const { count, mean_ms, p50_ms, p90_ms, p95_ms, p99_ms } = scoring.response;
  assert.deepEqual({ count, mean_ms, p50_ms, p90_ms, p95_ms, p99_ms }, none);
  assert.deepEqual([scoring.rows_per_request, scoring.in_flight_mean], [null, null]);
  assert.ok(
    told.every(
      (one: { passed: boolean | null; actual: number | null }) =>
        one.passed === null && one.actual === null,
    ),
  );
  assert.match(
    text('empty.md'),
    /\| scoring\.response\.p99 \\> 1ms \| not measured \| NOT MEASURED \|/,
  );
  assert.doesNotMatch(text('empty.md'), /✅|❌/);
  assert.match(text('empty.xml'), /skipped="2"/);
  assert.match(
    text('empty.xml'),
    /<testcase name="threshold scoring\.response\.p99 &gt; 1ms"[^>]*><skipped message="NOT MEASURED"\/>/,
  );
  assert.match(text('empty.html'), /<td[^>]*>NOT MEASURED<\/td>/);
  assert.match(text('empty.csv'), /^scoring\.response\.p99,,ms\r$/m);
  assert.doesNotMatch(text('empty.prom'), /response_p99/);
  assert.doesNotMatch(text('empty.emf'), /response\.p99/);
  assert.doesNotMatch(text('empty.hlog'), /Tag=/);
});

test('report says the same of it, and with github warns', async () => {
  for (const output of ['human', 'github']) {
    const { code, out } = await fraudstream(['report', at('empty.json'), '--output', output]);
    assert.equal(code, 0);
    assert.match(out, /NOT MEASURED/);
    assert.doesNotMatch(out, /passed {2}\S/);
  }
  const { code, out } = await fraudstream([
    'report',
    at('empty.json'),
    '--fail-if',
    'scoring.slip.p50 < 5s',
  ]);
  assert.equal(code, 0);
  assert.match(out, /NOT MEASURED {2}scoring\.slip\.p50 < 5s/);
});

test('a comparison with what was not measured decides nothing, on either side', async () => {
  const day = join(fixtures, 'transactions', 'day.ndjson');
  const score = ['score', '--local', '--input', day, '--rate', 'max', '--progress', 'none'];
  assert.equal((await fraudstream([...score, '--report', at('day.json')])).code, 0);
  const pairs = [
    ['empty.json', 'day.json'],
    ['day.json', 'empty.json'],
    ['empty.json', 'empty.json'],
  ] as const;
  for (const [now, before] of pairs) {
    const limits = [
      '--allow-change',
      'scoring.response.p99:-50%',
      '--allow-change',
      'scoring.response.p50:+1%',
    ];
    const forms = [
      '--report',
      at('compared.md'),
      '--report',
      at('compared.xml'),
      '--report',
      at('compared.html'),
    ];
    const { code, out } = await fraudstream([
      'report',
      at(now),
      '--baseline',
      at(before),
      ...limits,
      ...forms,
    ]);
    assert.equal(code, 0, out);
    assert.match(out, /scoring\.response\.p99 .*not measured.*NOT MEASURED/);
    assert.doesNotMatch(text('compared.md'), /✅|❌/);
    assert.match(text('compared.xml'), /<skipped message="NOT MEASURED"\/>/);
    assert.match(text('compared.html'), /NOT MEASURED/);
  }
});

test('an empty part changes nothing of what was measured in the others', async () => {
  // Parts of one load have the same thresholds; those of the empty part are measured in the union.
  const thresholds = ['--fail-if', LIMIT, '--fail-if', 'scoring.rows_per_request < 5'];
  const score = ['score', '--local', '--input', join(fixtures, 'transactions', 'day.ndjson')];
  const run = [...score, '--progress', 'none', ...thresholds, '--report', at('part.json')];
  assert.equal((await fraudstream(run)).code, 99);
  const args = ['report', at('empty.json'), at('part.json'), '--report', at('merged.json')];
  assert.equal((await fraudstream(args)).code, 99);
  const [merged, day] = ['merged.json', 'part.json'].map((name) => JSON.parse(text(name)).scoring);
  for (const key of [
    'response',
    'rows_per_request',
    'in_flight_mean',
    'limit_least',
    'limit_most',
  ]) {
    assert.deepEqual(merged[key], day[key], key);
  }
});

test('a report of an earlier version, with zeros of nothing, is read as one of this', async () => {
  const { histogram } = new Latency().summary();
  const zero = {
    count: 0,
    mean_ms: 0,
    p50_ms: 0,
    p90_ms: 0,
    p95_ms: 0,
    p99_ms: 0,
    p999_ms: 0,
    max_ms: 0,
    histogram,
  };
  const scoring = { transactions: 0, scored: 0, requests: 0, rows_per_request: 0, response: zero };
  const limits = [{ expression: LIMIT, holds: false, actual: 0, told: '0.00 ms' }];
  const outcome = { held: true, exit_code: 0, reasons: [] };
  const earlier = { schema_version: 1, command: 'score', scoring, limits, outcome };
  writeFileSync(at('earlier.json'), JSON.stringify(earlier));
  const { code, out } = await fraudstream([
    'report',
    at('earlier.json'),
    '--report',
    at('again.json'),
  ]);
  assert.equal(code, 0);
  assert.match(out, /NOT MEASURED {2}scoring\.response\.p99 > 1ms/);
  const again = JSON.parse(text('again.json'));
  assert.deepEqual([again.scoring.response.p99_ms, again.scoring.rows_per_request], [null, null]);
  assert.equal(again.scoring.scored, 0);
  assert.deepEqual(again.thresholds, [
    { condition: LIMIT, passed: null, actual: null, actual_text: 'not measured' },
  ]);
});
