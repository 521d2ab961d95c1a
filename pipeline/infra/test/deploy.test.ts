import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, shell } from './tools.ts';

const script = join(root, 'pipeline', 'deploy.sh');
let room = '';
before(async () => {
  room = await mkdtemp(join(tmpdir(), 'fraudstream-deploy-'));
});
after(() => rm(room, { recursive: true }));

/** A stand-in for the AWS CLI: it notes what it was told, and the job has a state that commands change. */
const standIn = `#!/usr/bin/env bash
cd "$(dirname "$0")"
printf '%s\\n' "$*" >> calls
state() { [ $# = 0 ] && cat state || printf '%s' "$1" > state; }
case "$1 $2" in
  'cloudformation describe-stacks')
    case "$*" in
      *Application*) [ -e stack ] && echo fraudstream ;;
      *Function*) cat function 2>/dev/null || echo None ;;
      *ArtifactsBucket*) echo bucket ;;
    esac ;;
  'cloudformation deploy') case "$*" in *fraudstream-foundation*) ;; *) : > stack; [ -e state ] || state READY ;; esac ;;
  'cloudformation delete-stack') rm -f stack ;;
  'kinesisanalyticsv2 describe-application')
    now="$(state)"; echo "$now"
    case "$now" in STARTING) [ -e broken ] && state READY || state RUNNING ;; STOPPING) state READY ;; esac ;;
  'kinesisanalyticsv2 start-application') state STARTING ;;
  'kinesisanalyticsv2 stop-application') state STOPPING ;;
  'kinesisanalyticsv2 describe-application-snapshot') [ -e taken ] && echo READY || { : > taken; echo CREATING; } ;;
  's3 cp') [ ! -e full ] ;;
esac
`;

interface Ended {
  readonly code: number;
  readonly said: string;
  readonly calls: readonly string[];
}

/** Runs deploy.sh against the stand-in, whose folder holds these files. */
async function ran(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const folder = await mkdtemp(join(room, 'aws-'));
  const command = join(folder, 'aws');
  await writeFile(command, standIn);
  await chmod(command, 0o755);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'job.jar'), 'a jar');
  await writeFile(join(folder, 'model.tar.gz'), 'a model');
  const words = args.map((word) => word.replace('ROOM', folder));
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env.PATH}`,
    DEPLOY_WAIT: '0',
    DEPLOY_TRIES: '5',
  };
  const ended = await shell('bash', [script, ...words], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      said: error.stdout + error.stderr,
    }),
  );
  const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  return { ...ended, calls: calls.trim().split('\n') };
}

const files = ['--jar', 'ROOM/job.jar', '--model', 'ROOM/model.tar.gz'];
const steps = ({ calls }: Ended): readonly string[] =>
  calls
    .map((call) => call.split(' ').slice(0, 2).join(' '))
    .filter((call) => !/describe/.test(call));

test('deploy makes the bucket, uploads under names that tell the content, makes the pipeline and starts the job', async () => {
  const ended = await ran(['deploy', ...files, '--', 'Parallelism=8']);
  assert.equal(ended.code, 0, ended.said);
  assert.deepEqual(steps(ended), [
    'cloudformation deploy',
    's3 cp',
    's3 cp',
    'cloudformation deploy',
    'kinesisanalyticsv2 start-application',
  ]);
  const pipeline =
    ended.calls.find((call) => /--stack-name fraudstream /.test(call) && /deploy/.test(call)) ?? '';
  assert.match(
    pipeline,
    /JobJarKey=job\/[0-9a-f]{16}\/job\.jar ModelKey=model\/[0-9a-f]{16}\/model\.tar\.gz Parallelism=8$/,
  );
  assert.match(pipeline, /--capabilities CAPABILITY_IAM/);
});

test('upgrade takes a snapshot and waits for it before anything changes', async () => {
  const ended = await ran(['upgrade', ...files], { stack: '', state: 'RUNNING' });
  assert.equal(ended.code, 0, ended.said);
  assert.deepEqual(steps(ended).slice(0, 2), [
    'kinesisanalyticsv2 create-application-snapshot',
    'cloudformation deploy',
  ]);
  assert.match(ended.said, /before-upgrade-\d{8}t\d{6}/);
});

test('upgrade of a stack with a function deploys the function again', async () => {
  const ended = await ran(
    ['upgrade', '--jar', 'ROOM/job.jar', '--model', join(root, 'assets', 'model.ubj')],
    {
      stack: '',
      state: 'READY',
      function: 'scoring',
    },
  );
  assert.equal(ended.code, 0, ended.said);
  assert.ok(
    ended.calls.some((call) => /LambdaCodeKey=lambda\/[0-9a-f]{16}\/lambda\.zip/.test(call)),
  );
});

test('destroy stops the job first, and keeps the bucket unless told otherwise', async () => {
  const ended = await ran(['destroy'], { stack: '', state: 'RUNNING' });
  assert.equal(ended.code, 0, ended.said);
  assert.deepEqual(steps(ended), [
    'kinesisanalyticsv2 stop-application',
    'cloudformation delete-stack',
    'cloudformation wait',
  ]);
  const all = await ran(['destroy', '--all'], { stack: '', state: 'READY' });
  assert.deepEqual(steps(all).slice(-2), ['s3api list-object-versions', 's3 rb']);
});

test('a job that does not start ends deploy with an error that says where to look', async () => {
  const ended = await ran(['start'], { stack: '', state: 'READY', broken: '' });
  assert.equal(ended.code, 2);
  assert.match(ended.said, /the job is READY, not RUNNING\. Its log says why/);
});

test('an upload that fails stops before the stack is touched', async () => {
  const ended = await ran(['deploy', ...files], { full: '' });
  assert.notEqual(ended.code, 0);
  assert.deepEqual(steps(ended), ['cloudformation deploy', 's3 cp']);
});

const wrong: ReadonlyArray<readonly [readonly string[], RegExp]> = [
  [['deploy', '--jar', 'ROOM/none.jar'], /no jar of the job at .*none\.jar: build it/],
  [['deploy', '--scoring', 'gpu'], /--scoring is sagemaker or lambda, not gpu/],
  [['deploy', '--stack'], /--stack needs a value/],
  [['deploy', '--stack', 'Fraud'], /--stack is Fraud: lower-case letters, digits and hyphens/],
  [['deploy', '--fast'], /unknown option --fast; see/],
  [['undeploy'], /unknown command undeploy; see/],
  [['start', '--stack', 'nowhere'], /no stack nowhere in this region/],
];
for (const [args, message] of wrong) {
  test(`"deploy.sh ${args.join(' ')}" is refused, and said what to do`, async () => {
    const { code, said } = await ran(args);
    assert.equal(code, 2);
    assert.match(said, message);
  });
}
