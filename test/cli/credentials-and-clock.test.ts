import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { modelBytes } from '../../dist/model/shipped-model.js';
import { started } from '../support/embedded.ts';
import { started as endpoint } from '../support/endpoints.ts';
import { faultProxy, type Judgement } from '../support/fault-proxy.ts';
import { type Ended, fraudstream } from '../support/fraudstream.ts';

const COUNT = 600;
const HOUR_MS = 3_600_000;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-credentials-'));
});
after(() => rm(folder, { recursive: true }));

type Env = Readonly<Record<string, string>>;

const region = { AWS_REGION: 'us-east-1' };
const keys = { ...region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** A profile whose program gives an expired token the first time, and a new one after that. */
async function profile(name: string): Promise<Env> {
  const state = join(folder, `${name}.count`);
  const program = join(folder, `${name}.sh`);
  const config = join(folder, `${name}.config`);
  const json = `{"Version":1,"AccessKeyId":"AKIAEXAMPLE","SecretAccessKey":"secret","SessionToken":"'"$token"'"}`;
  await writeFile(
    program,
    `#!/bin/sh\nif [ -e ${state} ]; then token=new; else token=old; touch ${state}; fi\necho '${json}'\n`,
    { mode: 0o755 },
  );
  await writeFile(config, `[default]\ncredential_process = ${program}\n`);
  return { ...region, AWS_CONFIG_FILE: config };
}

interface Place {
  readonly env: Env;
  readonly put: (count: number) => Promise<Ended>;
}

/** A Kinesis and an endpoint that judge callers like AWS does. */
async function aws(judgement: Judgement): Promise<Place> {
  const kinesis = await started({ streams: { transactions: 2 } });
  const scoring = await endpoint('', { model: modelBytes() });
  const [streams, scores] = await Promise.all([
    faultProxy(kinesis.url, [], judgement),
    faultProxy(scoring.url, [], judgement),
  ]);
  return {
    env: {
      AWS_ENDPOINT_URL_KINESIS: streams.url,
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: scores.url,
    },
    put: (count) =>
      fraudstream(['produce', '--count', String(count), '--rate', 'max', '--seed', '1'], {
        ...keys,
        AWS_ENDPOINT_URL_KINESIS: kinesis.url,
      }),
  };
}

const count = ['--count', String(COUNT), '--rate', 'max', '--seed', '1'];
const commands: Readonly<Record<string, readonly string[]>> = {
  produce: ['produce', ...count],
  consume: ['consume', '--from', 'trim-horizon', '--idle-timeout', '1s'],
  score: ['score', ...count, '--endpoint-name', 'fraud', '--batch-rows', '50'],
  'score --transport sdk': [
    ...['score', ...count, '--endpoint-name', 'fraud', '--batch-rows', '50'],
    ...['--transport', 'sdk'],
  ],
  doctor: ['doctor'],
};

const linesOf = ({ out }: Ended): number => out.split('\n').filter(Boolean).length;

for (const [name, args] of Object.entries(commands)) {
  test(`${name}: an expired token is read again from its profile, once`, async () => {
    const { env, put } = await aws({ expiredToken: 'old' });
    if (name === 'consume') await put(COUNT);
    const ended = await fraudstream(args, { ...(await profile(name.replace(/\W/g, ''))), ...env });
    assert.equal(ended.code, 0, ended.err);
    if (name === 'consume') assert.equal(linesOf(ended), COUNT);
  });

  test(`${name}: signatures follow the clock of AWS, and a person is told`, async () => {
    const { env, put } = await aws({ clockOffsetMs: -HOUR_MS });
    if (name === 'consume') await put(COUNT);
    const ended = await fraudstream(args, { ...keys, ...env });
    assert.equal(ended.code, 0, ended.err);
    const said = ended.err.match(/The clock of this machine is 60 min ahead of that of AWS/g);
    if (name === 'doctor') assert.match(ended.out, /clock +3[56]\d\d\.\d s ahead of the service/);
    else assert.equal(said?.length, 1, ended.err);
  });
}

test('a token that stays expired ends the run with 77 and says to renew it', async () => {
  const { env } = await aws({ expiredToken: 'old' });
  const file = join(folder, 'credentials');
  await writeFile(
    file,
    '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\naws_session_token = old\n',
  );
  for (const name of ['produce', 'score']) {
    const ended = await fraudstream(commands[name] ?? [], {
      ...region,
      ...env,
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
    assert.equal(ended.code, 77, ended.err);
    assert.match(ended.err, /expired.*renew/s);
  }
});
