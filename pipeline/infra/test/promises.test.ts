import assert from 'node:assert/strict';
import { test } from 'node:test';
import { only, pipelines, resources, statements, templateOf } from './template.ts';

const text = (value: unknown): string => JSON.stringify(value);

for (const name of pipelines) {
  test(`${name}: every stream is encrypted, by a key of the account when one is given`, () => {
    const streams = resources(name, 'AWS::Kinesis::Stream');
    assert.equal(streams.length, 4);
    for (const { Properties, UpdateReplacePolicy } of streams) {
      const key = { 'Fn::If': ['KmsKeyArnIsGiven', { Ref: 'KmsKeyArn' }, 'alias/aws/kinesis'] };
      assert.deepEqual(Properties.StreamEncryption, { EncryptionType: 'KMS', KeyId: key });
      assert.equal(UpdateReplacePolicy, 'Retain', 'a stream that is renamed keeps its records');
    }
  });

  test(`${name}: shards are counted only when they are provisioned`, () => {
    for (const { Properties } of resources(name, 'AWS::Kinesis::Stream')) {
      const [condition, , otherwise] = (Properties.ShardCount as { 'Fn::If': unknown[] })['Fn::If'];
      assert.equal(condition, 'StreamModeIsProvisioned');
      assert.deepEqual(otherwise, { Ref: 'AWS::NoValue' });
    }
  });

  test(`${name}: a wildcard stands for a resource only where AWS knows no narrower one`, () => {
    const free = ['cloudwatch:PutMetricData', 'ecr:GetAuthorizationToken'];
    for (const { actions, resources: on, condition } of statements(name)) {
      assert.ok(!actions.some((action) => action.includes('*')), text(actions));
      if (!on.includes('*')) continue;
      assert.ok(free.includes(actions.join()), text(actions));
      if (actions.includes('cloudwatch:PutMetricData')) assert.ok(condition);
    }
    for (const { id, Properties } of resources(name, 'AWS::IAM::Policy')) {
      const isNetwork = id.startsWith('JobRoleNetwork');
      assert.equal(text(Properties).includes('"Resource":"*"'), isNetwork, id);
    }
  });

  test(`${name}: the job reads the input, puts to verdicts and rejects, and that is all of Kinesis`, () => {
    const kinesis = statements(name).filter(({ actions }) => actions[0]?.startsWith('kinesis:'));
    const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    const [input, verdicts, rejects] = resources(name, 'AWS::Kinesis::Stream').map(({ id }) => id);
    assert.deepEqual(
      kinesis.map(({ actions, resources: on }) => [actions.includes('kinesis:PutRecords'), on]),
      [
        [false, [arn(input ?? '')]],
        [true, [arn(verdicts ?? ''), arn(rejects ?? '')]],
      ],
    );
  });

  test(`${name}: roles trust a service only when it acts for this account`, () => {
    for (const { id, Properties } of resources(name, 'AWS::IAM::Role')) {
      const { Statement } = Properties.AssumeRolePolicyDocument as {
        Statement: { Condition: unknown }[];
      };
      for (const { Condition } of Statement) {
        const here = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
        assert.deepEqual(Condition, here, id);
      }
    }
  });

  test(`${name}: the API takes signed requests, at a bounded rate, and logs nothing of what they say`, () => {
    const { Properties: method } = only(name, 'AWS::ApiGateway::Method');
    assert.deepEqual([method.HttpMethod, method.AuthorizationType], ['POST', 'AWS_IAM']);
    assert.ok(method.RequestValidatorId && method.RequestModels);
    const { Properties: stage } = only(name, 'AWS::ApiGateway::Stage');
    const [settings] = stage.MethodSettings as Record<string, unknown>[];
    assert.equal(settings?.DataTraceEnabled, false);
    assert.deepEqual(settings?.ThrottlingRateLimit, { Ref: 'ThrottleRate' });
    const { Format } = stage.AccessLogSetting as { Format: string };
    assert.doesNotMatch(Format, /body|input|header|querystring|authorizer/i);
    assert.match(Format, /\$context\.status/);
  });

  test(`${name}: the job is Flink 2.2 with checkpoints, snapshots, scaling and rollback`, () => {
    const { Properties } = only(name, 'AWS::KinesisAnalyticsV2::Application');
    assert.equal(Properties.RuntimeEnvironment, 'FLINK-2_2');
    const of = Properties.ApplicationConfiguration as Record<string, Record<string, unknown>>;
    assert.deepEqual(of.ApplicationSnapshotConfiguration, { SnapshotsEnabled: true });
    assert.deepEqual(of.ApplicationSystemRollbackConfiguration, { RollbackEnabled: true });
    const flink = text(of.FlinkApplicationConfiguration);
    assert.match(flink, /"CheckpointingEnabled":true/);
    assert.match(flink, /"AutoScalingEnabled":\{"Fn::If":\["AutoScalingIsTrue",true,false\]\}/);
    assert.match(text(of.ApplicationCodeConfiguration), /"CodeContentType":"ZIPFILE"/);
  });

  test(`${name}: no secret stands in the properties of the job`, () => {
    const { Properties } = only(name, 'AWS::KinesisAnalyticsV2::Application');
    assert.doesNotMatch(text(Properties), /api-?key|secret|password|token/i);
  });

  test(`${name}: logs end some day, and have the key of the stack when one is given`, () => {
    const groups = resources(name, 'AWS::Logs::LogGroup');
    assert.equal(groups.length, 3, 'of the job, of the API, of what scores');
    const key = { 'Fn::If': ['KmsKeyArnIsGiven', { Ref: 'KmsKeyArn' }, { Ref: 'AWS::NoValue' }] };
    for (const { Properties, id } of groups) {
      assert.deepEqual(Properties.RetentionInDays, { Ref: 'LogRetentionDays' }, id);
      assert.deepEqual(Properties.KmsKeyId, key, id);
    }
  });

  test(`${name}: alarms watch every part, by metrics that Flink 2.2 has, and tell the topic if there is one`, () => {
    const alarms = resources(name, 'AWS::CloudWatch::Alarm');
    const all = text(alarms);
    for (const namespace of ['AWS/Kinesis', 'AWS/KinesisAnalytics', 'AWS/ApiGateway']) {
      assert.ok(all.includes(`"${namespace}"`), namespace);
    }
    assert.ok(all.includes(name === 'fraudstream-lambda' ? '"AWS/Lambda"' : '"AWS/SageMaker"'));
    const dashboard = text(resources(name, 'AWS::CloudWatch::Dashboard'));
    for (const gone of ['fullRestarts', 'downtime', 'uptime']) {
      assert.ok(!all.includes(`"${gone}"`) && !dashboard.includes(gone), gone);
    }
    for (const { id, Properties } of alarms) {
      const topic = {
        'Fn::If': ['AlarmTopicArnIsGiven', { Ref: 'AlarmTopicArn' }, { Ref: 'AWS::NoValue' }],
      };
      assert.deepEqual(Properties.AlarmActions, [topic], id);
      assert.ok(Properties.AlarmDescription, id);
    }
    assert.ok(alarms.some(({ id }) => id.includes('NoVerdicts')));
  });

  test(`${name}: everything that can be tagged is`, () => {
    for (const type of [
      'AWS::Kinesis::Stream',
      'AWS::IAM::Role',
      'AWS::KinesisAnalyticsV2::Application',
    ]) {
      for (const { Properties, id } of resources(name, type)) {
        assert.deepEqual(Properties.Tags, [{ Key: 'project', Value: 'fraudstream' }], id);
      }
    }
  });

  test(`${name}: the outputs are those that "fraudstream run --stack" reads`, () => {
    const { Outputs } = templateOf(name);
    for (const key of [
      'InputStream',
      'VerdictStream',
      'RejectStream',
      'LabelStream',
      'ScoreUrl',
      'Application',
    ]) {
      assert.ok(Outputs?.[key], key);
    }
    assert.ok(Outputs?.[name === 'fraudstream-lambda' ? 'Function' : 'Endpoint']);
  });
}

test('the API may invoke the endpoint of the stack and nothing else of SageMaker', () => {
  const invoking = statements('fraudstream-sagemaker').filter(({ actions }) =>
    actions.some((action) => action.startsWith('sagemaker:')),
  );
  assert.equal(invoking.length, 1);
  assert.deepEqual(invoking[0]?.actions, ['sagemaker:InvokeEndpoint']);
  const first =
    '{"Fn::If":["EndpointNameIsGiven",{"Ref":"EndpointName"},{"Ref":"AWS::StackName"}]}';
  assert.ok(text(invoking[0]?.resources).endsWith(`:endpoint/",${first},"-ml-*"]]}]`));
});

test('the job calls either the API or SageMaker, and may only call that', () => {
  const policies = resources('fraudstream-sagemaker', 'AWS::IAM::Policy');
  const called = policies.filter(({ id }) => id.includes('JobRoleCall'));
  assert.deepEqual(
    called.map(({ Condition, Properties }) => [
      Condition?.replace(/[0-9A-F]{8}$/, ''),
      text(Properties).match(/"Action":"([^"]+)"/)?.[1],
    ]),
    [
      ['JobCallsApi', 'execute-api:Invoke'],
      ['JobCallsIsSagemaker', 'sagemaker:InvokeEndpoint'],
    ],
  );
});

test('the function may be called by the one method of the API', () => {
  const { Properties } = only('fraudstream-lambda', 'AWS::Lambda::Permission');
  assert.match(text(Properties.SourceArn), /\/prod\/POST\/score/);
});

test('the bucket of artifacts is closed, encrypted, versioned, and stays when its stack goes', () => {
  const { Properties, DeletionPolicy } = only('fraudstream-foundation', 'AWS::S3::Bucket');
  assert.equal(DeletionPolicy, 'Retain');
  assert.ok(Object.values(Properties.PublicAccessBlockConfiguration as object).every(Boolean));
  assert.ok(Properties.BucketEncryption);
  assert.deepEqual(Properties.VersioningConfiguration, { Status: 'Enabled' });
  const { Properties: policy } = only('fraudstream-foundation', 'AWS::S3::BucketPolicy');
  assert.match(text(policy), /"aws:SecureTransport":"false"/);
});

test('a method that changes gets a new deployment', () => {
  const [sageMaker, lambda] = pipelines.map((name) =>
    resources(name, 'AWS::ApiGateway::Deployment').map(({ id }) => id),
  );
  assert.equal(sageMaker?.length, 4, 'with and without API key, private and not');
  assert.equal(lambda?.length, 2, 'private and not');
  assert.notEqual(sageMaker?.[0], lambda?.[0]);
});
