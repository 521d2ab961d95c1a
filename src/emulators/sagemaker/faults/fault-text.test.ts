import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FraudstreamError } from '../../../errors.ts';
import { type EndpointFault, requestFaults, rowFaults } from './fault.ts';
import { endpointFaultForms, endpointFaultText, parseEndpointFaults } from './fault-text.ts';

const lognormal = { form: 'lognormal', medianMs: 8, sigma: 0.5 } as const;
const bimodal = { form: 'bimodal', ms: 8, slowMs: 1500, slowShare: 0.01 } as const;
const faults: readonly (readonly [string, EndpointFault])[] = [
  ...[...requestFaults, ...rowFaults].map((kind): readonly [string, EndpointFault] => [
    `${kind}=0.2`,
    { kind, share: 0.2 },
  ]),
  ['throttle=20%', { kind: 'throttle', share: 0.2 }],
  ['hang=.5', { kind: 'hang', share: 0.5 }],
  ['latency=8ms', { kind: 'latency', latency: { form: 'const', ms: 8 } }],
  ['latency=const(0.5s)', { kind: 'latency', latency: { form: 'const', ms: 500 } }],
  ['latency=lognormal(8ms,0.5)', { kind: 'latency', latency: lognormal }],
  ['latency=bimodal(8ms,1.5s,1%)', { kind: 'latency', latency: bimodal }],
  ['stall=250ms/1s', { kind: 'stall', forMs: 250, everyMs: 1000 }],
  ['workers=16', { kind: 'workers', steps: [{ fromMs: 0, workers: 16 }] }],
  [
    'workers=schedule(0s:16,10s:64)',
    {
      kind: 'workers',
      steps: [
        { fromMs: 0, workers: 16 },
        { fromMs: 10_000, workers: 64 },
      ],
    },
  ],
  ['queue=0', { kind: 'queue', length: 0 }],
  ['limit=1000/s', { kind: 'limit', perSecond: 1000, burst: 1000 }],
  ['limit=0.5/s+3', { kind: 'limit', perSecond: 0.5, burst: 3 }],
  ['not-ready=10s', { kind: 'not-ready', forMs: 10_000 }],
  ['dead=10s', { kind: 'dead', fromMs: 0, forMs: 10_000 }],
  ['dead=5s+1m', { kind: 'dead', fromMs: 5000, forMs: 60_000 }],
  ['wrong-ids=ids(T1,T2)', { kind: 'wrong-ids', ids: ['T1', 'T2'] }],
];
for (const [text, fault] of faults) {
  test(`${text} is read as a fault, and as the same once written`, () => {
    assert.deepEqual(parseEndpointFaults(text), [fault]);
    assert.deepEqual(parseEndpointFaults(endpointFaultText(fault)), [fault]);
  });
}

test('several faults are separated by commas, those within brackets aside', () => {
  const texts = faults.map(([text]) => text);
  assert.deepEqual(
    parseEndpointFaults(texts.join(', ')),
    faults.map(([, fault]) => fault),
  );
  assert.deepEqual(parseEndpointFaults(''), []);
});

test('every form that messages show can be read', () => {
  assert.ok(parseEndpointFaults(endpointFaultForms).length > 25);
});

const refused: readonly (readonly [string, RegExp])[] = [
  ['throttle', /^"throttle" is not a fault .* Write throttle=0.01, /],
  ['throttle=1.1', /^"throttle=1.1" is not a fault .* Write throttle=0.01\.$/],
  ['throttle=-1', /Write throttle=0.01/],
  ['flood=0.5', /^"flood=0.5" is not a fault .*stall=250ms\/1s/],
  ['constructor=0.5', /^"constructor=0.5" is not a fault/],
  ['latency=8', /Write latency=8ms, latency=lognormal\(8ms,0.5\)/],
  ['latency=lognormal(8ms)', /Write latency=8ms/],
  ['latency=lognormal(8ms,-1)', /Write latency=8ms/],
  ['latency=bimodal(8ms,200ms,2)', /Write latency=8ms/],
  ['latency=lognormal(8ms,0.5', /^"latency=lognormal\(8ms"/],
  ['stall=1s/250ms', /Write stall=250ms\/1s/],
  ['stall=1s/1s', /Write stall=/],
  ['workers=0', /Write workers=16/],
  ['workers=schedule(10s:4)', /Write workers=16/],
  ['workers=schedule(0s:4,10s:8,5s:2)', /Write workers=16/],
  ['queue=-1', /Write queue=32/],
  ['limit=0/s', /Write limit=1000\/s/],
  ['limit=5', /Write limit=1000\/s/],
  ['dead=5s+', /Write dead=10s/],
  ['not-ready=soon', /Write not-ready=10s/],
  ['wrong-ids=T1', /Write wrong-ids=ids\(T1,T2\)/],
  ['throttle=0.1,hang=x', /^"hang=x" is not a fault .* Write hang=0.01/],
];
for (const [text, message] of refused) {
  test(`"${text}" is refused, with the part that is wrong and what to write`, () => {
    assert.throws(
      () => parseEndpointFaults(text),
      (error) =>
        error instanceof FraudstreamError && error.code === 'usage' && message.test(error.message),
    );
  });
}

test('a colon stands for the equals sign, as in faults of Kinesis', () => {
  const texts = ['throttle=0.2,latency=8ms', 'workers=schedule(0s:16,10s:64)'];
  for (const text of texts) {
    assert.deepEqual(parseEndpointFaults(text.replace(/=/g, ':')), parseEndpointFaults(text));
  }
});
