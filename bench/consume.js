/**
 * User records out of KPL aggregates: `consume` beside the KCL and a loop of GetRecords, from the same embedded Kinesis without limits.
 *
 * Run `npm run build && node bench/consume.js`: JSON on stdout, exit code 1 when a bound is missed. Skipped without
 * Maven or moto, which has the leases of the KCL. Processor time is that of all threads of a reader from its start to
 * its end; `consume` writes each record as a line as well, the Java programs count them. The KCL takes its leases one
 * after another, which is most of its time by the clock.
 */
import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';
import { filledKinesis } from './support/filled-kinesis.js';
import { interopClassPath, javaCommand } from './support/java.js';
import { startMoto } from './support/moto.js';
import { fraudstream, localAws, timed } from './support/processes.js';

const SHARDS = 16;
const STREAM = 'transactions';
/** Of 51,200 bytes: five reads a second are the 2 MB/s that AWS lets a shard give. */
const AGGREGATES_A_READ = 8;
const BOUND = 1;
const given = settings({ runs: 1, records: 200_000 }, { runs: 5, records: 1_000_000 });
const classPath = interopClassPath();
const moto = await startMoto();
const kinesis = await filledKinesis({ [STREAM]: SHARDS }, given.records);
const readers = {
  consume: async () => {
    const flags = [
      'consume',
      '--stream',
      STREAM,
      '--from',
      'trim-horizon',
      '--count',
      given.records,
    ];
    const words = [...fraudstream, ...flags, '--progress', 'none'];
    return read(['sh', '-c', '"$@" | wc -l', 'sh', ...words], ([lines]) => lines);
  },
  kcl: () => read(javaReader('ReadByKcl', ['measure', kinesis.url, moto.url, STREAM], [90])),
  loop: () => read(javaReader('ReadByLoop', [kinesis.url, STREAM])),
};
const mid = medians(await alternating(readers, given.runs));
kinesis.close();
moto.close();
const names = {
  consume: '`consume`, records as lines',
  kcl: 'KCL 3.0.2, Scheduler',
  loop: 'a thread a shard, GetRecords and AggregatorUtil',
};
const over = (name) => mid[name].cpuPerMillion / mid.consume.cpuPerMillion;
publish({
  settings: { ...given, shards: SHARDS },
  tables: [
    {
      title: 'All records of a stream of aggregates, start included',
      rows: Object.entries(names).map(([name, reader]) => ({
        reader,
        'records/s': mid[name].perSecond,
        'CPU s a million': mid[name].cpuPerMillion,
        'memory, MiB': mid[name].rssMib,
      })),
    },
  ],
  ratios: [
    ratio('CPU of the KCL over consume', over('kcl')),
    ratio('CPU of a GetRecords loop over consume', over('loop')),
  ],
  bounds: [
    atLeast('CPU of the KCL over consume', over('kcl'), BOUND),
    atLeast('CPU of a GetRecords loop over consume', over('loop'), BOUND),
  ],
});

function javaReader(name, first, more = []) {
  const args = [...first, given.records, ...more, AGGREGATES_A_READ];
  return javaCommand(classPath, `io.fraudstream.interop.${name}`, args);
}

async function read(command, countOf = () => given.records) {
  const env = { ...localAws, CBOR_ENABLED: 'true', AWS_ENDPOINT_URL_KINESIS: kinesis.url };
  const { stdout, seconds, cpuSeconds, rssMib } = await timed(command, { env });
  const count = countOf(stdout.trim().split(/\s+/).map(Number));
  if (count !== given.records) throw new Error(`${count} of ${given.records} records were read.`);
  return {
    perSecond: given.records / seconds,
    cpuPerMillion: (cpuSeconds / given.records) * 1e6,
    rssMib,
  };
}
