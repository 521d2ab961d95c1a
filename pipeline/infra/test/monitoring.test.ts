import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { evaluated } from './evaluated.ts';
import { type Json, pipelines } from './template.ts';
import { root } from './tools.ts';

const java = join(root, 'pipeline', 'flink', 'src', 'main', 'java');
const sageMaker = 'fraudstream-sagemaker';

/**
 * Metrics of the service that we use. Source: Managed Service for Apache Flink, "Metrics and dimensions", for Flink 2.2.
 * All others in its namespace are ours.
 */
const ofTheService = new Set([
  'KPUs',
  'containerCPUUtilization',
  'containerMemoryUtilization',
  'failingTime',
  'heapMemoryUtilization',
  'lastCheckpointDuration',
  'lastCheckpointSize',
  'numRestarts',
  'numberOfFailedCheckpoints',
  'oldGenerationGCTime',
  'restartingTime',
  'runningTime',
]);

interface Alarm {
  readonly properties: Json;
  readonly metrics: readonly string[];
  readonly expression: string;
}

/** Alarms by their names in lib/monitoring. */
function alarmsOf(name: string, given: Record<string, string> = {}): ReadonlyMap<string, Alarm> {
  const found = Object.entries(evaluated(name, given).resources).filter(
    ([, { Type }]) => Type === 'AWS::CloudWatch::Alarm',
  );
  return new Map(
    found.map(([id, { Properties }]) => {
      const { Metrics = [], MetricName } = Properties as { Metrics?: Json[]; MetricName?: string };
      const metrics = Metrics.flatMap(({ MetricStat }) =>
        MetricStat ? String(((MetricStat as Json).Metric as Json).MetricName) : [],
      );
      const [expression = ''] = Metrics.flatMap(({ Expression }) => (Expression as string) ?? []);
      const plain = id.replace(/^Monitoring/, '').replace(/[0-9A-F]{8}$/, '');
      return [
        plain,
        {
          properties: Properties,
          metrics: MetricName === undefined ? metrics : [MetricName],
          expression,
        },
      ];
    }),
  );
}

/** Widgets of the dashboard. */
function widgetsOf(name: string): readonly { type: string; properties: Json }[] {
  const { resources } = evaluated(name);
  const [dashboard] = Object.values(resources).filter(
    ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
  );
  return JSON.parse(String(dashboard?.Properties.DashboardBody)).widgets;
}

for (const name of pipelines) {
  test(`${name}: whatever can go wrong in the job has an alarm`, () => {
    const watched = [...alarmsOf(name).values()].flatMap(({ metrics }) => metrics);
    for (const metric of [
      'breakerOpen',
      'rejected',
      'tooLate',
      'retries',
      'numRestarts',
      'numberOfFailedCheckpoints',
      'oldGenerationGCTime',
      'throttledReads',
      'millisBehindLatest',
      'runningTime',
    ]) {
      assert.ok(watched.includes(metric), metric);
    }
  });

  test(`${name}: an alarm fires on silence where a job that runs is never silent, and nowhere else`, () => {
    const loud = [...alarmsOf(name)].filter(
      ([, { properties }]) => properties.TreatMissingData === 'breaching',
    );
    assert.deepEqual(
      loud.map(([id]) => id).sort(),
      name === sageMaker ? ['Behind', 'EndpointProcessor', 'JobDown'] : ['Behind', 'JobDown'],
    );
    for (const [id, { properties }] of alarmsOf(name)) {
      assert.match(String(properties.TreatMissingData), /^(breaching|notBreaching)$/, id);
    }
  });

  test(`${name}: a job that does not run, and one that is behind, is seen by polling and by fan-out alike`, () => {
    const behind = alarmsOf(name).get('Behind');
    assert.deepEqual(behind?.metrics, ['millisBehindLatest'], 'of the job, not of GetRecords');
    assert.equal(behind?.properties.Namespace, 'AWS/KinesisAnalytics');
    const down = alarmsOf(name).get('JobDown');
    assert.equal(down?.properties.ComparisonOperator, 'LessThanThreshold');
    assert.equal(down?.expression, 'IF(runningTime > 0, 1, 0)');
  });

  test(`${name}: counters, which only grow, are watched by their rate`, () => {
    const counters =
      /^(numRestarts|numberOfFailed.*|rejected|retries|scored|reads|throttledReads|tooLate)$/;
    for (const [id, { metrics, expression }] of alarmsOf(name)) {
      for (const metric of metrics.filter((one) => counters.test(one))) {
        assert.ok(expression.includes(`RATE(${metric})`), `${id}: ${expression}`);
      }
    }
  });

  test(`${name}: the job registers every metric of its own that is shown or watched, in the published group`, () => {
    const sources = readdirSync(java, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.java'))
      .map((file) => readFileSync(join(java, file), 'utf8'))
      .filter(
        (source) => source.includes('PublishedMetrics') || source.includes('MetricGroup group'),
      );
    const registered = new Set(
      sources.flatMap((source) =>
        [...source.matchAll(/(?:counter|gauge)\(\s*(?:group,\s*)?"(\w+)"/g)].map(
          ([, word]) => word,
        ),
      ),
    );
    const shown = JSON.stringify(widgetsOf(name)).matchAll(/"AWS\/KinesisAnalytics","(\w+)"/g);
    const watched = [...alarmsOf(name).values()].filter(({ properties }) =>
      JSON.stringify(properties).includes('AWS/KinesisAnalytics'),
    );
    const used = [...shown]
      .map(([, word]) => word)
      .concat(watched.flatMap(({ metrics }) => metrics));
    const ours = new Set(used.filter((word) => word && !ofTheService.has(word)));
    assert.ok(ours.size >= 10, [...ours].join());
    assert.deepEqual(
      [...ours].filter((word) => !registered.has(word)),
      [],
    );
  });

  test(`${name}: the first row of the dashboard says whether it holds`, () => {
    const [status, now, ...graphs] = widgetsOf(name);
    assert.equal(status?.type, 'alarm');
    const { alarms = [] } = (status?.properties ?? {}) as { alarms?: unknown[] };
    assert.equal(alarms.length, alarmsOf(name).size, 'every alarm');
    const figures = JSON.stringify(now?.properties);
    for (const metric of [
      'scored',
      'millisBehindLatest',
      'rejected',
      'endpointLatencyP99Ms',
      'breakerOpen',
    ]) {
      assert.ok(figures.includes(`"${metric}"`), metric);
    }
    assert.ok(graphs.every(({ type }) => type === 'metric'));
  });
}

test('processors of endpoint instances are watched; a serverless endpoint has none to fall silent', () => {
  const { properties } = alarmsOf(sageMaker).get('EndpointProcessor') ?? {};
  assert.equal(properties?.MetricName, 'CPUUtilization');
  assert.equal(properties?.Namespace, '/aws/sagemaker/Endpoints');
  assert.equal(properties?.Threshold, 160, '80 % of two vCPUs: CPUUtilization is a sum');
  const serverless = alarmsOf(sageMaker, { EndpointMode: 'SERVERLESS' }).get('EndpointProcessor');
  assert.equal(serverless?.properties.TreatMissingData, 'notBreaching');
});
