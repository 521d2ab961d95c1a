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
const names = ['flat-json', 'nested-alerts', 'csv', 'raw'];

/** Bytes as text where they are UTF-8, which all of these are. */
const text = (bytes) => Buffer.from(bytes).toString('utf8');
/** Where it is: reasons are words of each implementation. */
const problem = ({ field }) => ({ field });

/** What an implementation makes of the inputs of a case. */
export async function outcomesOf({ contract, inputs }) {
  const scratch = mkdtempSync(join(tmpdir(), 'contracts-'));
  try {
    const path = join(scratch, 'contract.json');
    writeFileSync(path, JSON.stringify(contract, undefined, 2));
    const { transactions, verdicts, rejects } = await contractFile(path);
    const write = inputs.transactions && transactions.writer(0);
    return {
      lacks: transactions?.lacks ?? [],
      notes: transactions?.notes ?? [],
      transactions: inputs.transactions?.map((transaction) => {
        const payload = write(transaction, Date.parse(transaction.event_time));
        return { payload: text(payload), partition_key: transactions.keyOf(transaction) };
      }),
      payloads: inputs.payloads?.map((payload) => decodedPayload(transactions, payload)),
      verdicts: inputs.verdicts?.map((verdict) => decodedVerdict(verdicts, verdict)),
      rejects: inputs.rejects?.map((reject) => {
        const { transactionId, reason } = rejects.decode(Buffer.from(reject));
        return { transaction_id: transactionId ?? null, reason };
      }),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function decodedPayload(transactions, payload) {
  const found = transactions.decode(Buffer.from(payload));
  if ('problem' in found) return { problem: problem(found.problem) };
  return {
    id: found.id,
    partition_key: found.partitionKey,
    event_at: found.eventAt,
    data: text(found.data),
    transaction: found.transaction ?? null,
    label: found.label ?? null,
  };
}

function decodedVerdict(verdicts, verdict) {
  const found = verdicts.decode(Buffer.from(verdict));
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
    const { contract, inputs } = JSON.parse(readFileSync(path, 'utf8'));
    const outcomes = await outcomesOf({ contract, inputs });
    writeFileSync(path, `${JSON.stringify({ contract, inputs, outcomes }, undefined, 2)}\n`);
  }
}
