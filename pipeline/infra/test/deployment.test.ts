import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { INVOCATIONS_PER_INSTANCE, MS_PER_REQUEST } from '../lib/scoring/container-rate.ts';
import { type Evaluated, evaluated } from './evaluated.ts';
import type { Json } from './template.ts';
import { pipelines } from './template.ts';
import { root } from './tools.ts';

/** What CloudFormation would send for parameters: see test/evaluated.ts. */
const sageMaker = 'fraudstream-sagemaker';

const text = (value: unknown): string => JSON.stringify(value);
function ofType(made: Evaluated, type: string): readonly Json[] {
  return Object.values(made.resources).flatMap((one) =>
    one.Type === type ? [one.Properties] : [],
  );
}
function one(made: Evaluated, type: string): Json {
  const [found, ...others] = ofType(made, type);
  assert.ok(found && others.length === 0, `${others.length + 1} of ${type}`);
  return found;
}

for (const name of pipelines) {
  test(`${name}: a second stack fits beside the first: no name is the same`, () => {
    const named = (stack: string): readonly string[] =>
      Object.values(evaluated(name, {}, stack).resources).flatMap(({ Type, Properties }) =>
        Object.entries(Properties ?? {})
          .filter(
            ([key]) => /^(?:Name|.+Name)$/.test(key) && key !== 'StageName' && key !== 'MetricName',
          )
          .filter(([, value]) => typeof value === 'string' && !value.includes('<'))
          // A policy is named within its role, a model and a validator within their API.
          .filter(() => !/IAM::Policy|ApiGateway::(?:Model|RequestValidator)|LogStream/.test(Type))
          .map(([key, value]) => `${Type} ${key} ${value}`),
      );
    const first = named('one');
    assert.ok(first.length >= 6, text(first));
    const second = new Set(named('other'));
    assert.deepEqual(
      first.filter((each) => second.has(each)),
      [],
    );
  });

  test(`${name}: output shards follow the input, unless they are given`, () => {
    const shardsOf = (given: Record<string, string | number>): readonly unknown[] =>
      ofType(evaluated(name, { StreamMode: 'PROVISIONED', ...given }), 'AWS::Kinesis::Stream').map(
        ({ ShardCount }) => Number(ShardCount),
      );
    assert.deepEqual(shardsOf({ InputShards: 16 }), [16, 16, 16]);
    assert.deepEqual(shardsOf({ InputShards: 16, OutputShards: 27 }), [16, 27, 27]);
    assert.deepEqual(shardsOf({ LabelStreamName: 'labels' }), [4, 4, 4, 4]);
    assert.throws(() => shardsOf({ OutputShards: 0 }), /must fit/);
  });

  test(`${name}: verdicts that are not aggregated ask for a number of shards`, () => {
    const refused = (given: Record<string, string | number>): readonly string[] =>
      evaluated(name, given).refused;
    const single = { StreamMode: 'PROVISIONED', Aggregate: 'false' };
    assert.match(refused(single).join(), /a shard takes 1000 verdicts a second: give OutputShards/);
    assert.deepEqual(refused({ ...single, OutputShards: 28 }), []);
    assert.deepEqual(refused({ Aggregate: 'false' }), [], 'on demand AWS counts the shards');
    assert.deepEqual(refused({}), []);
  });

  test(`${name}: a private API answers in its VPC alone, and is deployed again when it becomes one`, () => {
    const inVpc = { VpcId: 'vpc-0a1b2c3d', SubnetIds: 'subnet-1', SecurityGroupIds: 'sg-1' };
    const made = evaluated(name, { ApiEndpointType: 'PRIVATE', ...inVpc });
    assert.deepEqual(made.refused, []);
    const { EndpointConfiguration, Policy } = one(made, 'AWS::ApiGateway::RestApi');
    assert.deepEqual(EndpointConfiguration, { Types: ['PRIVATE'] });
    const { Statement } = Policy as { Statement: readonly Json[] };
    assert.deepEqual(
      Statement.map(({ Effect, Action, Principal, Condition }) => [
        Effect,
        Action,
        text(Principal),
        Condition,
      ]),
      [
        [
          'Deny',
          'execute-api:Invoke',
          '"*"',
          { StringNotEquals: { 'aws:SourceVpc': 'vpc-0a1b2c3d' } },
        ],
        ['Allow', 'execute-api:Invoke', '{"AWS":"arn:aws:iam::111122223333:root"}', undefined],
      ],
    );
    const regional = evaluated(name);
    const { Policy: none, EndpointConfiguration: open } = one(regional, 'AWS::ApiGateway::RestApi');
    assert.deepEqual([none, open], [undefined, { Types: ['REGIONAL'] }]);
    const deployment = (of: Evaluated): string =>
      String(one(of, 'AWS::ApiGateway::Stage').DeploymentId);
    assert.notEqual(deployment(made), deployment(regional));
    for (const of of [made, regional]) {
      const ids = Object.keys(of.resources).filter((id) => id.startsWith('ApiDeployment'));
      assert.deepEqual([`<${ids.join()}>`], [deployment(of)], 'the one that is made is used');
    }
  });

  test(`${name}: a network that cannot work is refused before anything is made`, () => {
    const refused = (given: Record<string, string>): string =>
      evaluated(name, given).refused.join();
    assert.match(refused({ ApiEndpointType: 'PRIVATE' }), /give VpcId.*it must be in the VPC/);
    assert.match(
      refused({ ApiEndpointType: 'PRIVATE', VpcId: 'vpc-0a1b2c3d' }),
      /^The job calls the API: with ApiEndpointType PRIVATE it must be in the VPC/,
    );
    assert.match(
      refused({ MakeVpcEndpoints: 'true' }),
      /needs VpcId.*needs SubnetIds.*needs SecurityGroupIds/,
    );
  });

  test(`${name}: interface endpoints are made when wanted, for what the job calls, by this account alone`, () => {
    const inVpc = {
      VpcId: 'vpc-0a1b2c3d',
      SubnetIds: 'subnet-1,subnet-2',
      SecurityGroupIds: 'sg-1',
    };
    const services = (given: Record<string, string>): readonly string[] =>
      ofType(evaluated(name, { ...inVpc, ...given }), 'AWS::EC2::VPCEndpoint').map(
        ({ ServiceName, PolicyDocument, PrivateDnsEnabled, VpcEndpointType }) => {
          const { Statement } = PolicyDocument as { Statement: readonly Json[] };
          for (const { Effect, Resource, Condition } of Statement) {
            assert.equal(Effect, 'Allow');
            assert.ok(![Resource].flat().includes('*'));
            assert.deepEqual(Condition, {
              StringEquals: { 'aws:PrincipalAccount': '111122223333' },
            });
          }
          assert.deepEqual([PrivateDnsEnabled, VpcEndpointType], [true, 'Interface']);
          return String(ServiceName).replace('com.amazonaws.eu-west-1.', '');
        },
      );
    assert.deepEqual(services({}), []);
    const made = { MakeVpcEndpoints: 'true' };
    // A public API is not reached through an interface endpoint of execute-api: that would hide it.
    assert.deepEqual(services(made), ['kinesis-streams']);
    assert.deepEqual(services({ ...made, ApiEndpointType: 'PRIVATE' }), [
      'kinesis-streams',
      'execute-api',
    ]);
    const group = one(evaluated(name, { ...inVpc, ...made }), 'AWS::EC2::SecurityGroup');
    assert.match(
      text(group.SecurityGroupIngress),
      /"FromPort":443.*"SourceSecurityGroupId":"sg-1"/,
    );
  });
}

test('a job that calls SageMaker itself reaches it by sagemaker.runtime, and needs no API in its VPC', () => {
  const given = {
    VpcId: 'vpc-0a1b2c3d',
    SubnetIds: 'subnet-1',
    SecurityGroupIds: 'sg-1',
    MakeVpcEndpoints: 'true',
    JobCalls: 'SAGEMAKER',
  };
  const made = evaluated(sageMaker, given);
  const names = ofType(made, 'AWS::EC2::VPCEndpoint').map(({ ServiceName }) => ServiceName);
  assert.deepEqual(names, [
    'com.amazonaws.eu-west-1.kinesis-streams',
    'com.amazonaws.eu-west-1.sagemaker.runtime',
  ]);
  const outside = { ApiEndpointType: 'PRIVATE', VpcId: 'vpc-0a1b2c3d', JobCalls: 'SAGEMAKER' };
  assert.deepEqual(evaluated(sageMaker, outside).refused, []);
});

test('another instance type is another endpoint with its own scaling: the old one serves until then', () => {
  const names = (given: Record<string, string>) => {
    const made = evaluated(sageMaker, given);
    const { EndpointName } = one(made, 'AWS::SageMaker::Endpoint');
    const [target] = ofType(made, 'AWS::ApplicationAutoScaling::ScalableTarget');
    const [log] = ofType(made, 'AWS::Logs::LogGroup').flatMap(
      ({ LogGroupName }) => LogGroupName ?? [],
    );
    return [EndpointName, target?.ResourceId, log];
  };
  assert.deepEqual(names({}), [
    'pipeline-ml-c7i-large',
    'endpoint/pipeline-ml-c7i-large/variant/AllTraffic',
    '/aws/sagemaker/Endpoints/pipeline-ml-c7i-large',
  ]);
  assert.equal(names({ InstanceType: 'ml.m7i.2xlarge' })[0], 'pipeline-ml-m7i-2xlarge');
  assert.equal(names({ EndpointName: 'fraud' })[0], 'fraud-ml-c7i-large');
  assert.deepEqual(names({ EndpointMode: 'SERVERLESS' }).slice(0, 2), [
    'pipeline-ml-serverless',
    undefined,
  ]);
});

test('callers learn the name from the endpoint, so that it is there first, and may call either of the two', () => {
  for (const JobCalls of ['API', 'SAGEMAKER']) {
    const made = evaluated(sageMaker, { JobCalls });
    const [endpoint] = Object.entries(made.resources).flatMap(([id, { Type }]) =>
      Type === 'AWS::SageMaker::Endpoint' ? [`<${id}.EndpointName>`] : [],
    );
    const { Variables } = one(made, 'AWS::ApiGateway::Stage');
    assert.deepEqual(Variables, { endpoint });
    const job = text(one(made, 'AWS::KinesisAnalyticsV2::Application'));
    assert.equal(job.includes(`"endpoint-name":"${endpoint}"`), JobCalls === 'SAGEMAKER');
    const allowed = text(ofType(made, 'AWS::IAM::Role').concat(ofType(made, 'AWS::IAM::Policy')));
    const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/pipeline-ml-*';
    assert.equal(allowed.split(arn).length - 1, JobCalls === 'SAGEMAKER' ? 2 : 1);
  }
});

test('an update of the model shifts by a canary of one instance, and back when alarms of the endpoint are raised', () => {
  const made = evaluated(sageMaker);
  const endpoint = one(made, 'AWS::SageMaker::Endpoint');
  assert.equal(endpoint.RetainAllVariantProperties, true, 'scaling is not undone by an update');
  const { BlueGreenUpdatePolicy: update, AutoRollbackConfiguration: back } =
    endpoint.DeploymentConfig as Record<string, Json>;
  const { TrafficRoutingConfiguration: routing } = update as Record<string, Json>;
  assert.equal(routing?.Type, 'CANARY');
  assert.deepEqual(routing?.CanarySize, { Type: 'INSTANCE_COUNT', Value: 1 });
  const { Alarms } = (back ?? {}) as { Alarms: readonly { AlarmName: string }[] };
  const alarms = Alarms.map(({ AlarmName }) => AlarmName);
  assert.deepEqual(
    alarms.map((id) => made.resources[id.slice(1, -1)]?.Type),
    ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm'],
  );
  for (const id of alarms) {
    const { Metrics, EvaluationPeriods } = made.resources[id.slice(1, -1)]?.Properties ?? {};
    assert.match(text(Metrics), /"Value":"pipeline-ml-c7i-large"/);
    assert.ok(Number(EvaluationPeriods) * 60 <= Number(routing?.WaitIntervalInSeconds), 'in time');
  }
  const { MinCapacity } = one(made, 'AWS::ApplicationAutoScaling::ScalableTarget');
  assert.equal(MinCapacity, 2, 'two instances stand in two zones');
});

test('one instance alone is replaced at once, for half of it is no canary; serverless has no such update', () => {
  const of = (given: Record<string, string | number>): Json =>
    one(evaluated(sageMaker, given), 'AWS::SageMaker::Endpoint');
  const single = text(of({ InstanceCount: 1 }).DeploymentConfig);
  assert.match(single, /"TrafficRoutingConfiguration":\{"Type":"ALL_AT_ONCE"/);
  assert.match(single, /"AutoRollbackConfiguration"/);
  const serverless = of({ EndpointMode: 'SERVERLESS' });
  assert.equal(serverless.DeploymentConfig, undefined);
  assert.equal(serverless.RetainAllVariantProperties, undefined);
});

test('the container has no network, and one OpenMP thread a worker', () => {
  const model = one(evaluated(sageMaker), 'AWS::SageMaker::Model');
  assert.equal(model.EnableNetworkIsolation, true);
  const { Environment } = model.PrimaryContainer as Json;
  assert.deepEqual(Environment, { OMP_NUM_THREADS: '1' });
});

test('scaling aims at half of what the container was measured to serve, and docs/deploy.md says how', () => {
  const policy = one(evaluated(sageMaker), 'AWS::ApplicationAutoScaling::ScalingPolicy');
  const { TargetValue } = policy.TargetTrackingScalingPolicyConfiguration as Json;
  assert.equal(Number(TargetValue), INVOCATIONS_PER_INSTANCE);
  const half = (60_000 / MS_PER_REQUEST) * 1.25 * 0.5;
  assert.ok(INVOCATIONS_PER_INSTANCE <= half && INVOCATIONS_PER_INSTANCE > half - 5000);
  const docs = readFileSync(join(root, 'docs', 'deploy.md'), 'utf8');
  assert.ok(docs.includes(INVOCATIONS_PER_INSTANCE.toLocaleString('en')), 'the target');
  assert.ok(docs.includes(`${MS_PER_REQUEST} ms`), 'the measurement');
});
