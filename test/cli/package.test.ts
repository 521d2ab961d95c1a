import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { commands } from '../../dist/commands/all-commands.js';
import { lacksTraining, python } from '../support/python.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const shell = promisify(execFile);
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-package-'));
  await shell('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const flags = ['--no-audit', '--no-fund', '--prefer-offline'];
  await shell('npm', ['install', ...flags, join(folder, tarball)], { cwd: folder });
});
after(() => rm(folder, { recursive: true }));

test('the package holds what it needs to run and nothing else', async () => {
  const installed = join(folder, 'node_modules', 'fraudstream');
  const files = await readdir(installed, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(installed.length + 1));
  const wanted =
    /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|bin\/(fraudstream|package\.json)|assets\/.+\.(bin|ubj|css|json)|fixtures\/(features\/manifest|schema\/[\w.-]+\.schema)\.json|model\/(fraudstream_model\/\w+\.py|train\.py|pyproject\.toml|requirements\.txt)|dist\/.+\.(js|d\.ts)|dist\/bundle\/([\w-]+\.cjs(\.map)?|LICENSES\.txt)|dist\/man\/fraudstream[a-z-]*\.1)$/;
  assert.deepEqual(
    paths.filter((path) => !wanted.test(path) || path.includes('.test.')),
    [],
  );
});

test('there is a manual page for each command, and schemas can be imported', async () => {
  const installed = join(folder, 'node_modules', 'fraudstream');
  const { man } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const names = ['fraudstream', ...commands.map(({ name }) => `fraudstream-${name}`)];
  assert.deepEqual([...man].sort(), names.map((name) => `./dist/man/${name}.1`).sort());
  for (const page of man) {
    const text = await readFile(join(installed, page), 'utf8');
    assert.match(text, /^\.TH FRAUDSTREAM/);
    assert.doesNotMatch(
      text,
      /^'|[^\\]-/m,
      'a hyphen that is not escaped, or a line that is a request',
    );
  }
  for (const name of ['config', 'contract', 'label', 'report', 'transaction', 'verdict']) {
    const program = `import schema from 'fraudstream/schemas/${name}.schema.json' with { type: 'json' };
      console.log(schema.$schema);`;
    await writeFile(join(folder, 'schema.js'), program);
    const { stdout } = await shell(process.execPath, ['schema.js'], { cwd: folder });
    assert.match(stdout, /json-schema\.org/, name);
  }
});

test('demo and produce --local work from the tarball in an empty folder', async () => {
  const run = (...args: string[]) =>
    shell('npx', ['--no-install', 'fraudstream', ...args], { cwd: folder });
  const demo = await run('demo', '--count', '500', '--rate', 'max');
  assert.match(demo.stdout, /500 produced = 500 consumed \+ 0 missing/);
  assert.match(demo.stdout, /Most suspicious/);
  const produced = await run('produce', '--local', '--count', '100', '--rate', 'max');
  assert.match(produced.stdout, /100 sent, 100 acknowledged/);
});

test('the library works from the tarball: a world, put to a stream, and read back', async () => {
  const program = `
    import { consume, put, producerDefaults, startEmbeddedKinesis, streamClient, systemClock, take, unpaced, userRecords, world } from 'fraudstream';
    const kinesis = await startEmbeddedKinesis({ streams: { transactions: 2 } });
    const client = await streamClient({ stream: 'transactions', region: 'us-east-1',
      endpointUrl: kinesis.url, credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxConnections: 4, requestTimeoutMs: 5000, connectTimeoutMs: 5000 });
    const stop = new AbortController();
    const records = take(userRecords(await world({ seed: 1 })), 200);
    const due = unpaced(records, systemClock, stop.signal);
    let accepted = 0;
    for await (const receipts of put(due, client, { clock: systemClock, random: Math.random }, producerDefaults)) {
      accepted += receipts.filter((receipt) => receipt.isAccepted).length;
    }
    let read = 0;
    const reading = { from: 'trim-horizon', limit: 1000, pollIntervalMs: 50 };
    for await (const batch of consume(client, { clock: systemClock, stop: stop.signal }, reading)) {
      read += batch.records.length;
      if (read === accepted) break;
    }
    client.close();
    await kinesis.close();
    console.log(accepted, read);
  `;
  await writeFile(join(folder, 'program.js'), program);
  const { stdout } = await shell(process.execPath, ['program.js'], { cwd: folder });
  assert.equal(stdout.trim(), '200 200');
});

const skip = lacksTraining('pandas', 'pyarrow', 'sklearn', 'xgboost');

test('three commands from the tarball make a model of a foreign file and score with it', {
  skip,
}, async (t) => {
  // As docs/own-model.md has it, in a folder with nothing but the package.
  const foreign = join(root, 'fixtures', 'foreign');
  const files = { input: join(foreign, 'afd_transactions_2k.csv'), map: join(foreign, 'afd.yaml') };
  const input = ['--input', files.input, '--map', files.map, '--sort', '--progress', 'none'];
  const packed = join(folder, 'node_modules', 'fraudstream', 'model');
  const { PYTHONPATH = '' } = process.env;
  const env = { ...process.env, PYTHONPATH: [packed, PYTHONPATH].join(delimiter) };
  const step = async (name: string, command: string, args: readonly string[]): Promise<string> => {
    const startedAt = performance.now();
    const { stdout, stderr } = await shell(command, args, { cwd: folder, env });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    t.diagnostic(`${name}: ${seconds} s\n${stdout.slice(0, 600)}${stderr.slice(0, 600)}`);
    return stdout + stderr;
  };
  const npx = ['--no-install', 'fraudstream'];
  const rows = await step('features', 'npx', [
    ...npx,
    'features',
    ...input,
    '--out',
    'rows.parquet',
  ]);
  assert.match(rows, /1,611 rows of features/);
  const windows = [
    ...['--train-until', '2023-01-20', '--label-delay', '7d', '--test-from', '2023-01-27'],
    ...['--card-precision-at', '5', '--nthread', '1'],
  ];
  const train = ['-m', 'fraudstream_model', 'train', 'rows.parquet', ...windows];
  const trained = await step('train', python, [...train, '--out', 'mine.tar.gz']);
  assert.match(trained, /ROC AUC 0\.\d+, average precision 0\.\d+, card precision@5 0\.\d+/);
  const page = await readFile(join(folder, 'mine.html'), 'utf8');
  assert.match(page, /<h2>Calibration<\/h2>.*<svg/s);
  assert.doesNotMatch(page, /<script|https?:\/\//);
  const version = /Model (mine-[0-9a-f]{8}):/.exec(trained)?.[1];
  const threshold = Number(/Threshold (0\.\d+)/.exec(trained)?.[1]);
  const score = ['score', '--local', '--model', 'mine.tar.gz', '--out', 'verdicts.ndjson'];
  await step('score', 'npx', [...npx, ...score, ...input]);
  const verdicts = (await readFile(join(folder, 'verdicts.ndjson'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(verdicts.length, 1611);
  for (const verdict of verdicts) {
    assert.equal(verdict.model_version, version);
    assert.ok(Math.abs(verdict.threshold - threshold) < 1e-4);
  }
});

/** The TypeScript of the first example of a section of README.md. */
async function readmeExample(section: string): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const [, after = ''] = text.split(`## ${section}\n`);
  const lines = after.split('\n');
  const from = lines.findIndex((line) => line.startsWith('    '));
  const to = lines.findIndex((line, index) => index > from && /^\S/.test(line));
  return lines
    .slice(from, to)
    .map((line) => line.slice(4))
    .join('\n');
}

test('the test suite of README.md type-checks against the tarball and passes', async () => {
  const example = await readmeExample('As a library');
  assert.match(example, /runPipeline\(/);
  await writeFile(join(folder, 'pipeline.test.ts'), example);
  const compilerOptions = {
    ...{ target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true },
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules', '@types')], skipLibCheck: true },
    ...{ outDir: 'built' },
  };
  const config = { compilerOptions, files: ['pipeline.test.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await shell(process.execPath, [compiler, '-p', folder], { cwd: folder });
  const ran = await shell(process.execPath, ['--test', join('built', 'pipeline.test.js')], {
    cwd: folder,
    // A test that runs within a test would report to it, and not say whether it passed.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  assert.match(ran.stdout, /pass 1/);
});
