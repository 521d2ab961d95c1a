import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
    /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|bin\/(fraudstream|package\.json)|assets\/.+\.(bin|ubj|css|json)|fixtures\/(features\/manifest|schema\/[\w.-]+\.schema)\.json|model\/(fraudstream_model\/\w+\.py|train\.py|pyproject\.toml|requirements\.txt)|dist\/.+\.(js|d\.ts)|dist\/bundle\/([\w-]+\.cjs(\.map)?|LICENSES\.txt))$/;
  assert.deepEqual(
    paths.filter((path) => !wanted.test(path) || path.includes('.test.')),
    [],
  );
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
