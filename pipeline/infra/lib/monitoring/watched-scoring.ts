import type { CfnCondition } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { expression, metric } from './alarm.ts';
import type { AlarmParameters, EndpointAlarmParameters } from './alarm-parameters.ts';
import type { Watched } from './watched.ts';

/** The API, as callers see it. */
export function apiWatched(ApiName: string, of: AlarmParameters): Watched {
  const api = (name: string, statistic: string): IMetric =>
    metric('AWS/ApiGateway', name, { ApiName }, statistic);
  const latency = api('Latency', 'p99');
  const failed = api('5XXError', 'Average');
  const refused = api('4XXError', 'Average');
  return {
    atAGlance: [],
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

/** The endpoint and its instances, if it has any. */
export function sageMakerWatched(
  EndpointName: string,
  isOnInstances: CfnCondition,
  of: AlarmParameters & EndpointAlarmParameters,
): Watched {
  const at = { EndpointName, VariantName: 'AllTraffic' };
  const model = (name: string, statistic: string): IMetric =>
    metric('AWS/SageMaker', name, at, statistic);
  const resource = (name: string): IMetric =>
    metric('/aws/sagemaker/Endpoints', name, at, 'Average');
  const processor = resource('CPUUtilization');
  const latency = model('ModelLatency', 'p99');
  const latencyMs = expression('latency / 1000', { latency }, 'model latency p99 (ms)');
  const failed = expression(
    'FILL(failed, 0) + FILL(model, 0)',
    { failed: model('Invocation5XXErrors', 'Sum'), model: model('InvocationModelErrors', 'Sum') },
    'failed invocations',
  );
  return {
    atAGlance: [],
    graphs: {
      'Endpoint: invocations a minute': [
        model('Invocations', 'Sum'),
        model('InvocationsPerInstance', 'Sum'),
      ],
      'Endpoint: latency (ms)': [latencyMs],
      'Endpoint: processor (% of one vCPU) and memory (%)': [
        processor,
        resource('MemoryUtilization'),
      ],
    },
    alarms: {
      EndpointFails: {
        meaning: 'The SageMaker endpoint answers with errors.',
        metric: failed,
        above: 10,
      },
      // Instances report every minute, with and without requests: silence is an endpoint that is gone.
      EndpointProcessor: {
        meaning:
          'Processors of the endpoint are busy: raise MaxInstanceCount, or take a larger type.',
        metric: processor,
        above: of.EndpointProcessorAlarm,
        minutes: 10,
        silenceIsBad: isOnInstances,
      },
      EndpointSlow: {
        meaning: 'The model is slow (p99).',
        metric: latencyMs,
        above: of.LatencyAlarmMs,
      },
    },
  };
}

/** The function. */
export function lambdaWatched(FunctionName: string, of: AlarmParameters): Watched {
  const at = (name: string, statistic: string): IMetric =>
    metric('AWS/Lambda', name, { FunctionName }, statistic);
  const failed = at('Errors', 'Sum');
  const throttled = at('Throttles', 'Sum');
  const slow = at('Duration', 'p99');
  return {
    atAGlance: [],
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
