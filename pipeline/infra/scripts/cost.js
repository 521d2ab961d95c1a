// What the pipeline costs in a month, at a rate of transactions. Usage: node scripts/cost.js --help
// List prices of us-east-1: an estimate, no offer. Give your own by --prices FILE, JSON with keys of `listPrices`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alarmMetricsOf, estimate, listPrices } from './cost-model.js';

const help = `Usage: pipeline/deploy.sh cost [options]

  --rate N             transactions a second, on average over the month (1000)
  --peak N             highest rate over the average: shards, KPUs and instances are for it (1)
  --mode MODE          streams on-demand or provisioned (on-demand)
  --shards N           shards of the input when provisioned; as many as the rate needs without
  --producer FORM      transactions as KPL aggregates or single records: aggregated or single (aggregated)
  --verdicts FORM      verdicts, likewise; the parameter Aggregate (aggregated)
  --batch-rows N       transactions that share a scoring request (16, the parameter BatchRows)
  --scoring KIND       sagemaker or lambda (sagemaker)
  --job-calls WHOM     api or sagemaker: whom the job asks for scores (api)
  --parallelism N      subtasks of the job, two to a KPU; KPUs follow the rate and the state without
  --instances N        instances of the endpoint; as many as the rate needs, two at least, without
  --sink-buffer-ms N   longest wait of a verdict for others to be put with (100, SinkBuffer)
  --cards N            cards in the state of the job (1000000)
  --duplicate-hours N  hours that a transaction_id is remembered (24, DuplicateHorizon)
  --bytes N            bytes of a transaction (570)
  --verdict-bytes N    bytes of a verdict (330)
  --lambda-ms N        billed milliseconds of a scoring request (2)
  --prices FILE        your own prices: JSON with keys of the list in pipeline/infra/scripts/cost-model.js
`;

const numbers = {
  rate: '1000',
  peak: '1',
  'batch-rows': '16',
  'sink-buffer-ms': '100',
  cards: '1000000',
  'duplicate-hours': '24',
  bytes: '570',
  'verdict-bytes': '330',
  'lambda-ms': '2',
  shards: undefined,
  parallelism: undefined,
  instances: undefined,
};
const words = {
  mode: ['on-demand', 'provisioned'],
  producer: ['aggregated', 'single'],
  verdicts: ['aggregated', 'single'],
  scoring: ['sagemaker', 'lambda'],
  'job-calls': ['api', 'sagemaker'],
};

try {
  const values = given();
  if (values.help) process.stdout.write(help);
  else process.stdout.write(table(estimate(loadOf(values), pricesOf(values.prices))));
} catch (error) {
  process.stderr.write(`cost: ${error.message}\n`);
  process.exit(2);
}

function given() {
  const options = { prices: { type: 'string' }, help: { type: 'boolean', default: false } };
  for (const [name, value] of Object.entries(numbers))
    options[name] = value === undefined ? { type: 'string' } : { type: 'string', default: value };
  for (const [name, [first]] of Object.entries(words))
    options[name] = { type: 'string', default: first };
  return parseArgs({ options }).values;
}

function loadOf(values) {
  const load = {};
  for (const name of Object.keys(numbers)) load[camel(name)] = number(name, values[name]);
  for (const [name, allowed] of Object.entries(words)) {
    if (!allowed.includes(values[name]))
      throw new Error(`--${name} is ${values[name]}: ${allowed.join(' or ')} is needed.`);
    load[camel(name)] = values[name];
  }
  if (load.shards !== undefined) load.mode = 'provisioned';
  const template = `fraudstream-${load.scoring}.template.json`;
  const file = join(import.meta.dirname, '..', '..', 'templates', template);
  return { ...load, alarmMetrics: alarmMetricsOf(JSON.parse(readFileSync(file, 'utf8'))) };
}

function number(name, text) {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} is ${text}: a number above 0 is needed.`);
}

function pricesOf(file) {
  return file === undefined
    ? listPrices
    : { ...listPrices, ...JSON.parse(readFileSync(file, 'utf8')) };
}

function camel(name) {
  return name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
}

function table(rows) {
  const total = rows.reduce((sum, [, , dollars]) => sum + dollars, 0);
  const line = ([what, units, dollars]) =>
    `${what.padEnd(24)}${units.padEnd(44)}${dollars.toFixed(2).padStart(12)} USD\n`;
  const lines = [...rows, ['A month', '', total]].map(line).join('');
  return `${lines}By list prices of us-east-1. Not in it: logs of the job, VPC endpoints, NAT, data transfer, support.\n`;
}
