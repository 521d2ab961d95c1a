import { createReadStream } from 'node:fs';
import type { Label } from '../../records/label.ts';
import type { Transaction } from '../../records/transaction.ts';
import { recordOf } from '../own-record.ts';
import type { Recorded } from '../recorded.ts';
import { openSink } from '../sink.ts';

const HEAD_BYTES = 16;

/**
 * Writes records one behind the other.
 *
 *     offset  length  meaning
 *     0       4       bytes of the data, n
 *     4       4       bytes of the label as JSON, m; 0 without
 *     8       8       time it is ordered by, a double
 *     16      n       data
 *     16+n    m       label
 */
export async function writeRun(path: string, records: readonly Recorded[]): Promise<void> {
  const sink = await openSink(path);
  for (const { data, label, eventAt } of records) {
    const labelBytes = label ? Buffer.from(JSON.stringify(label)) : Buffer.alloc(0);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(data.length, 0);
    head.writeUInt32LE(labelBytes.length, 4);
    head.writeDoubleLE(eventAt, 8);
    await sink.write(Buffer.concat([head, data, labelBytes]));
  }
  await sink.end();
}

/** Reads them again, in their order. */
export async function* readRun(path: string): AsyncGenerator<Recorded, void, undefined> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576 })) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const end = endOf(held, at);
      if (end > held.length) break;
      yield recordIn(held, at, end);
      at = end;
    }
    held = held.subarray(at);
  }
}

/** Where the record ends that begins there; past the end when its head is not whole. */
function endOf(bytes: Buffer, at: number): number {
  if (at + HEAD_BYTES > bytes.length) return Number.POSITIVE_INFINITY;
  return at + HEAD_BYTES + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
}

function recordIn(bytes: Buffer, at: number, end: number): Recorded {
  const dataEnd = at + HEAD_BYTES + bytes.readUInt32LE(at);
  const data = bytes.subarray(at + HEAD_BYTES, dataEnd);
  // What was written here had been checked.
  const transaction = JSON.parse(data.toString('utf8')) as Transaction;
  const hasLabel = dataEnd < end;
  const label = hasLabel ? (JSON.parse(bytes.toString('utf8', dataEnd, end)) as Label) : undefined;
  return { ...recordOf(transaction, label, data), eventAt: bytes.readDoubleLE(at + 8) };
}
