import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Runtime } from '../../cli/runtime.ts';
import { contractMisfit, contractText } from '../../contract/propose/contract-text.ts';
import { mappingText, remarkOf } from '../../contract/propose/mapping-text.ts';
import { type Proposal, propose } from '../../contract/propose/propose.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { contractFile } from '../../files/contract-file.ts';
import { mappingOf } from '../../files/mapping/mapping-file.ts';
import {
  contractFit,
  mappingFit,
  type Sample,
  type SampleFit,
  sampleOf,
} from '../../files/sample.ts';
import { count } from '../../text/format.ts';
import type { InitValues } from './flags.ts';
import { checkNew, type NewFile, writeNewFiles } from './write-new-files.ts';

const CONTRACT = 'contract.yaml';
const MAPPING = 'mapping.yaml';
const SALT_BYTES = 16;

/** A sample to a contract or a mapping; without one, files to begin with. */
export async function init(values: InitValues, runtime: Runtime): Promise<ExitCode> {
  const { fromStream, sample } = values;
  const origin = fromStream === undefined ? sample : `stream ${fromStream}`;
  return origin === undefined
    ? writeStarter(values, runtime)
    : writeProposal(origin, values, runtime);
}

async function writeProposal(
  origin: string,
  values: InitValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const { out } = runtime;
  // Nothing is read for a file that cannot be written.
  const possible = { contract: [CONTRACT], mapping: [MAPPING], either: [CONTRACT, MAPPING] };
  await checkNew(values.out, possible[values.form ?? 'either']);
  const sample = await readSample(values, runtime);
  const proposal = propose(sample.records);
  const misfit = misfitOf(sample, proposal);
  const isTable = sample.format !== 'ndjson';
  const form = values.form ?? (isTable || misfit ? 'mapping' : 'contract');
  const file =
    form === 'contract'
      ? contractOf(sample, proposal, origin)
      : {
          path: MAPPING,
          text: mappingText(proposal, origin, randomBytes(SALT_BYTES).toString('hex')),
        };
  const [path = ''] = await writeNewFiles(values.out, [file]);
  await printProposal(proposal, path, runtime);
  const lacks = lackedBy(proposal);
  if (lacks.length > 0) {
    await out.print(`Not found: ${lacks.join(', ')}. A transaction needs it: add it to ${path}.`);
  }
  if (misfit !== undefined && form === 'contract') {
    await out.print(`The contract is incomplete: ${misfit}.`);
  } else if (misfit !== undefined && !isTable) {
    await out.print(`A mapping, not a contract: ${misfit}.`);
  }
  await printFit(sample, await fitOf(sample, form, path), runtime);
  const flag = form === 'contract' ? '--contract' : '--map';
  const checked = values.fromStream === undefined ? values.sample : 'FILE';
  await out.print(`Check it: fraudstream validate ${checked} ${flag} ${path}`);
  return exitCodes.ok;
}

async function writeStarter({ out }: InitValues, runtime: Runtime): Promise<ExitCode> {
  const { starterFiles } = await import('./starter-files.ts');
  for (const path of await writeNewFiles(out, starterFiles)) {
    await runtime.out.print(`Wrote ${path}`);
  }
  const next = `Write your fields into ${join(out, CONTRACT)}, then: fraudstream generate --contract ${join(out, CONTRACT)} --count 3`;
  await runtime.out.print(next);
  return exitCodes.ok;
}

async function readSample(values: InitValues, runtime: Runtime): Promise<Sample> {
  const { fromStream, sample: path = '-', format, region, profile } = values;
  if (fromStream !== undefined) {
    const { sampleOfStream } = await import('./sample-of-stream.ts');
    return sampleOfStream({ ...values, stream: fromStream }, runtime);
  }
  const { input, env } = runtime;
  const s3 = { region, profile, endpointUrl: env.AWS_ENDPOINT_URL_S3 };
  return sampleOf(path, format, { input, s3 });
}

/** Why a sample is better read by a mapping. */
function misfitOf({ isLines, format }: Sample, proposal: Proposal): string | undefined {
  if (format === 'ndjson' && !isLines) return 'the records are not one to a line';
  return contractMisfit(proposal);
}

/** What a transaction needs, and neither a field nor a constant gives; an identifier can be made. */
function lackedBy({ fields, constants }: Proposal): readonly string[] {
  const known = new Set<string>([...fields, ...constants].map(({ target }) => target));
  const hasAmount = known.has('amount') || known.has('amount_minor');
  return [...(known.has('event_time') ? [] : ['event_time']), ...(hasAmount ? [] : ['amount'])];
}

function contractOf(sample: Sample, proposal: Proposal, origin: string): NewFile {
  const { format, separator } = sample;
  if (format === 'parquet') {
    const message = 'A contract does not read Parquet: leave --form out for a mapping.';
    throw new FraudstreamError('usage', message);
  }
  const settings = { origin, format: format === 'csv' ? format : 'json', separator } as const;
  return { path: CONTRACT, text: contractText(proposal, settings) };
}

async function printProposal(proposal: Proposal, path: string, { out }: Runtime): Promise<void> {
  const { fields, constants, unassigned, cardNumbers } = proposal;
  await out.print(`Wrote ${path}`);
  for (const field of fields) {
    const from = field.columns.map((column) => column.path).join(' + ');
    await out.print(`  ${field.target.padEnd(22)}${`${from} `.padEnd(24)}${remarkOf(field)}`);
  }
  for (const { target, value, remark } of constants) {
    await out.print(`  ${target.padEnd(22)}${`"${value}"`.padEnd(24)}a guess: ${remark}`);
  }
  const reasons = new Set(unassigned.map(({ reason }) => reason));
  for (const reason of reasons) {
    const alike = unassigned.filter((one) => one.reason === reason);
    const paths = alike.map(({ field }) => field.path || '""');
    await out.print(`Not assigned (${reason}): ${paths.join(', ')}`);
  }
  for (const { path: name } of cardNumbers) {
    const isHashed = fields.some(({ columns, isHashed: is }) => is && columns[0]?.path === name);
    const what = isHashed
      ? 'it is hashed with the salt of the file, which is a secret'
      : 'it is left out';
    await out.print(`Warning: "${name}" holds card numbers; ${what}.`);
  }
}

/** The sample read by what was written; or why that does not load. */
async function fitOf(sample: Sample, form: string, path: string): Promise<SampleFit | string> {
  try {
    if (form === 'contract') return contractFit(sample, await contractFile(path));
    const mapping = await mappingOf([path]);
    if (mapping) return mappingFit(sample, mapping);
  } catch (error) {
    // What the sample lacks stands in the file, and its reader adds it.
    if (!(error instanceof FraudstreamError)) throw error;
    return error.message;
  }
  return { fitting: 0, problem: undefined };
}

async function printFit(
  { rows, unreadable }: Sample,
  fit: SampleFit | string,
  { out }: Runtime,
): Promise<void> {
  if (typeof fit === 'string') {
    await out.print(`It does not load without changes: ${fit}`);
    return;
  }
  const { fitting, problem } = fit;
  const first = problem === undefined ? '' : `; the first that does not: ${problem}`;
  await out.print(`${count(fitting)} of ${count(rows.length)} sampled records fit${first}`);
  if (unreadable > 0) await out.print(`${count(unreadable)} records could not be read.`);
}
