import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { started } from '../support/embedded.ts';
import { fraudstream, shell } from '../support/fraudstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-consume-'));
after(() => rmSync(folder, { recursive: true }));
const credentials = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

test('a checkpoint never passes what a reader who left has not had: the next run brings it', async () => {
  const { url } = await started({ streams: { transactions: 2 } });
  const env = { ...credentials, AWS_ENDPOINT_URL_KINESIS: url };
  const few = ['--stream', 'transactions', '--count', '20000', '--rate', 'max', '--seed', '1'];
  assert.equal((await fraudstream(['produce', ...few], env)).code, 0);
  const where = `--stream transactions --from trim-horizon --checkpoint ${join(folder, 'cp')}`;
  const line = `fraudstream consume ${where} --idle-timeout 1s`;
  const first = await shell(`${line} | head -20; exit "\${PIPESTATUS[0]}"`, env);
  assert.equal(first.code, 0, first.err);
  const { out } = await shell(line, env);
  const ids = (first.out + out)
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text).transaction_id);
  assert.equal(new Set(ids).size, 20_000);
});
