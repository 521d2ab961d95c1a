import { type CfnParameter, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { either, isGiven } from '../parameter.ts';

/** What is watched, and from where on it is wrong. */
export interface Watch {
  readonly meaning: string;
  readonly metric: IMetric;
  /** Above this, or a parameter that says it. */
  readonly above: number | CfnParameter;
  /** So many minutes in a row. */
  readonly minutes?: number;
}

const MINUTE = Duration.minutes(1);

/** A metric of AWS, by the minute. */
export function metric(
  namespace: string,
  metricName: string,
  dimensionsMap: Readonly<Record<string, string>>,
  statistic: string,
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap, statistic, period: MINUTE });
}

/** Several metrics in one expression. */
export function expression(
  text: string,
  usingMetrics: Readonly<Record<string, IMetric>>,
  label: string,
): MathExpression {
  return new MathExpression({ expression: text, usingMetrics, label, period: MINUTE });
}

/** An alarm that tells the topic, if there is one. Silence is no trouble: a pipeline may be at rest. */
export function alarm(
  scope: Construct,
  name: string,
  topicArn: CfnParameter,
  { meaning, metric: watched, above, minutes = 5 }: Watch,
): Alarm {
  const made = new Alarm(scope, name, {
    alarmDescription: meaning,
    metric: watched,
    threshold: typeof above === 'number' ? above : above.valueAsNumber,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: minutes,
    datapointsToAlarm: Math.ceil(minutes / 2),
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  made.addAlarmAction({
    bind: () => ({ alarmActionArn: either(isGiven(topicArn), topicArn.valueAsString) }),
  });
  return made;
}
