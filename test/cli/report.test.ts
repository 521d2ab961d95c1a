import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { HistogramLogReader } from 'hdr-histogram-js';
import { fixtures } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
formats.default(ajv);
const isReport = ajv.compile(
  JSON.parse(readFileSync(join(fixtures, 'schema', 'report.schema.json'), 'utf8')),
);

let folder: string;
const at = (name: string): string => join(folder, name);
const read = (name: string): Promise<string> => readFile(at(name), 'utf8');

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-report-'));
  const run = ['run', '--local', '--seed', '7', '--rate', '1k/s', '--duration', '2s'];
  for (const part of ['1', '2']) {
    const flags = ['--partition', `${part}/2`, '--report', at(`part-${part}.json`)];
    const { code, err } = await inProcess([...run, ...flags, '--fail-if', 'matched < 100%']);
    assert.equal(code, 0, err);
  }
  await inProcess(['report', at('part-1.json'), at('part-2.json'), '--report', at('whole.json')]);
});
after(() => rm(folder, { recursive: true }));

function assertReport(text: string): Record<string, Record<string, unknown>> {
  const report: Record<string, Record<string, unknown>> = JSON.parse(text);
  const fits = isReport(report);
  assert.ok(fits, JSON.stringify(isReport.errors?.slice(0, 3)));
  return report;
}

test('the JSON of every command fits the published schema', async () => {
  const few = ['--local', '--count', '300', '--rate', 'max', '--seed', '1'];
  const commands = [
    ['produce', ...few],
    ['score', ...few],
    ['demo', '--count', '300', '--rate', 'max'],
  ];
  for (const [place, words] of commands.entries()) {
    const { code, err } = await inProcess([...words, '--report', at(`${place}.json`)]);
    assert.equal(code, 0, `${words[0]}: ${err}`);
    assertReport(await read(`${place}.json`));
  }
  assertReport(await read('part-1.json'));
  assertReport(await read('whole.json'));
});

test('two parts of a world are one report: counts add up, thresholds are evaluated again', async () => {
  const [one, other, whole] = await Promise.all(
    ['part-1.json', 'part-2.json', 'whole.json'].map(async (name) =>
      assertReport(await read(name)),
    ),
  );
  assert.ok(one && other && whole);
  for (const key of ['sent', 'matched', 'acknowledged']) {
    const sum: number = Number(one.correlation?.[key]) + Number(other.correlation?.[key]);
    assert.equal(whole.correlation?.[key], sum, key);
  }
  assert.equal(whole.merged?.reports, 2);
  assert.equal(whole.outcome?.passed, true);
  assert.equal((whole.thresholds as unknown as readonly unknown[]).length, 1);
  const { code, out } = await inProcess([
    'report',
    at('whole.json'),
    '--fail-if',
    'latency.end_to_end.p99 > 0.001ms',
    '--fail-if',
    'matched < 50%',
  ]);
  assert.equal(code, 99);
  assert.match(out, /FAILED \(exit code 99\)/);
});

test('report ends with the exit code that it prints and writes, so that merging is a gate', async () => {
  const lost = JSON.parse(await read('part-1.json'));
  lost.correlation = { ...lost.correlation, missing: 1_000 };
  delete lost.outcome;
  await writeFile(at('lost.json'), JSON.stringify(lost));
  const cases = [
    [[at('lost.json')], 75],
    [[at('lost.json'), at('part-2.json')], 75],
    [[at('lost.json'), '--fail-if', 'matched < 200%'], 75],
    [[at('whole.json'), '--fail-if', 'matched < 200%'], 99],
    [[at('whole.json')], 0],
  ] as const;
  for (const [words, expected] of cases) {
    const { code, out } = await inProcess(['report', ...words, '--report', at('told.json')]);
    assert.equal(code, expected, words.join(' '));
    assert.match(out, new RegExp(`Result +\\w+ \\(exit code ${expected}\\)`));
    assert.equal(assertReport(await read('told.json')).outcome?.exit_code, expected);
  }
});

test('only parts of one load are merged, and each of them once', async () => {
  const score = ['score', '--local', '--count', '20', '--rate', 'max', '--out', at('v.ndjson')];
  assert.equal((await inProcess([...score, '--report', at('score.json')])).code, 0);
  // The same run, judged in another way.
  const again = ['report', at('part-1.json'), '--fail-if', 'correlation.sent < 1'];
  await inProcess([...again, '--report', at('again.json')]);
  const cases = [
    ['part-1.json', 'score.json', /part-1\.json is of "run", \S+score\.json of "score"/],
    ['part-1.json', 'part-1.json', /have the same run/],
    ['part-1.json', 'again.json', /have the same run/],
    ['whole.json', 'part-2.json', /whole\.json and \S+part-2\.json have the same run/],
  ] as const;
  for (const [one, other, complaint] of cases) {
    const { code, err, out } = await inProcess(['report', at(one), at(other)]);
    assert.deepEqual([code, out], [65, ''], `${one} ${other}`);
    assert.match(err, complaint);
  }
});

test('JUnit has a case for each threshold, as an XML parser reads it', async () => {
  const flags = ['--fail-if', 'latency.end_to_end.p99 > 0.001ms', '--report', at('junit.xml')];
  assert.equal((await inProcess(['report', at('whole.json'), ...flags])).code, 99);
  const script = `
import json, sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot()
cases = [(case.get("name"), [f.get("message") for f in case.findall("failure")]) for case in suites.iter("testcase")]
print(json.dumps([suites.tag, suites.get("tests"), suites.get("failures"), cases]))`;
  const { stdout, stderr } = spawnSync(python, ['-c', script, at('junit.xml')], {
    encoding: 'utf8',
  });
  const [root, tests, failures, cases] = JSON.parse(stdout || `["${stderr}"]`);
  assert.deepEqual([root, tests, failures], ['testsuites', '3', '1']);
  assert.deepEqual(cases[1], ['threshold matched < 100%', []]);
  assert.match(cases[2][1][0], /it is/);
});

test('Prometheus text, EMF, CSV and hlog follow their grammars and hold the same figures', async () => {
  const names = ['x.prom', 'x.emf', 'x.csv', 'x.hlog'];
  const to = names.flatMap((name) => ['--report', at(name)]);
  assert.equal((await inProcess(['report', at('whole.json'), ...to])).code, 0);
  const { correlation, latency } = assertReport(await read('whole.json'));

  const line =
    /^(# (HELP|TYPE) [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="[^"\n]*"(,[a-zA-Z_]\w*="[^"\n]*")*\})? -?[\d.e+-]+)$/;
  const prom = (await read('x.prom')).trimEnd().split('\n');
  for (const text of prom) assert.match(text, line);
  const samples = prom.filter((text) => !text.startsWith('#')).map((text) => text.split(' ')[0]);
  assert.equal(new Set(samples).size, samples.length);
  assert.ok(prom.includes(`fraudstream_correlation_sent{command="run"} ${correlation?.sent}`));

  for (const text of (await read('x.emf')).trimEnd().split('\n')) {
    const { _aws: aws, ...values } = JSON.parse(text);
    const [directive] = aws.CloudWatchMetrics;
    assert.ok(Number.isInteger(aws.Timestamp) && directive.Metrics.length <= 100);
    for (const { Name: name } of directive.Metrics)
      assert.equal(typeof values[name], 'number', name);
  }
  const [head, ...rows] = (await read('x.csv')).trimEnd().split('\r\n');
  assert.equal(head, 'time,due,achieved,matched,errors,dropped,p50_ms,p95_ms,p99_ms');
  const matched = rows.reduce((sum, row) => sum + Number(row.split(',')[3]), 0);
  assert.equal(matched, correlation?.matched);

  const reader = new HistogramLogReader(await read('x.hlog'));
  const histogram = reader.nextIntervalHistogram();
  const known = latency?.end_to_end as { readonly count: number };
  assert.equal(histogram?.tag, 'latency.end_to_end');
  assert.equal(histogram?.totalCount, known.count);
});

test('GitHub gets an error for each reason, and the summary of the step', async () => {
  const flags = ['--output', 'github', '--fail-if', 'latency.end_to_end.p99 > 0.001ms'];
  const env = { GITHUB_STEP_SUMMARY: at('summary.md') };
  const { out } = await inProcess(['report', at('whole.json'), ...flags], env);
  assert.match(
    out,
    /^::error title=fraudstream run.*::latency\.end_to_end\.p99 > 0\.001ms: it is/m,
  );
  assert.match(await read('summary.md'), /\*\*Failed\*\* \(exit code 99\)/);
});

test('a figure that got worse than allowed is a regression, with 99; within bounds it is not', async () => {
  const slower = JSON.parse(await read('whole.json'));
  slower.latency.end_to_end.p99_ms *= 1.5;
  await writeFile(at('slower.json'), JSON.stringify(slower));
  const compared = (limit: string) =>
    inProcess([
      'report',
      at('slower.json'),
      '--baseline',
      at('whole.json'),
      '--allow-change',
      limit,
    ]);
  const bad = await compared('latency.end_to_end.p99_ms:+10%');
  assert.equal(bad.code, 99);
  assert.match(bad.out, /REGRESSED/);
  assert.equal((await compared('latency.end_to_end.p99:+60%')).code, 0);
  assert.equal((await compared('end_to_end.p99:+60%')).code, 0);
  assert.equal((await compared('matched:-1%')).code, 0);
  const ambiguous = await compared('p99:+60%');
  assert.equal(ambiguous.code, 2);
  assert.match(ambiguous.err, /"p99" may mean .*latency\.end_to_end\.p99/);
  const unknown = await compared('latency.p12345:+60%');
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /latency\.p12345/);
});

test('what is no report is refused by name', async () => {
  await writeFile(at('other.json'), '{"a": 1}');
  const other = await inProcess(['report', at('other.json')]);
  assert.equal(other.code, 65);
  assert.match(other.err, /other\.json is not a report/);
  assert.equal((await inProcess(['report', at('absent.json')])).code, 66);
  const damaged = JSON.parse(await read('part-1.json'));
  for (const histogram of ['xx', '', 7, damaged.latency.end_to_end.histogram.slice(0, -9)]) {
    damaged.latency.end_to_end.histogram = histogram;
    await writeFile(at('damaged.json'), JSON.stringify(damaged));
    const { code, err } = await inProcess(['report', at('damaged.json'), at('part-2.json')]);
    assert.equal(code, 65, err);
    assert.match(err, /damaged\.json: latency\.end_to_end\.histogram is no HdrHistogram/);
  }
  const ending = await inProcess(['report', at('whole.json'), '--report', at('x.pdf')]);
  assert.equal(ending.code, 2);
  assert.match(ending.err, /\.html, \.xml/);
});
