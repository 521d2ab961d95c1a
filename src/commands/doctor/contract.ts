import type { Runtime } from '../../cli/runtime.ts';
import type { Contract } from '../../contract/contract.ts';
import { FraudstreamError } from '../../errors.ts';
import type { StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import { parseJson } from '../../text/parse-json.ts';
import type { Problem } from '../../transactions/field-checks.ts';
import { parseTransaction } from '../../transactions/transaction.ts';
import { parseVerdict } from '../../transactions/verdict.ts';
import { firstPayloads } from '../shared/first-payloads.ts';
import type { DoctorValues } from './flags.ts';

/** A stream that has a record gives it sooner. */
const WAIT_MS = 10_000;
const LONGEST_SHOWN = 60;

/** What is wrong with the bytes of a record; undefined for one that fits. */
type FaultOf = (bytes: Uint8Array) => Problem | undefined;

/** Reads one record of each stream, and says whether it fits the contract. */
export async function* inspectContract(
  contract: Contract,
  values: DoctorValues,
  runtime: Runtime,
): AsyncGenerator<StreamCheck> {
  yield await fitOf('transaction', values.stream, transactionFault(contract), values, runtime);
  const { verdictStream } = values;
  if (verdictStream === undefined) return;
  yield await fitOf('verdict', verdictStream, verdictFault(contract), values, runtime);
}

async function fitOf(
  subject: string,
  stream: string,
  faultOf: FaultOf,
  values: DoctorValues,
  runtime: Runtime,
): Promise<StreamCheck> {
  try {
    const wanted = { count: 1, waitMs: WAIT_MS };
    const [bytes] = await firstPayloads({ ...values, stream }, wanted, runtime);
    if (!bytes) {
      const problem = `Put a ${subject} there, and run the check again.`;
      return { subject, found: `${stream} had no record within ${WAIT_MS / 1_000} s`, problem };
    }
    const fault = faultOf(bytes);
    if (!fault) return { subject, found: `the oldest record of ${stream} fits the contract` };
    const message = `${whereIn(fault)}. Correct the contract, or name the stream that it describes.`;
    const problem = new FraudstreamError('bad-data', message);
    return { subject, found: `the oldest record of ${stream} does not fit the contract`, problem };
  } catch (problem) {
    return { subject, found: `${stream} not usable`, problem };
  }
}

function transactionFault({ transactions }: Contract): FaultOf {
  if (!transactions) return (bytes) => ownFault(bytes, parseTransaction);
  return (bytes) => {
    const found = transactions.decode(bytes);
    return 'problem' in found ? found.problem : undefined;
  };
}

function verdictFault({ verdicts }: Contract): FaultOf {
  if (!verdicts) return (bytes) => ownFault(bytes, parseVerdict);
  return (bytes) => {
    const found = verdicts.decode(bytes);
    return 'problem' in found ? found.problem : undefined;
  };
}

/** A section that the contract does not have is in our own form. */
function ownFault(
  bytes: Uint8Array,
  parse: (value: unknown) => object | { readonly problem: Problem },
): Problem | undefined {
  let value: unknown;
  try {
    value = parseJson(Buffer.from(bytes).toString('utf8'));
  } catch {
    return { field: '', value: undefined, reason: 'is not JSON' };
  }
  const found = parse(value);
  return 'problem' in found ? (found.problem as Problem) : undefined;
}

function whereIn({ field, value, reason }: Problem): string {
  const seen = value === undefined ? '' : `, not ${JSON.stringify(value).slice(0, LONGEST_SHOWN)}`;
  const where = field === '' ? 'It' : `Its ${field}`;
  return `${where} ${reason.replace(/^the record /, '')}${seen}`;
}
