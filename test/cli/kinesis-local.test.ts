import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { fraudstream, local } from '../support/fraudstream.ts';
import { startKinesisLocal } from '../support/kinesis-local.ts';

test('what produce puts to a Kinesis that others wrote, consume reads back, by id', async () => {
  const kinesis = await startKinesisLocal();
  try {
    const sdk = new KinesisClient({
      region: 'us-east-1',
      endpoint: kinesis.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: new NodeHttpHandler(),
    });
    await sdk.send(new CreateStreamCommand({ StreamName: 'transactions', ShardCount: 3 }));
    const at = ['--stream', 'transactions', '--kinesis-endpoint-url', kinesis.url];
    const count = ['--count', '5000'];
    const made = await fraudstream(['generate', ...count, '--seed', '11']);
    const produced = await fraudstream(['produce', ...at, ...count, '--seed', '11'], local);
    assert.equal(produced.code, 0, produced.err);
    const from = ['--from', 'trim-horizon'];
    const consumed = await fraudstream(['consume', ...at, ...count, ...from], local);
    assert.equal(consumed.code, 0, consumed.err);
    assert.deepEqual(consumed.out.trim().split('\n').sort(), made.out.trim().split('\n').sort());
  } finally {
    await kinesis.close();
  }
});
