import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder } from '../support/recordings.ts';

const place = folder('hostile');
/** Colours of a terminal in 7 and 8 bits, a title, a forged line, a turned order, markup of each form. */
const HOSTILE =
  'canary\u001b[31m\u009b31m\u001b]0;t\u0007\u202egnp\u2066\u2028\r\nforged: line\n::error::forged|`<b>&"';
/** All that no form may hold as it is; line feeds are checked by `forged` beginning no line. */
const RAW = /(?![\n\r\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
const FORGED = /^(forged|::error::forged)/m;
const ENDINGS = ['json', 'html', 'xml', 'md', 'csv', 'hlog', 'prom', 'emf'] as const;

/** The scripts of the page and its library are ours. */
function withoutScripts(html: string): string {
  return html.replace(/<script>[\s\S]*?<\/script>/g, '').replace(/<style>[\s\S]*?<\/style>/g, '');
}

function assertHarmless(text: string, what: string): void {
  assert.doesNotMatch(text, RAW, what);
  assert.doesNotMatch(text, FORGED, what);
}

function reports(name: string): readonly string[] {
  return ENDINGS.flatMap((ending) => ['--report', join(place, `${name}.${ending}`)]);
}

function assertReportsHarmless(name: string, isNamed = true): void {
  for (const ending of ENDINGS) {
    const text = readFileSync(join(place, `${name}.${ending}`), 'utf8');
    assertHarmless(ending === 'html' ? withoutScripts(text) : text, `${name}.${ending}`);
  }
  if (!isNamed) return;
  for (const ending of ['json', 'html', 'md', 'xml'] as const) {
    assert.match(readFileSync(join(place, `${name}.${ending}`), 'utf8'), /canary\\+u001b/, ending);
  }
}

test('the error text of an endpoint is shown in every output, and obeyed in none', async () => {
  const server = createServer((_, response) => {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(HOSTILE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
  const base = ['score', '--url', url, '--seed', '1', '--count', '20', '--rate', 'max'];
  const quiet = ['--progress', 'none'];
  const human = await fraudstream([...base, ...quiet, '--output', 'human', ...reports('endpoint')]);
  assert.equal(human.code, 75, human.err);
  assert.match(human.out, /canary\\u001b/);
  assertHarmless(human.out + human.err, 'human');
  assertReportsHarmless('endpoint', false);
  for (const output of ['json', 'ndjson']) {
    const { out, err } = await fraudstream([...base, ...quiet, '--output', output]);
    assertHarmless(out + err, output);
    for (const line of out.trim().split('\n')) JSON.parse(line);
  }
});

test('a report from outside is shown in every form, and obeyed in none', async () => {
  const path = join(place, 'outside.json');
  const codes = [{ code: HOSTILE, count: 3 }];
  const cell = { before: HOSTILE, now: HOSTILE, change: HOSTILE, allowed: HOSTILE };
  const document = {
    ...{ schema_version: 2, command: HOSTILE, tool_version: HOSTILE, seed: 7 },
    started_at: HOSTILE,
    merged: { reports: 2, left_out: [HOSTILE] },
    ended_by: { exit_code: 69, reason: HOSTILE },
    thresholds: [{ condition: HOSTILE, passed: false, actual: 1, actual_text: HOSTILE }],
    comparison: { baseline: HOSTILE, rows: [{ name: HOSTILE, ...cell, regressed: true }] },
    configuration: [{ name: HOSTILE, value: HOSTILE, source: HOSTILE }],
    environment: { [HOSTILE]: HOSTILE },
    source: { input: HOSTILE, [HOSTILE]: HOSTILE },
    pipeline: { location: HOSTILE },
    rejects_by_reason: codes,
    unscored_by_kind: codes,
    files: [{ file: HOSTILE, kind: HOSTILE, records: 1, valid: 0, invalid: 1 }],
    ...{ records: 1, invalid: 1, valid: 0, errors: 1 },
    by_reason: [{ field: HOSTILE, reason: HOSTILE, count: 1, first_at: HOSTILE }],
    findings: [
      {
        severity: 'error',
        file: HOSTILE,
        line: 1,
        field: HOSTILE,
        value: HOSTILE,
        reason: HOSTILE,
      },
    ],
    scenarios: [{ scenario: HOSTILE, frauds: 1, found: 0, recall: 0 }],
    countries: [{ country: HOSTILE, transactions: 1, frauds: 1, found: 0 }],
    suspects: [
      {
        ...{ transaction_id: HOSTILE, card_id: HOSTILE, score: 0.5 },
        reasons: [{ feature: HOSTILE, value: HOSTILE }],
      },
    ],
    generator: { limited_by: HOSTILE, slip: { count: 0, p99_ms: null } },
  };
  writeFileSync(path, JSON.stringify(document));
  const forms = ENDINGS.flatMap((ending) => ['--report', join(place, `shown.${ending}`)]);
  const human = await fraudstream(['report', path, ...forms]);
  assert.doesNotMatch(human.err, /bug in fraudstream/);
  assertHarmless(human.out + human.err, 'human');
  assert.match(human.out, /canary\\u001b/);
  assertReportsHarmless('shown');
  const page = withoutScripts(readFileSync(join(place, 'shown.html'), 'utf8'));
  assert.doesNotMatch(page, /<b>&"/);
  const table = readFileSync(join(place, 'shown.md'), 'utf8');
  assert.doesNotMatch(table, /[^\\]\|`|[^\\]<b>/);
  const summary = join(place, 'summary.md');
  for (const output of ['json', 'github']) {
    const env = { GITHUB_STEP_SUMMARY: summary };
    const { out, err } = await fraudstream(['report', path, '--output', output], env);
    assertHarmless(out + err, output);
  }
  assertHarmless(readFileSync(summary, 'utf8'), 'summary');
  // As data it is still what it was.
  assert.equal(JSON.parse(readFileSync(join(place, 'shown.json'), 'utf8')).command, HOSTILE);
});

test('lines, fields and names of files are shown by validate, replay and error messages', async () => {
  const path = join(place, `day${'\u001b[31m\u009b\u202e'}.ndjson`);
  const [first = ''] = readFileSync(join(fixtures, 'transactions', 'day.ndjson'), 'utf8').split(
    '\n',
  );
  const bad = { ...JSON.parse(first), [HOSTILE]: HOSTILE, currency: HOSTILE };
  writeFileSync(path, `${first}\n${JSON.stringify(bad)}\n${HOSTILE}\n`);
  for (const output of ['human', 'json', 'ndjson', 'github']) {
    const args = ['validate', path, '--output', output, '--progress', 'none'];
    const { code, out, err } = await fraudstream([...args, ...reports('validated')]);
    assert.equal(code, 65, err);
    assertHarmless(out + err, output);
    assertReportsHarmless('validated', false);
  }
  const score = ['score', '--local', '--input', path, '--rate', 'max', '--progress', 'none'];
  for (const args of [
    score,
    ['replay', path, '--dry-run'],
    ['report', path],
    ['validate', `${path}x`],
  ]) {
    const { code, out, err } = await fraudstream(args);
    assert.notEqual(code, 1, err);
    assertHarmless(out + err, args.join(' '));
  }
});

test('the name of a stream and a setting are shown in complaints', async () => {
  const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' };
  for (const args of [
    [
      'produce',
      '--stream',
      HOSTILE,
      '--count',
      '1',
      '--kinesis-endpoint-url',
      'http://127.0.0.1:1',
    ],
    ['produce', '--rate', HOSTILE],
    ['produce', `--${HOSTILE}`],
    [HOSTILE],
    ['doctor', '--stream', HOSTILE, '--kinesis-endpoint-url', 'http://127.0.0.1:1'],
    ['produce', '--config', HOSTILE],
    ['produce', '--stream', HOSTILE, '--print-config'],
    ['score', '--local', '--fail-if', HOSTILE],
  ]) {
    const { code, out, err } = await fraudstream(args, env);
    assert.notEqual(code, 1, err);
    assertHarmless(out + err, args.join(' '));
  }
});

test('a report whose fields are of other types is refused, and is no bug', async () => {
  const markup = '\u001b[31m"><script>alert(1)</script>';
  const quality = {
    threshold: markup,
    scores: { resolution: 0, score: [0.5], genuine: [1], frauds: [1] },
  };
  const sections: Readonly<Record<string, object>> = {
    outcome: { outcome: { passed: true, exit_code: markup, reasons: [markup] } },
    thresholds: { thresholds: [markup, { passed: markup }, null] },
    'limits of version 1': { schema_version: 1, limits: [null, markup] },
    scoring: { scoring: { scored: markup, transactions: markup, transactions_per_second: markup } },
    quality: { quality: { ...quality, true_positives: markup, costs: { missed_fraud: markup } } },
    stages: { stages: [{ stage: markup, target_per_second: markup, response: { count: markup } }] },
    shards: { delivery: { shards: [{ shard_id: markup, user_records: markup }] } },
  };
  for (const [name, section] of Object.entries(sections)) {
    const path = join(place, `typed-${name}.json`);
    writeFileSync(path, JSON.stringify({ schema_version: 2, command: 'score', ...section }));
    const page = join(place, 'typed.html');
    writeFileSync(page, '');
    const { code, out, err } = await fraudstream(['report', path, '--report', page]);
    assert.ok(code === 0 || code === 65, `${name}: ${code} ${err}`);
    assertHarmless(out + err, name);
    assert.doesNotMatch(readFileSync(page, 'utf8'), /<script>alert/, name);
  }
});
