import {
  type App,
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  type CfnParameter,
  CfnRule,
  Fn,
  Stack,
} from 'aws-cdk-lib';
import { type EndpointWay, FlinkApp } from './job/flink-app.ts';
import { readActions } from './job/job-choices.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import type { MonitoringProps } from './monitoring/watched.ts';
import {
  declareNetwork,
  type NetworkParameters,
  privateApiNeedsJobInVpc,
  type ReachedService,
  VpcEndpoints,
} from './network.ts';
import { declareParameters, either, isGiven, isSet } from './parameter.ts';
import type { Choice } from './policy.ts';
import { LambdaScoring } from './scoring/lambda-scoring.ts';
import { SageMakerScoring, type ScoringProps } from './scoring/sagemaker-scoring.ts';
import { ScoringApi } from './scoring/scoring-api.ts';
import { Streams } from './streams.ts';

export interface PipelineProps {
  /** What scores: a SageMaker endpoint, or the same model in a Lambda function. */
  readonly scoring: 'sagemaker' | 'lambda';
}

/** The whole pipeline: streams, scoring, API, job, alarms. */
export class PipelineStack extends Stack {
  constructor(app: App, id: string, { scoring }: PipelineProps) {
    super(app, id, {
      description: `fraudstream: streams, Flink job and scoring (${scoring}) of card transactions.`,
      // No assets and no bootstrap: the template alone is enough to deploy.
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
    });
    const common = declareParameters(this, 'Artifacts and keys', commonParameters);
    const shared = {
      artifactsBucket: common.ArtifactsBucket,
      kmsKeyArn: common.KmsKeyArn,
      logRetentionDays: common.LogRetentionDays,
    };
    const network = declareNetwork(this);
    const streams = new Streams(this, 'Streams', shared);
    const reach = { ...shared, network };
    const parts = scoring === 'lambda' ? this.#lambda(reach) : this.#sageMaker(reach);
    const job = new FlinkApp(this, 'Job', { ...reach, ...parts.way, streams });
    privateApiNeedsJobInVpc(this, network, parts.jobCalls);
    this.#singleVerdictsNeedShards(streams, job);
    this.#vpcEndpoints(network, streams, parts);
    const monitoring = new Monitoring(this, 'Monitoring', {
      inputStream: streams.input.ref,
      verdictStream: streams.verdicts.ref,
      rejectStream: streams.rejects.ref,
      application: job.application.ref,
      apiName: `${Aws.STACK_NAME}-scoring`,
      endpoint: parts.endpoint,
    });
    parts.rollBackOn?.(monitoring.alarmNames('EndpointFails', 'EndpointSlow'));
    this.#tell(streams, job, parts);
  }

  /** Verdicts that are not aggregated need 1000 records/s a shard, not 1 MB/s: who counts shards counts these. */
  #singleVerdictsNeedShards({ parameters }: Streams, job: FlinkApp): void {
    const { StreamMode, OutputShards } = parameters;
    new CfnRule(this, 'SingleVerdictsNeedShards', {
      ruleCondition: Fn.conditionAnd(
        Fn.conditionEquals(StreamMode.valueAsString, 'PROVISIONED'),
        Fn.conditionEquals(job.parameters.Aggregate.valueAsString, 'false'),
      ),
      assertions: [
        {
          assert: Fn.conditionNot(Fn.conditionEquals(OutputShards.valueAsString, '')),
          assertDescription:
            'With Aggregate false a shard takes 1000 verdicts a second: give OutputShards.',
        },
      ],
    });
  }

  #vpcEndpoints(network: NetworkParameters, streams: Streams, { api, direct }: Parts): void {
    const hasLabels = isGiven(streams.labelStreamName);
    const read = [streams.input.attrArn, streams.verdicts.attrArn, streams.rejects.attrArn];
    const services: readonly ReachedService[] = [
      {
        id: 'Kinesis',
        service: 'kinesis-streams',
        statement: {
          actions: [...readActions, 'kinesis:PutRecords'],
          resources: [...read, either(hasLabels, streams.labels.attrArn)],
        },
      },
      {
        id: 'ExecuteApi',
        service: 'execute-api',
        when: api.isPrivate,
        statement: { actions: ['execute-api:Invoke'], resources: [api.methodArn] },
      },
      ...(direct ? [direct] : []),
    ];
    new VpcEndpoints(this, 'Network', network, services);
  }

  #sageMaker(shared: Reach): Parts {
    const model = new SageMakerScoring(this, 'Scoring', shared);
    const choices = declareParameters(this, 'Who calls what', callParameters);
    const api = new ScoringApi(this, 'Api', {
      ...shared,
      backend: model.backend,
      requireApiKey: choices.RequireApiKey,
    });
    const direct = isSet(choices.JobCalls, 'SAGEMAKER');
    new CfnRule(this, 'JobHasNoApiKey', {
      ruleCondition: Fn.conditionEquals(choices.RequireApiKey.valueAsString, 'true'),
      assertions: [
        {
          assert: Fn.conditionEquals(choices.JobCalls.valueAsString, 'SAGEMAKER'),
          assertDescription:
            'With RequireApiKey the job calls SageMaker: set JobCalls to SAGEMAKER.',
        },
      ],
    });
    const viaApi = new CfnCondition(this, 'JobCallsApi', { expression: Fn.conditionNot(direct) });
    const invoke = { actions: ['sagemaker:InvokeEndpoint'], resources: [model.names.anyArn] };
    const ways: readonly Choice[] = [
      {
        name: 'CallApi',
        when: viaApi,
        statements: [{ actions: ['execute-api:Invoke'], resources: [api.methodArn] }],
      },
      {
        name: 'CallSageMaker',
        when: direct,
        statements: [invoke],
      },
    ];
    const target = {
      url: either(viaApi, api.url),
      'endpoint-name': either(direct, model.endpoint.attrEndpointName),
    };
    return {
      api,
      way: { target, mayCall: [], mayCallIf: ways },
      jobCalls: choices.JobCalls,
      direct: {
        id: 'SageMakerRuntime',
        service: 'sagemaker.runtime',
        when: direct,
        statement: invoke,
      },
      rollBackOn: (alarmNames) => model.rollBackOn(alarmNames),
      endpoint: { name: model.names.now, isOnInstances: model.isOnInstances },
      outputs: { Endpoint: ['SageMaker endpoint', model.endpoint.attrEndpointName] },
    };
  }

  #lambda(shared: Reach): Parts {
    const model = new LambdaScoring(this, 'Scoring', shared);
    const api = new ScoringApi(this, 'Api', { ...shared, backend: model.backend });
    model.allow(api);
    const statement = { actions: ['execute-api:Invoke'], resources: [api.methodArn] };
    return {
      api,
      way: { target: { url: api.url }, mayCall: [statement], mayCallIf: [] },
      endpoint: { functionName: model.function.ref },
      outputs: { Function: ['Lambda function', model.function.ref] },
    };
  }

  /** What `fraudstream run --stack` and `doctor --stack` read. */
  #tell(streams: Streams, job: FlinkApp, { api, outputs }: Parts): void {
    const told: Readonly<Record<string, readonly [meaning: string, value: string]>> = {
      InputStream: ['Stream of transactions', streams.input.ref],
      VerdictStream: ['Stream of verdicts', streams.verdicts.ref],
      RejectStream: ['Stream of rejects', streams.rejects.ref],
      ScoreUrl: ['POST transactions here, signed for execute-api', api.url],
      Application: ['Flink application', job.application.ref],
      Dashboard: ['CloudWatch dashboard', Aws.STACK_NAME],
      ...outputs,
    };
    for (const [name, [meaning, value]] of Object.entries(told)) this.#output(name, meaning, value);
    const { condition } = streams.labels.cfnOptions;
    this.#output('LabelStream', 'Stream of labels', streams.labels.ref, condition);
    if (!api.key) return;
    const meaning = 'Id of the API key; aws apigateway get-api-key --include-value tells the key';
    this.#output('ApiKeyId', meaning, api.key.id, api.key.isWanted);
  }

  #output(name: string, description: string, value: string, condition?: CfnCondition): void {
    // The parts have constructs of the same names as some outputs.
    const output = new CfnOutput(this, `${name}Output`, { description, value, condition });
    output.overrideLogicalId(name);
  }
}

type Reach = ScoringProps & { readonly network: NetworkParameters };

interface Parts {
  readonly api: ScoringApi;
  readonly way: EndpointWay;
  readonly endpoint: MonitoringProps['endpoint'];
  /** Present where the job can be told to leave the API out. */
  readonly jobCalls?: CfnParameter;
  readonly direct?: ReachedService;
  readonly rollBackOn?: (alarmNames: readonly string[]) => void;
  readonly outputs: Readonly<Record<string, readonly [meaning: string, value: string]>>;
}

const commonParameters = {
  ArtifactsBucket: {
    meaning: 'Bucket with the jar of the job and the model.',
    pattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  },
  KmsKeyArn: {
    meaning: 'KMS key for streams, volumes and captured data; empty for keys that AWS manages.',
    default: '',
    pattern: '(arn:[a-z-]+:kms:.+)?',
  },
  LogRetentionDays: {
    meaning: 'Days that logs are kept.',
    default: '30',
    type: 'Number',
    allowed: ['1', '3', '7', '14', '30', '60', '90', '180', '365', '731'],
  },
} as const;

const callParameters = {
  RequireApiKey: {
    meaning: 'Ask callers of the API for an API key beside their signature.',
    default: 'false',
    allowed: ['true', 'false'],
  },
  JobCalls: {
    meaning: 'Whom the job asks for scores: the API, or SageMaker without it.',
    default: 'API',
    allowed: ['API', 'SAGEMAKER'],
  },
} as const;
