import assert from 'node:assert/strict';
import { test } from 'node:test';
import { possibleScopeOf, signingScopeOf } from './aws-hosts.ts';

const signed: ReadonlyArray<readonly [host: string, service: string, region: string]> = [
  ['a1b2c3.execute-api.eu-west-1.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['A1B2C3.EXECUTE-API.EU-WEST-1.AMAZONAWS.COM.', 'execute-api', 'eu-west-1'],
  ['a1b2c3-vpce-0abc.execute-api.eu-west-1.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['vpce-x.execute-api.eu-west-1.vpce.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['vpce-x-y-eu-west-1a.execute-api.eu-west-1.vpce.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['a1b2c3.execute-api.us-gov-west-1.amazonaws.com', 'execute-api', 'us-gov-west-1'],
  ['a1b2c3.execute-api-fips.us-gov-east-1.amazonaws.com', 'execute-api', 'us-gov-east-1'],
  ['a1b2c3.execute-api.cn-north-1.amazonaws.com.cn', 'execute-api', 'cn-north-1'],
  ['vpce-x.execute-api.cn-north-1.vpce.amazonaws.com.cn', 'execute-api', 'cn-north-1'],
  ['a1b2c3.execute-api.eu-central-1.api.aws', 'execute-api', 'eu-central-1'],
  ['a1b2c3.execute-api.eusc-de-east-1.amazonaws.eu', 'execute-api', 'eusc-de-east-1'],
  ['a1b2c3.execute-api.us-iso-east-1.c2s.ic.gov', 'execute-api', 'us-iso-east-1'],
  ['a1b2c3.execute-api.us-isob-east-1.sc2s.sgov.gov', 'execute-api', 'us-isob-east-1'],
  ['a1b2c3.execute-api.ap-southeast-5.amazonaws.com', 'execute-api', 'ap-southeast-5'],
  ['runtime.sagemaker.us-east-1.amazonaws.com', 'sagemaker', 'us-east-1'],
  ['runtime-fips.sagemaker.us-east-1.amazonaws.com', 'sagemaker', 'us-east-1'],
  ['runtime.sagemaker-fips.us-gov-west-1.amazonaws.com', 'sagemaker', 'us-gov-west-1'],
  ['runtime.sagemaker.us-east-1.api.aws', 'sagemaker', 'us-east-1'],
  ['runtime-fips.sagemaker.us-east-1.api.aws', 'sagemaker', 'us-east-1'],
  ['runtime.sagemaker.cn-northwest-1.amazonaws.com.cn', 'sagemaker', 'cn-northwest-1'],
  ['runtime.sagemaker.cn-north-1.api.amazonwebservices.com.cn', 'sagemaker', 'cn-north-1'],
  ['vpce-x.runtime.sagemaker.eu-west-1.vpce.amazonaws.com', 'sagemaker', 'eu-west-1'],
  ['vpce-x.runtime-fips.sagemaker.us-east-1.vpce.amazonaws.com', 'sagemaker', 'us-east-1'],
  ['vpce-x-us-east-1a.runtime.sagemaker.us-east-1.vpce.amazonaws.com', 'sagemaker', 'us-east-1'],
];

for (const [host, service, region] of signed) {
  test(`requests to ${host} are signed for ${service} in ${region}`, () => {
    assert.deepEqual(signingScopeOf(host), { service, region });
  });
}

const unsigned = [
  'scores-123.eu-west-1.elb.amazonaws.com',
  'scores-0abc.elb.eu-west-1.amazonaws.com',
  'scores-123.cn-north-1.elb.amazonaws.com.cn',
  'ec2-1-2-3-4.eu-west-1.compute.amazonaws.com',
  'ec2-1-2-3-4.compute-1.amazonaws.com',
  'bucket.s3.eu-west-1.amazonaws.com',
  'execute-api.eu-west-1.amazonaws.com.example.com',
  'a.execute-api.eu-west-1.notamazonaws.com',
  'api.example.com',
  'runtime.sagemaker.example.com',
  '127.0.0.1',
];

for (const host of unsigned) {
  test(`requests to ${host} are not signed`, () => assert.equal(signingScopeOf(host), undefined));
}

test('the URL of a Lambda function is signed for lambda when that is asked for', () => {
  const host = 'abc.lambda-url.eu-west-1.on.aws';
  assert.equal(signingScopeOf(host), undefined);
  assert.deepEqual(possibleScopeOf(host), { service: 'lambda', region: 'eu-west-1' });
});
