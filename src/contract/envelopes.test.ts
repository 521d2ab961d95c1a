import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrapped } from './envelopes.ts';

const inner = '{"id":"a","big":12345678901234567890,"amount":1.50}';

test('the message of SNS, EventBridge and a Lambda destination is taken out as it is, with its id', () => {
  const sns = { Type: 'Notification', MessageId: 'm1', TopicArn: 'arn', Message: inner };
  const bus = `{"version":"0","id":"e1","detail-type":"decision","detail": ${inner} }`;
  const lambda = `{"version":"1.0","requestContext":{"requestId":"r1"},"responsePayload":${inner}}`;
  const of = (kind: Parameters<typeof unwrapped>[0], text: string): readonly unknown[] => {
    const found = unwrapped(kind, text);
    return [found?.data.toString(), found?.deliveryId];
  };
  assert.deepEqual(of('sns', JSON.stringify(sns)), [inner, 'm1']);
  assert.deepEqual(of('eventbridge', bus), [inner, 'e1']);
  assert.deepEqual(of('lambda', lambda), [inner, 'r1']);
});

test('what is no such envelope is none', () => {
  for (const text of ['', 'no JSON', '[]', 'null', '"x"', '{"Message":null}', inner]) {
    assert.equal(unwrapped('sns', text), undefined);
    assert.equal(unwrapped('eventbridge', text), undefined);
    assert.equal(unwrapped('lambda', text), undefined);
  }
});
