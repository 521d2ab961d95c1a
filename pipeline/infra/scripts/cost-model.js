// What AWS bills for the pipeline in a month of 730 hours, by the units that it counts.

/** Hours of a month, as AWS counts them. */
const HOURS = 730;
const SECONDS = HOURS * 3600;
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/**
 * US dollars in us-east-1, list prices without free tiers and discounts, as the price pages of the services had them in
 * 2025. Sources: aws.amazon.com/kinesis/data-streams/pricing, /managed-service-apache-flink/pricing,
 * /api-gateway/pricing, /sagemaker/pricing, /lambda/pricing, /cloudwatch/pricing.
 */
export const listPrices = {
  streamOnDemandHour: 0.04,
  onDemandGibIn: 0.08,
  onDemandGibOut: 0.04,
  shardHour: 0.015,
  millionPutUnits: 0.014,
  kpuHour: 0.11,
  kpuStorageGibMonth: 0.1,
  snapshotGibMonth: 0.023,
  /** Millions of requests from the first on, each tier with its price. */
  apiMillion: [
    [333, 3.5],
    [667, 2.8],
    [19_000, 2.38],
    [Number.POSITIVE_INFINITY, 1.51],
  ],
  /** ml.c7i.large. */
  instanceHour: 0.107,
  /** Into and out of an endpoint. */
  endpointGib: 0.016,
  lambdaMillion: 0.2,
  lambdaGibSecond: 0.0000133334,
  logGib: 0.5,
  /** Of each metric that an alarm looks at. */
  alarmMetricMonth: 0.1,
  customMetricMonth: 0.3,
  dashboardMonth: 3,
  bucketMonth: 1,
};

/** What a KPU, a shard and an instance take. Each has its source. */
export const capacities = {
  /** Kinesis, "Quotas and limits": a shard takes 1 MB and 1000 records a second. */
  shardBytes: MIB,
  shardRecords: 1000,
  /** Half of the 10,900/s of a core (docs/performance-notes-flink.md): checkpoints, collections and catching up have the rest. */
  kpuTransactions: 5000,
  /** A KPU has 50 GB of storage; RocksDB needs room to compact. */
  kpuStateBytes: 25 * GIB,
  /** docs/pipeline.md, "State": a card, and a transaction within `duplicate-horizon`. */
  cardBytes: 1336,
  duplicateBytes: 45,
  /** The parameter InvocationsPerInstance: requests of 16 rows a minute. */
  instanceInvocations: 40_000,
};

/** KPL aggregates of the producer and of the job are this large at most. */
const AGGREGATE_BYTES = 50 * KIB;
const PRODUCER_AGGREGATES_A_SECOND = 10;
/** Of a record within an aggregate: its keys and lengths. */
const SUB_RECORD_BYTES = 20;
/** A PUT payload unit, and what a record on demand is rounded up to. Source: Kinesis Data Streams pricing. */
const PUT_UNIT = 25 * KIB;
const ON_DEMAND_UNIT = KIB;
/** A row of 43 features as CSV, and its score (model/artifact/check.csv). */
const ROW_BYTES = 187;
const SCORE_BYTES = 20;
/** A line of the access log of the API, with what CloudWatch adds to an event. */
const ACCESS_LOG_BYTES = 400;
/** Names in the group `kinesisanalytics`, at MetricsLevel APPLICATION. */
const CUSTOM_METRICS = 35;
const KPU_STORAGE_GIB = 50;
/** Endpoints stand in two zones. */
const LEAST_INSTANCES = 2;

/**
 * Estimates a month: rows of what, how much of it, and US dollars.
 *
 * `load`: rate (transactions/s on average), peak (highest rate over the average), bytes, verdictBytes, mode
 * (`on-demand` or `provisioned`), producer and verdicts (`aggregated` or `single`), batchRows, scoring (`sagemaker` or
 * `lambda`), jobCalls (`api` or `sagemaker`), lambdaMs, sinkBufferMs, cards, duplicateHours, alarmMetrics; and shards, parallelism,
 * instances where they are not to follow the rate.
 */
export function estimate(load, price = listPrices) {
  const kpus = kpusOf(load);
  const transactions = stream(load, {
    isAggregated: load.producer === 'aggregated',
    bytes: load.bytes,
    // One producer, with the RecordMaxBufferedTime of the KPL.
    buffers: (shards) => shards * PRODUCER_AGGREGATES_A_SECOND,
    given: load.shards,
  });
  const verdicts = stream(load, {
    isAggregated: load.verdicts === 'aggregated',
    bytes: load.verdictBytes,
    // Each subtask packs for each shard, and waits `sink-buffer` at most.
    buffers: (shards) =>
      shards * (load.parallelism ?? 2 * kpus.working) * (1000 / load.sinkBufferMs),
    // OutputShards follows InputShards; where verdicts are not aggregated it is given.
    leastShards: transactions.shards,
  });
  return [
    streamRow('Kinesis, transactions', load, transactions, price),
    streamRow('Kinesis, verdicts', load, verdicts, price),
    streamRow('Kinesis, rejects', load, { ...verdicts, perSecond: 0, gibOut: 0 }, price),
    flinkRow(kpus, price),
    ...scoringRows(load, price),
    watchRow(load, price),
  ];
}

/** KPUs by the rate or by the state, whichever asks for more; one more leads them. */
function kpusOf({ rate, peak, parallelism, cards, duplicateHours }) {
  const stateBytes =
    cards * capacities.cardBytes + rate * duplicateHours * 3600 * capacities.duplicateBytes;
  const byRate = Math.ceil((rate * peak) / capacities.kpuTransactions);
  const byState = Math.ceil(stateBytes / capacities.kpuStateBytes);
  const working = parallelism ? Math.ceil(parallelism / 2) : Math.max(2, byRate, byState);
  return { working, stateBytes, isForState: !parallelism && byState > Math.max(2, byRate) };
}

/**
 * A stream: its shards, and Kinesis records a second of a size. A buffer that is flushed before two records have come
 * aggregates nothing, so that many writers on many shards come up against the records of a shard again.
 */
function stream({ rate, peak }, { isAggregated, bytes, buffers, given, leastShards = 1 }) {
  const size = bytes + (isAggregated ? SUB_RECORD_BYTES : 0);
  const packed = (perSecond, shards) =>
    isAggregated
      ? Math.max((perSecond * size) / AGGREGATE_BYTES, Math.min(perSecond, buffers(shards)))
      : perSecond;
  const byBytes = Math.max(leastShards, Math.ceil((rate * peak * size) / capacities.shardBytes));
  const byRecords = Math.ceil(packed(rate * peak, byBytes) / capacities.shardRecords);
  const shards = given ?? Math.max(byBytes, byRecords);
  const perSecond = packed(rate, shards);
  const gibOut = (rate * size * SECONDS) / GIB;
  return { shards, perSecond, bytes: (rate * size) / perSecond, gibOut };
}

function streamRow(what, { mode }, { shards, perSecond, bytes, gibOut }, price) {
  const records = perSecond * SECONDS;
  const count = `${grouped(perSecond)} Kinesis records/s`;
  if (mode === 'provisioned') {
    const units = records * Math.ceil(bytes / PUT_UNIT);
    const dollars = shards * HOURS * price.shardHour + (units / 1e6) * price.millionPutUnits;
    return [what, `${grouped(shards)} shards, ${count}`, dollars];
  }
  const gibIn = (records * Math.ceil(bytes / ON_DEMAND_UNIT) * ON_DEMAND_UNIT) / GIB;
  const dollars =
    HOURS * price.streamOnDemandHour + gibIn * price.onDemandGibIn + gibOut * price.onDemandGibOut;
  return [what, count, dollars];
}

function flinkRow({ working, stateBytes, isForState }, price) {
  const stateGib = stateBytes / GIB;
  const dollars =
    (working + 1) * HOURS * price.kpuHour +
    working * KPU_STORAGE_GIB * price.kpuStorageGibMonth +
    stateGib * price.snapshotGibMonth;
  const why = isForState ? ', for the state' : '';
  return ['Managed Flink', `${working} + 1 KPUs${why}, ${grouped(stateGib)} GiB of state`, dollars];
}

function scoringRows(load, price) {
  const perSecond = load.rate / load.batchRows;
  const millions = (perSecond * SECONDS) / 1e6;
  const rows = [];
  if (load.jobCalls === 'api' || load.scoring === 'lambda') {
    const logGib = (millions * 1e6 * ACCESS_LOG_BYTES) / GIB;
    rows.push(
      ['API Gateway', `${grouped(perSecond)} requests/s`, tiers(millions, price.apiMillion)],
      ['Access log of the API', `${grouped(logGib)} GiB`, logGib * price.logGib],
    );
  }
  rows.push(
    load.scoring === 'lambda' ? lambdaRow(load, millions, price) : sageMakerRow(load, price),
  );
  return rows;
}

function sageMakerRow(load, price) {
  const perMinute = (60 * load.rate * load.peak) / load.batchRows;
  const wanted = Math.ceil(perMinute / invocationsOf(load.batchRows));
  const instances = load.instances ?? Math.max(LEAST_INSTANCES, wanted);
  const gib = (load.rate * (ROW_BYTES + SCORE_BYTES) * SECONDS) / GIB;
  const dollars = instances * HOURS * price.instanceHour + gib * price.endpointGib;
  return ['SageMaker', `${grouped(instances)} instances, ${grouped(gib)} GiB`, dollars];
}

/** Requests a minute that an instance is to serve. Source: docs/deploy.md, "What an instance serves". */
function invocationsOf(rows) {
  return (capacities.instanceInvocations * msPerRequest(16)) / msPerRequest(rows);
}

/** Through the measurements: 0.63 ms for one row, 0.87 for 16, 3.07 for 100. */
function msPerRequest(rows) {
  return Math.max(0.63, 0.45 + 0.0262 * rows);
}

function lambdaRow({ lambdaMs }, millions, price) {
  const gibSeconds = millions * 1e6 * (lambdaMs / 1000) * (1769 / 1024);
  const dollars = millions * price.lambdaMillion + gibSeconds * price.lambdaGibSecond;
  return ['Lambda', `${grouped(millions)} million requests`, dollars];
}

function watchRow({ alarmMetrics }, price) {
  const dollars =
    alarmMetrics * price.alarmMetricMonth +
    CUSTOM_METRICS * price.customMetricMonth +
    price.dashboardMonth +
    price.bucketMonth;
  return ['CloudWatch and S3', `${alarmMetrics} metrics of alarms, ${CUSTOM_METRICS} own`, dollars];
}

/** Metrics that the alarms of a template look at: CloudWatch bills each. */
export function alarmMetricsOf({ Resources }) {
  const alarms = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  return alarms.reduce((sum, { Properties: { Metrics = [{ MetricStat: {} }] } }) => {
    return sum + Metrics.filter(({ MetricStat }) => MetricStat).length;
  }, 0);
}

function tiers(millions, table) {
  let rest = millions;
  let sum = 0;
  for (const [size, each] of table) {
    const some = Math.min(rest, size);
    sum += some * each;
    rest -= some;
  }
  return sum;
}

function grouped(value) {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
