import { Aws, Duration, type Stack } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarm, expression, metric, type Watch } from './alarm.ts';
import { declareParameters, type Parameters } from './parameter.ts';

/** What is watched of one part: rows of graphs, and alarms by name. */
export interface Watched {
  readonly graphs: Readonly<Record<string, readonly IMetric[]>>;
  readonly alarms: Readonly<Record<string, Watch>>;
}

export interface MonitoringProps {
  readonly inputStream: string;
  readonly verdictStream: string;
  readonly rejectStream: string;
  readonly application: string;
  readonly apiName: string;
  readonly endpoint: { readonly name: string } | { readonly functionName: string };
}

/** A dashboard of the whole way of a transaction, and alarms along it. */
export class Monitoring extends Construct {
  constructor(stack: Stack, id: string, props: MonitoringProps) {
    super(stack, id);
    const of = declareParameters(stack, 'Alarms', alarmParameters);
    const parts = [
      streamsWatched(props, of),
      jobWatched(props.application),
      apiWatched(props.apiName, of),
      'name' in props.endpoint
        ? sageMakerWatched(props.endpoint.name, of)
        : lambdaWatched(props.endpoint.functionName, of),
    ];
    for (const part of parts) {
      for (const [name, watch] of Object.entries(part.alarms))
        alarm(this, name, of.AlarmTopicArn, watch);
    }
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: Aws.STACK_NAME,
      defaultInterval: Duration.hours(3),
    });
    for (const { graphs } of parts) {
      const widgets = Object.entries(graphs).map(
        ([title, left]) => new GraphWidget({ title, left: [...left], width: 8, height: 6 }),
      );
      dashboard.addWidgets(...widgets);
    }
  }
}

type Of = Parameters<typeof alarmParameters>;

function streamsWatched(props: MonitoringProps, of: Of): Watched {
  const stream = (name: string, StreamName: string, statistic: string): IMetric =>
    metric('AWS/Kinesis', name, { StreamName }, statistic);
  const { inputStream, verdictStream, rejectStream } = props;
  const put = stream('IncomingRecords', inputStream, 'Sum');
  const verdicts = stream('IncomingRecords', verdictStream, 'Sum');
  const rejects = stream('IncomingRecords', rejectStream, 'Sum');
  const age = stream('GetRecords.IteratorAgeMilliseconds', inputStream, 'Maximum');
  const refused = stream('WriteProvisionedThroughputExceeded', inputStream, 'Sum');
  const refusedVerdicts = stream('WriteProvisionedThroughputExceeded', verdictStream, 'Sum');
  return {
    graphs: {
      'Records put a minute': [put, verdicts, rejects],
      'Behind the end of the input (ms)': [age],
      'Puts refused by shards': [refused, refusedVerdicts],
    },
    alarms: {
      NoVerdicts: {
        meaning: 'Transactions come in, and no verdict goes out.',
        metric: expression(
          'IF(FILL(put, 0) > 0 AND FILL(verdicts, 0) == 0, 1, 0)',
          { put, verdicts },
          'no verdicts',
        ),
        above: 0,
      },
      Behind: {
        meaning: 'The job reads older transactions than it should.',
        metric: age,
        above: of.BehindAlarmMs,
      },
      Rejects: {
        meaning: 'Transactions got no verdict: read the stream of rejects for the reasons.',
        metric: rejects,
        above: of.RejectsAlarm,
        minutes: 1,
      },
      InputThrottled: {
        meaning: 'Shards of the input refuse puts: more shards, or another partition key.',
        metric: refused,
        above: 0,
      },
      VerdictsThrottled: {
        meaning: 'Shards of the verdicts refuse puts of the job.',
        metric: refusedVerdicts,
        above: 0,
      },
    },
  };
}

/** Names of Flink 2.2: fullRestarts is gone, uptime and downtime go. Source: Managed Flink, "Metrics and dimensions". */
function jobWatched(Application: string): Watched {
  const of = (name: string, statistic: string): IMetric =>
    metric('AWS/KinesisAnalytics', name, { Application }, statistic);
  const restarts = expression(
    'RATE(restarts)',
    { restarts: of('numRestarts', 'Maximum') },
    'restarts',
  );
  const failed = expression(
    'RATE(failed)',
    { failed: of('numberOfFailedCheckpoints', 'Maximum') },
    'failed checkpoints',
  );
  const processor = of('containerCPUUtilization', 'Average');
  const heap = of('heapMemoryUtilization', 'Maximum');
  const memory = of('containerMemoryUtilization', 'Maximum');
  return {
    graphs: {
      'Job: state (ms in it)': [
        of('runningTime', 'Maximum'),
        of('restartingTime', 'Maximum'),
        of('failingTime', 'Maximum'),
      ],
      'Job: processor and memory (%)': [processor, heap, memory],
      'Job: KPUs': [of('KPUs', 'Maximum')],
      'Checkpoints: duration (ms)': [of('lastCheckpointDuration', 'Maximum')],
      'Checkpoints: size (bytes)': [of('lastCheckpointSize', 'Maximum')],
      'Restarts and failed checkpoints a second': [restarts, failed],
    },
    alarms: {
      JobRestarts: {
        meaning: 'The Flink job was restarted.',
        metric: restarts,
        above: 0,
        minutes: 1,
      },
      CheckpointsFail: { meaning: 'Checkpoints of the Flink job fail.', metric: failed, above: 0 },
      JobProcessor: {
        meaning: 'Processors of the job are busy: raise Parallelism, or its most.',
        metric: processor,
        above: 80,
        minutes: 10,
      },
      JobHeap: { meaning: 'The heap of the job is nearly full.', metric: heap, above: 90 },
    },
  };
}

function apiWatched(ApiName: string, of: Of): Watched {
  const api = (name: string, statistic: string): IMetric =>
    metric('AWS/ApiGateway', name, { ApiName }, statistic);
  const latency = api('Latency', 'p99');
  const failed = api('5XXError', 'Average');
  const refused = api('4XXError', 'Average');
  return {
    graphs: {
      'API: requests a minute': [api('Count', 'Sum')],
      'API: latency (ms)': [api('Latency', 'p50'), latency, api('IntegrationLatency', 'p99')],
      'API: share of errors': [failed, refused],
    },
    alarms: {
      ApiFails: { meaning: 'More than 1 % of scoring requests fail.', metric: failed, above: 0.01 },
      ApiRefuses: {
        meaning: 'More than 5 % of scoring requests are refused or throttled.',
        metric: refused,
        above: 0.05,
      },
      ApiSlow: { meaning: 'Scoring is slow (p99).', metric: latency, above: of.LatencyAlarmMs },
    },
  };
}

function sageMakerWatched(EndpointName: string, of: Of): Watched {
  const at = { EndpointName, VariantName: 'AllTraffic' };
  const model = (name: string, statistic: string): IMetric =>
    metric('AWS/SageMaker', name, at, statistic);
  const resource = (name: string): IMetric =>
    metric('/aws/sagemaker/Endpoints', name, at, 'Average');
  const latency = model('ModelLatency', 'p99');
  const latencyMs = expression('latency / 1000', { latency }, 'model latency p99 (ms)');
  const failed = expression(
    'FILL(failed, 0) + FILL(model, 0)',
    { failed: model('Invocation5XXErrors', 'Sum'), model: model('InvocationModelErrors', 'Sum') },
    'failed invocations',
  );
  return {
    graphs: {
      'Endpoint: invocations a minute': [
        model('Invocations', 'Sum'),
        model('InvocationsPerInstance', 'Sum'),
      ],
      'Endpoint: latency (ms)': [latencyMs],
      'Endpoint: processor and memory (%)': [
        resource('CPUUtilization'),
        resource('MemoryUtilization'),
      ],
    },
    alarms: {
      EndpointFails: {
        meaning: 'The SageMaker endpoint answers with errors.',
        metric: failed,
        above: 10,
      },
      EndpointSlow: {
        meaning: 'The model is slow (p99).',
        metric: latencyMs,
        above: of.LatencyAlarmMs,
      },
    },
  };
}

function lambdaWatched(FunctionName: string, of: Of): Watched {
  const at = (name: string, statistic: string): IMetric =>
    metric('AWS/Lambda', name, { FunctionName }, statistic);
  const failed = at('Errors', 'Sum');
  const throttled = at('Throttles', 'Sum');
  const slow = at('Duration', 'p99');
  return {
    graphs: {
      'Function: invocations a minute': [at('Invocations', 'Sum')],
      'Function: duration (ms)': [at('Duration', 'p50'), slow],
      'Function: at once, errors, throttles': [
        at('ConcurrentExecutions', 'Maximum'),
        failed,
        throttled,
      ],
    },
    alarms: {
      FunctionFails: { meaning: 'The function fails.', metric: failed, above: 10 },
      FunctionThrottled: {
        meaning: 'The function is throttled: raise its concurrency.',
        metric: throttled,
        above: 0,
      },
      FunctionSlow: {
        meaning: 'The function is slow (p99).',
        metric: slow,
        above: of.LatencyAlarmMs,
      },
    },
  };
}

const alarmParameters = {
  AlarmTopicArn: { meaning: 'SNS topic that alarms tell; empty for none.', default: '' },
  LatencyAlarmMs: { meaning: 'Alarm when p99 of scoring is above.', default: 1000, min: 1 },
  BehindAlarmMs: { meaning: 'Alarm when the job is so far behind.', default: 60_000, min: 1000 },
  RejectsAlarm: {
    meaning: 'Alarm when more transactions a minute get no verdict.',
    default: 10,
    min: 0,
  },
} as const;
