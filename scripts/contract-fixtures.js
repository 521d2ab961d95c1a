/**
 * Writes fixtures/contracts: contracts, and what their transactions, verdicts and dead letters are in bytes and decoded.
 *
 * Run `npm run update:contracts` after a change that is meant. Every implementation of contracts must give the same.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractFile } from '../dist/files/contract-file.js';

const folder = join(import.meta.dirname, '..', 'fixtures', 'contracts');
const names = ['flat-json', 'nested-alerts', 'csv', 'raw', 'avro-glue', 'protobuf-confluent'];
const BINARY = 'base64:';

/** Bytes of Avro and Protobuf in Base64, all others as text. */
const text = (bytes, isBinary = false) =>
  isBinary ? BINARY + Buffer.from(bytes).toString('base64') : Buffer.from(bytes).toString('utf8');
const bytesOf = (given) =>
  given.startsWith(BINARY) ? Buffer.from(given.slice(BINARY.length), 'base64') : Buffer.from(given);
/** Where it is: reasons are words of each implementation. */
const problem = ({ field }) => ({ field });

/** What an implementation makes of the inputs of a case. */
export async function outcomesOf({ contract, schemas = {}, inputs }) {
  const scratch = mkdtempSync(join(tmpdir(), 'contracts-'));
  try {
    const path = join(scratch, 'contract.json');
    writeFileSync(path, JSON.stringify(contract, undefined, 2));
    for (const [name, schema] of Object.entries(schemas)) {
      const lines = typeof schema === 'string' ? schema : JSON.stringify(schema);
      writeFileSync(join(scratch, name), lines);
    }
    const { transactions, verdicts, rejects } = await contractFile(path);
    const write = inputs.transactions && transactions.writer(0);
    return {
      lacks: transactions?.lacks ?? [],
      notes: transactions?.notes ?? [],
      transactions: inputs.transactions?.map((transaction) => {
        const payload = write(transaction, Date.parse(transaction.event_time));
        return {
          payload: text(payload, transactions.isBinary),
          partition_key: transactions.keyOf(transaction),
        };
      }),
      payloads: inputs.payloads?.map((payload) => decodedPayload(transactions, payload)),
      verdicts: inputs.verdicts?.map((verdict) => decodedVerdict(verdicts, verdict)),
      rejects: inputs.rejects?.map((reject) => {
        const { transactionId, reason } = rejects.decode(bytesOf(reject));
        return { transaction_id: transactionId ?? null, reason };
      }),
      written_verdicts: inputs.written_verdicts?.map(written(verdicts, engineVerdict)),
      written_rejects: inputs.written_rejects?.map(written(rejects, engineReject)),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** What is written is read as what it was made of, or it is not written. */
function written(form, subjectOf) {
  const write = form.writer();
  return (given) => {
    const record = write(subjectOf(given));
    if (record === undefined) return null;
    return typeof record === 'string' ? record : text(record, true);
  };
}

function engineVerdict(given) {
  return {
    transactionId: given.transaction_id,
    cardId: given.card_id,
    eventAt: given.event_at,
    scoredAt: given.scored_at,
    score: given.score ?? Number.NaN,
    isFraud: given.is_fraud ?? false,
    error: given.error,
    modelVersion: given.model_version,
    features: given.features?.map((value) => value ?? Number.NaN),
  };
}

function engineReject({ transaction_id: transactionId, ...others }) {
  return { transactionId: transactionId ?? undefined, ...others };
}

function decodedPayload(transactions, payload) {
  const found = transactions.decode(bytesOf(payload));
  if ('problem' in found) return { problem: problem(found.problem) };
  return {
    id: found.id,
    partition_key: found.partitionKey,
    event_at: found.eventAt,
    data: text(found.data, transactions.isBinary),
    transaction: found.transaction ?? null,
    label: found.label ?? null,
  };
}

function decodedVerdict(verdicts, verdict) {
  const found = verdicts.decode(bytesOf(verdict));
  if ('problem' in found) return { problem: problem(found.problem) };
  return {
    transaction_id: found.transactionId,
    score: found.score ?? null,
    is_fraud_predicted: found.isFraud ?? null,
    error: found.error ?? null,
    event_at: found.eventAt ?? null,
    checks: Object.fromEntries(verdicts.checks.map((name, index) => [name, found.checks[index]])),
  };
}

if (process.argv[1] === import.meta.filename) {
  for (const name of names) {
    const path = join(folder, `${name}.json`);
    const { contract, schemas, inputs } = JSON.parse(readFileSync(path, 'utf8'));
    const outcomes = await outcomesOf({ contract, schemas, inputs });
    const made = { contract, schemas, inputs, outcomes };
    writeFileSync(path, `${JSON.stringify(made, undefined, 2)}\n`);
  }
}
