import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { openSink, type Sink } from '../../files/sink.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { type LabelledTransaction, transactions } from '../../generators/transactions.ts';
import { userRecords } from '../../generators/user-records.ts';
import type { World } from '../../generators/world.ts';
import { labelFields, labelLine } from '../../records/label.ts';
import { transactionLine } from '../../records/transaction.ts';
import { count } from '../../reporting/format.ts';
import { take } from '../../stream/take.ts';
import type { Outside } from '../outside.ts';
import { madeWorld, type WorldValues } from './made-world.ts';

const LINE_FEED = Buffer.from('\n');

/** Everything that `generate` can be told. */
export interface GenerateValues extends WorldValues {
  readonly count: number;
  readonly out: string | undefined;
  readonly labels: 'none' | 'inline' | 'sidecar';
}

/** World to lines: transactions to stdout or a file, labels inside or beside them. */
export async function generate(values: GenerateValues, outside: Outside): Promise<ExitCode> {
  const { made, seed } = await madeWorld(values, outside);
  const labels = values.labels === 'sidecar' ? await sidecar(values.out) : undefined;
  const file = values.out === undefined ? undefined : await openSink(values.out);
  const lines = file ?? outside.out;
  let written = 0;
  for await (const group of take(linesOf(made, values.labels), values.count)) {
    if (outside.stop.aborted) break;
    await lines.write(Buffer.concat(group.flatMap(({ line }) => [line, LINE_FEED])));
    await labels?.write(group.map(({ label }) => `${label}\n`).join(''));
    written += group.length;
  }
  await file?.end();
  await labels?.end();
  await outside.err.write(`${count(written)} transactions, seed ${seed}\n`);
  return exitCodes.held;
}

/** A transaction's line, and its label's where that is wanted. */
interface Written {
  readonly line: Uint8Array;
  readonly label?: string;
}

/** The transactions of a world as lines; without labels they are written straight into bytes. */
function* linesOf(made: World, labels: GenerateValues['labels']): Generator<readonly Written[]> {
  if (labels === 'none') {
    for (const group of userRecords(made)) yield group.map(({ data }) => ({ line: data }));
    return;
  }
  const lineOf = labels === 'inline' ? labelledLine : bareLine;
  for (const group of transactions(made)) {
    yield group.map((one) => ({ line: Buffer.from(lineOf(one)), label: labelLine(one.label) }));
  }
}

function bareLine({ transaction }: LabelledTransaction): string {
  return transactionLine(transaction);
}

/** The transaction with its label's fields behind its own. */
function labelledLine({ transaction, label }: LabelledTransaction): string {
  const truth = JSON.stringify(
    label,
    labelFields.filter((name) => name !== 'transaction_id'),
  );
  return `${transactionLine(transaction).slice(0, -1)},${truth.slice(1)}`;
}

/** `out.ndjson` has its labels in `out.labels.ndjson`. */
async function sidecar(out: string | undefined): Promise<Sink> {
  if (out === undefined) {
    throw new FraudstreamError(
      'usage',
      '--labels sidecar needs --out: the labels go to a file beside it, never to stdout.',
    );
  }
  return openSink(out.replace(/(\.ndjson|\.json|)$/, '.labels$1'));
}
