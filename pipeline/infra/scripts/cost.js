// What the pipeline costs in a month, at a rate of transactions. Usage: node scripts/cost.js --help
// Prices are a list of 2025 for us-east-1 in US dollars, without free tiers and discounts: an estimate, no offer.
// Give your own by --prices FILE, JSON of the same form.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const HOURS = 730;
const GIB = 2 ** 30;

/** US dollars. Sources: the price pages of the services. */
const listed = {
  streamOnDemandHour: 0.04,
  onDemandGibIn: 0.08,
  onDemandGibOut: 0.04,
  shardHour: 0.015,
  millionPutUnits: 0.014,
  kpuHour: 0.11,
  kpuStorageGibMonth: 0.1,
  /** Millions of requests from the first on, each tier with its price. */
  apiMillion: [
    [333, 3.5],
    [667, 2.8],
    [19_000, 2.38],
    [Number.POSITIVE_INFINITY, 1.51],
  ],
  instanceHour: 0.107,
  lambdaMillion: 0.2,
  lambdaGibSecond: 0.0000133334,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  bucketMonth: 1,
};

const help = `Usage: pipeline/deploy.sh cost [options]

  --rate N             transactions a second, on average over the month (1000)
  --batch-rows N       transactions that share a scoring request (16, the parameter BatchRows)
  --scoring KIND       sagemaker or lambda (sagemaker)
  --job-calls WHOM     api or sagemaker: whom the job asks for scores (api)
  --shards N           shards of the input when provisioned; on demand without
  --parallelism N      subtasks of the job (4); two share a KPU, one more KPU leads them
  --instances N        instances of the endpoint (1)
  --bytes N            bytes of a transaction (570); a verdict takes 330
  --lambda-ms N        billed milliseconds of a scoring request (2)
  --prices FILE        your own prices: JSON with keys of the list in pipeline/infra/scripts/cost.js
`;

const options = {
  rate: { type: 'string', default: '1000' },
  'batch-rows': { type: 'string', default: '16' },
  scoring: { type: 'string', default: 'sagemaker' },
  'job-calls': { type: 'string', default: 'api' },
  shards: { type: 'string' },
  parallelism: { type: 'string', default: '4' },
  instances: { type: 'string', default: '1' },
  bytes: { type: 'string', default: '570' },
  'lambda-ms': { type: 'string', default: '2' },
  prices: { type: 'string' },
  help: { type: 'boolean', default: false },
};
const VERDICT_BYTES = 330;

const { values } = parseArgs({ options });
if (values.help) process.stdout.write(help);
else process.stdout.write(table(estimate(values, pricesOf(values.prices))));

function pricesOf(file) {
  return file === undefined ? listed : { ...listed, ...JSON.parse(readFileSync(file, 'utf8')) };
}

function estimate(given, price) {
  const transactions = number(given, 'rate') * HOURS * 3600;
  const requests = transactions / number(given, 'batch-rows');
  const viaApi = given['job-calls'] === 'api' || given.scoring === 'lambda';
  const inGib = (transactions * number(given, 'bytes')) / GIB;
  const outGib = (transactions * VERDICT_BYTES) / GIB;
  const kpus = Math.ceil(number(given, 'parallelism') / 2) + 1;
  return [
    ['Kinesis, transactions', stream(given.shards, inGib, price)],
    ['Kinesis, verdicts and rejects', 2 * stream(given.shards && '2', outGib / 2, price)],
    ['Managed Flink', kpus * (HOURS * price.kpuHour + 50 * price.kpuStorageGibMonth)],
    ['API Gateway', viaApi ? tiers(requests / 1e6, price.apiMillion) : 0],
    given.scoring === 'lambda'
      ? ['Lambda', lambda(requests, number(given, 'lambda-ms'), price)]
      : ['SageMaker', number(given, 'instances') * HOURS * price.instanceHour],
    ['CloudWatch and S3', 14 * price.alarmMonth + price.dashboardMonth + price.bucketMonth],
  ];
}

/** Aggregated records fill their units of 25 KiB but for the last, half of one on average. */
function stream(shards, gib, price) {
  if (shards === undefined) {
    return HOURS * price.streamOnDemandHour + gib * (price.onDemandGibIn + price.onDemandGibOut);
  }
  const units = (gib * GIB) / (25 * 1024) / 0.75;
  return Number(shards) * HOURS * price.shardHour + (units / 1e6) * price.millionPutUnits;
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

function lambda(requests, ms, price) {
  const gibSeconds = requests * (ms / 1000) * (1769 / 1024);
  return (requests / 1e6) * price.lambdaMillion + gibSeconds * price.lambdaGibSecond;
}

function number(given, name) {
  const value = Number(given[name]);
  if (value > 0) return value;
  process.stderr.write(`--${name} is ${given[name]}: a number above 0 is needed.\n`);
  process.exit(2);
}

function table(rows) {
  const all = [...rows, ['A month', rows.reduce((sum, [, dollars]) => sum + dollars, 0)]];
  const line = ([name, dollars]) => `${name.padEnd(32)}${dollars.toFixed(2).padStart(12)} USD\n`;
  return `${all.map(line).join('')}An estimate by list prices; data transfer, logs and EC2 in a VPC are not in it.\n`;
}
