import { Aws, Duration, type Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { declareParameters } from '../parameter.ts';
import { alarm } from './alarm.ts';
import {
  type AlarmParameters,
  alarmParameters,
  endpointAlarmParameters,
} from './alarm-parameters.ts';
import type { MonitoringProps, Watched } from './watched.ts';
import { jobWatched } from './watched-job.ts';
import { apiWatched, lambdaWatched, sageMakerWatched } from './watched-scoring.ts';
import { streamsWatched } from './watched-streams.ts';

/** A dashboard of the whole way of a transaction, and alarms along it. */
export class Monitoring extends Construct {
  readonly #alarms = new Map<string, Alarm>();

  constructor(stack: Stack, id: string, props: MonitoringProps) {
    super(stack, id);
    const { endpoint } = props;
    if ('functionName' in endpoint) {
      const of = declareParameters(stack, 'Alarms', alarmParameters);
      this.#watch(props, of, lambdaWatched(endpoint.functionName, of));
      return;
    }
    const of = declareParameters(stack, 'Alarms', {
      ...alarmParameters,
      ...endpointAlarmParameters,
    });
    this.#watch(props, of, sageMakerWatched(endpoint.name, endpoint.isOnInstances, of));
  }

  #watch(props: MonitoringProps, of: AlarmParameters, scoring: Watched): void {
    const parts = [
      jobWatched(props.application, of),
      streamsWatched(props, of),
      apiWatched(props.apiName, of),
      scoring,
    ];
    for (const part of parts) {
      for (const [name, watch] of Object.entries(part.alarms))
        this.#alarms.set(name, alarm(this, name, of.AlarmTopicArn, watch));
    }
    this.#dashboard(parts);
  }

  /** Names of alarms, as CloudFormation makes them. */
  alarmNames(...names: readonly string[]): readonly string[] {
    return names.flatMap((name) => this.#alarms.get(name)?.alarmName ?? []);
  }

  /** The first row answers whether the pipeline holds; the rows below say why not. */
  #dashboard(parts: readonly Watched[]): void {
    const dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: Aws.STACK_NAME,
      defaultInterval: Duration.hours(3),
    });
    dashboard.addWidgets(
      new AlarmStatusWidget({
        title: 'Does it hold? Every alarm of the pipeline',
        alarms: [...this.#alarms.values()],
        width: 12,
        height: 6,
      }),
      new SingleValueWidget({
        title: 'Now',
        metrics: parts.flatMap(({ atAGlance }) => [...atAGlance]),
        width: 12,
        height: 6,
      }),
    );
    for (const { graphs } of parts) {
      const widgets = Object.entries(graphs).map(
        ([title, left]) => new GraphWidget({ title, left: [...left], width: 8, height: 6 }),
      );
      dashboard.addWidgets(...widgets);
    }
  }
}
