import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Finding } from '../../dist/transactions/finding.js';
import { type Ended, fixtures } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder, linesOf } from '../support/recordings.ts';

const place = folder('validate');
const day = join(fixtures, 'transactions', 'day.ndjson');
const sound = linesOf(readFileSync(day, 'utf8'));

function file(name: string, content: string | Uint8Array): string {
  const path = join(place, name);
  writeFileSync(path, content);
  return path;
}
const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
const changed = (line: string | undefined, fields: object): string =>
  JSON.stringify({ ...JSON.parse(line ?? ''), ...fields });
const validate = (...args: readonly string[]): Promise<Ended> => inProcess(['validate', ...args]);

/** What is found, all of it. */
async function findings(...args: readonly string[]): Promise<readonly Finding[]> {
  const { out } = await validate(...args, '--output', 'ndjson', '--max-errors', '1M');
  return linesOf(out).map((line) => JSON.parse(line));
}
const brief = ({ severity, line, field }: Finding): string => `${severity} ${line} ${field}`;

test('the shipped fixtures are sound, labels too: exit code 0', async () => {
  const { code, out } = await validate(join(fixtures, 'transactions', '*.ndjson'));
  assert.equal(code, 0, out);
  assert.match(out, /^\d+ records in 8 files: (\d+) valid, 0 invalid\n$/);
});

for (const kind of ['transaction', 'label'] as const) {
  test(`every invalid ${kind} of fixtures/schema is refused at its field, every valid one is taken`, async () => {
    const text = (name: string): string =>
      readFileSync(join(fixtures, 'schema', `${kind}.${name}.ndjson`), 'utf8');
    const invalid = linesOf(text('invalid')).map((line) => JSON.parse(line));
    const path = file(
      `${kind}.ndjson`,
      lines(...invalid.map(({ value }) => JSON.stringify(value))),
    );
    const found = await findings(path, '--kind', kind);
    for (const [place, { field, value }] of invalid.entries()) {
      assert.ok(
        found.some((each) => each.line === place + 1 && each.field === field),
        JSON.stringify(value),
      );
    }
    const { code, out } = await validate(file('valid.ndjson', text('valid')), '--kind', kind);
    assert.equal(code, 0, out);
  });
}

test('all that is wrong with a line is told, with its value, and the lines after it are judged', async () => {
  const bad = changed(sound[1], { amount_minor: 12.5, currency: 'XXX', event_time: '2026-02-30' });
  const path = file('some.ndjson', lines(sound[0] ?? '', bad, '{"broken', sound[2] ?? ''));
  const { code, out } = await validate(path);
  assert.equal(code, 65);
  const told = linesOf(out).filter((line) => line.startsWith(path));
  assert.deepEqual(
    told.map((line) => line.slice(path.length)),
    [
      ':2: event_time must be an instant in UTC with milliseconds, such as 2026-01-31T23:59:59.999Z, not "2026-02-30"',
      ':2: amount_minor must be a whole number from 0 to 2^53-1, not 12.5',
      ':2: currency must be one of the known codes, not "XXX"',
      ':3: the line is not JSON (Unterminated string in JSON at position 8)',
    ],
  );
  assert.match(out, /^4 records in 1 file: 2 valid, 2 invalid$/m);
  assert.match(
    out,
    /^ +1 {2}currency: must be one of the known codes \(first .*some\.ndjson:2\)$/m,
  );
});

test('a bad line is found at its place in every form of a file', async () => {
  const bad = lines(sound[0] ?? '', changed(sound[1], { mcc: '12' }), sound[2] ?? '');
  const csv = join(place, 'made.csv');
  const world = ['--count', '3', '--seed', '1', '--manifest', 'none', '--out'];
  await inProcess(['generate', ...world, csv]);
  const rows = readFileSync(csv, 'utf8').split('\n');
  rows[2] = (rows[2] ?? '').replace('2026-01-01T', '2026-13-01T');
  const forms: readonly (readonly [string, readonly string[], string])[] = [
    ['NDJSON', [file('a.ndjson', bad)], 'error 2 mcc'],
    ['gzip, whatever the name says', [file('packed', gzipSync(bad))], 'error 2 mcc'],
    ['CSV, whose first line is the header', [file('a.csv', rows.join('\n'))], 'error 3 event_time'],
  ];
  for (const [what, args, wanted] of forms) {
    assert.deepEqual((await findings(...args)).map(brief), [wanted], what);
  }
  const { code, out } = await inProcess(['validate', '-'], {}, bad);
  assert.equal(code, 65);
  assert.match(out, /^stdin:2: mcc must be 4 digits, not "12"$/m);
});

test('Parquet and labels in CSV are judged like NDJSON', async () => {
  const world = ['--count', '40', '--seed', '1', '--labels', 'sidecar', '--manifest', 'none'];
  for (const name of ['w.parquet', 'w.csv']) {
    await inProcess(['generate', ...world, '--out', join(place, name)]);
  }
  const names = ['w.parquet', 'w.labels.parquet', 'w.csv', 'w.labels.csv'];
  const { code, out } = await validate(...names.map((name) => join(place, name)));
  assert.equal(code, 0, out);
  assert.match(out, /160 valid/);
});

test('of a mapped row all is told that is wrong, by the names of its columns', async () => {
  const path = file(
    'foreign.csv',
    lines('time,card,price,cur,shop', '2026-01-01T00:00:00Z,c1,1.50,USD,x', 'then,,1.505,USD,x'),
  );
  const map = 'event_time=time,card_id=card,amount=price,currency=cur,merchant_name=shop';
  const found = await findings(path, '--map', map);
  assert.deepEqual(found.map(brief), ['error 3 time', 'error 3 price', 'error 3 card_id']);
  const foreign = join(fixtures, 'foreign', 'afd_transactions_2k.csv');
  const mapped = await validate(foreign, '--map', join(fixtures, 'foreign', 'afd.yaml'));
  assert.equal(mapped.code, 0);
  assert.match(mapped.out, /1,611 records in 1 file: 1,611 valid, 0 invalid/);
  const { code, err } = await validate(foreign);
  assert.equal(code, 78);
  assert.match(
    err,
    /has no column that is a field of a transaction: it has .*Describe them with --map, or let .fraudstream init --sample/,
  );
});

test('what is odd between sound records is a warning: exit code 0', async () => {
  const [first = '', second = '', third = ''] = sound;
  const path = file('odd.ndjson', lines(second, first, third, changed(first, { mcc_code: '1' })));
  assert.deepEqual((await findings(path)).map(brief), [
    'warning 2 event_time',
    'warning 4 transaction_id',
    'warning 4 mcc_code',
  ]);
  const { code, out } = await validate(path, day);
  assert.equal(code, 0);
  assert.match(out, /Warning +4 records with a transaction_id that occurred before/);
  assert.match(out, /Warning +2 records not in order of event time, by up to .*--sort/);
  assert.match(out, /Warning +unknown fields: mcc_code \(1\)/);
  const empty = await validate(file('empty.ndjson', ''));
  assert.deepEqual([empty.code, /holds no records/.test(empty.out)], [0, true]);
});

test('what replay or record add to a line is known', async () => {
  const added = {
    original_event_time: '2026-01-01T00:00:00.000Z',
    is_fraud: false,
    arrived_at: null,
  };
  assert.deepEqual(await findings(file('added.ndjson', lines(changed(sound[0], added)))), []);
});

test('--max-errors bounds what is told, never what is counted', async () => {
  const path = file('many.ndjson', 'x\n'.repeat(5000));
  const { code, out } = await validate(path, '--max-errors', '7');
  assert.equal(code, 65);
  assert.equal(linesOf(out).filter((line) => line.startsWith(path)).length, 7);
  assert.match(out, /^5,000 records in 1 file: 0 valid, 5,000 invalid$/m);
  assert.match(out, /^ +5,000 {2}lines: is not JSON/m);
  assert.match(out, /Not listed +4,993 findings past --max-errors/);
});

test('the report as JSON adds up, on stdout and in a file', async () => {
  const path = file(
    'report.ndjson',
    lines(...sound.slice(0, 5), 'x', changed(sound[5], { eci: 7 })),
  );
  const report = join(place, 'validation.json');
  const { code, out } = await validate(path, day, '--output', 'json', '--report', report);
  assert.equal(code, 65);
  const told = JSON.parse(out);
  assert.deepEqual(told, JSON.parse(readFileSync(report, 'utf8')));
  assert.equal(told.schema_version, 2);
  assert.deepEqual([told.records, told.invalid], [7 + sound.length, 2]);
  assert.equal(told.valid + told.invalid, told.records);
  assert.deepEqual(
    told.files.map((each: { records: number; invalid: number }) => [each.records, each.invalid]),
    [
      [7, 2],
      [sound.length, 0],
    ],
  );
  assert.equal(told.warnings.duplicates, 6);
  assert.deepEqual(told.findings.slice(0, 2), [
    {
      severity: 'error',
      file: path,
      line: 6,
      field: '',
      value: null,
      reason: `is not JSON (Unexpected token 'x', "x" is not valid JSON)`,
    },
    {
      severity: 'error',
      file: path,
      line: 7,
      field: 'eci',
      value: '7',
      reason: 'must be 2 digits',
    },
  ]);
});

test('annotations of GitHub are escaped as its toolkit does, and nothing of a file gets out of them', async () => {
  const obeyed = '\u001b[31m\u0007';
  const bad = changed(sound[0], { mcc: '100%\n::error::no', eci: obeyed });
  const { code, out } = await validate(
    file('a,b:c%d.ndjson', lines(bad, `${obeyed}\r::set-output name=x::y`)),
    '--output',
    'github',
  );
  assert.equal(code, 65);
  const annotations = linesOf(out).filter((line) => line.startsWith('::'));
  assert.equal(annotations.length, 3, out);
  assert.ok(annotations.every((line) => line.includes('/a%2Cb%3Ac%25d.ndjson,line=')));
  assert.match(
    annotations[0] ?? '',
    /^::error file=\/.*,line=1,title=mcc must be 4 digits::mcc must be 4 digits, not "100%25\\n::error::no"$/,
  );
  assert.match(annotations[2] ?? '', /,line=2,title=Line is not JSON::The line is not JSON/);
  assert.ok(!out.includes('\u001b') && !out.includes('\u0007') && !out.includes('\r'));
});

test('a file that breaks off is invalid where it does, and the next file is judged', async () => {
  const whole = gzipSync(lines(...sound));
  const cut = file('cut.ndjson.gz', whole.subarray(0, whole.length - 3000));
  const parquet = file('none.parquet', 'no such thing');
  const found = await findings(cut, parquet, file('next.ndjson', 'x\n'));
  assert.deepEqual(
    found.filter(({ field }) => field === '').map(({ reason }) => reason.replace(/ \(.*/, '')),
    ['cannot be read', 'cannot be read', 'is not JSON'],
  );
});

test('a file that is not there ends the run before any is judged: exit code 66', async () => {
  for (const missing of [join(place, 'absent.ndjson'), join(place, 'absent', '*.ndjson')]) {
    const { code, out, err } = await validate(day, missing);
    assert.equal(code, 66, err);
    assert.equal(out, '');
  }
});

test('whatever replay refuses is invalid, and nothing else', async () => {
  const mutated = sound.map((line, place) => {
    if (place % 5 === 0) return line.slice(0, (place * 7919) % line.length);
    if (place % 5 === 1) return line.replace('":"', '":"\u0000');
    if (place % 5 === 2) return line.replace(/"amount_minor":\d+/, '"amount_minor":-1');
    return line;
  });
  const path = file('mutated.ndjson', Buffer.from(lines(...mutated)));
  const rejects = join(place, 'rejects.ndjson');
  const replaying = ['replay', path, '--to', 'stdout', '--speed', 'max', '--rejects', rejects];
  assert.equal((await inProcess(replaying)).code, 65);
  const refused = readFileSync(rejects, 'utf8').split('\n').slice(0, -1);
  const invalid = new Set(
    (await findings(path)).flatMap(({ severity, line }) => (severity === 'error' ? [line] : [])),
  );
  const wanted = mutated.filter((line, index) => line !== '' && invalid.has(index + 1));
  assert.deepEqual(refused, wanted);
});

test('the reports of a validation have every kind of error, the findings with their places, and a count of the rest', async () => {
  const bad = Array.from({ length: 30 }, () => changed(sound[0], { mcc: '7|`<b>' }));
  const path = file('found.ndjson', lines(...sound.slice(1, 3), ...bad, 'x'));
  const report = (ending: string): string => join(place, `found.${ending}`);
  const reports = ['html', 'md', 'xml', 'json'].flatMap((ending) => ['--report', report(ending)]);
  const { code } = await validate(path, '--max-errors', '20', ...reports);
  assert.equal(code, 65);
  const text = (ending: string): string => readFileSync(report(ending), 'utf8');
  const { findings: told, findings_omitted: omitted, errors } = JSON.parse(text('json'));
  assert.equal(told.length, 20);
  assert.ok(omitted >= 11 && errors === 31, `${omitted} of ${errors}`);
  const shell = (await inProcess(['report', report('json')])).out;
  for (const shown of [text('html'), text('md'), text('xml'), shell]) {
    assert.match(shown, /mcc must be 4 digits/);
    assert.match(shown, /found\.ndjson:3/);
    assert.match(shown, /line is not JSON/, 'also of what was not told');
    assert.match(shown, new RegExp(`${omitted} more findings are only counted`));
    assert.doesNotMatch(shown, /None\./);
  }
  assert.match(text('html'), /<td[^>]*>mcc<\/td><td[^>]*>&quot;7\|`&lt;b>&quot;<\/td>/);
  assert.match(text('md'), /\| mcc \| "7\\\|\\`\\<b\\>" \| must be 4 digits/);
  assert.match(
    text('xml'),
    /found\.ndjson is valid" classname="fraudstream\.validate"><failure message="31 records are invalid">\S*found\.ndjson:3: mcc must be/,
  );
  const github = await inProcess(['report', report('json'), '--output', 'github']);
  assert.match(github.out, /^::error file=\S*found\.ndjson,line=3,title=mcc must be 4 digits::/m);
});

test('a validation that finds nothing says so in its reports, and parts of one are added up', async () => {
  const [whole, broken] = ['whole', 'broken'].map((name) => join(place, `${name}.json`)) as [
    string,
    string,
  ];
  const page = join(place, 'whole.html');
  assert.equal((await validate(day, '--report', whole, '--report', page)).code, 0);
  assert.match(readFileSync(page, 'utf8'), /<h2>Findings<\/h2>\n<p class="soft">None\.<\/p>/);
  const path = file('broken.ndjson', lines('x', ...sound.slice(0, 2)));
  assert.equal((await validate(path, '--report', broken)).code, 65);
  const merged = await inProcess(['report', whole, broken, '--output', 'json']);
  assert.equal(merged.code, 65);
  const document = JSON.parse(merged.out);
  assert.deepEqual([document.records, document.invalid, document.errors], [sound.length + 3, 1, 1]);
  assert.equal(document.findings.length, 1);
  assert.equal(document.files.length, 2);
});
