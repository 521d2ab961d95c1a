import { appendFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Moto } from './moto.ts';

/** Where a stub writes its verdicts. */
export interface VerdictSink {
  write(card: string, value: object): void;
  end(): Promise<void>;
}

/** Collects what is written, and sends it in groups of so many, one group after the other. */
function batched(size: number, send: (values: readonly object[]) => Promise<void>): VerdictSink {
  let waiting: object[] = [];
  let sending: Promise<void> | undefined;
  const sendAll = async (): Promise<void> => {
    // What is written together comes together.
    await new Promise(setImmediate);
    while (waiting.length > 0) await send(waiting.splice(0, size));
    sending = undefined;
  };
  return {
    write: (_, value) => {
      waiting.push(value);
      sending ??= sendAll();
    },
    end: async () => {
      await sending;
      waiting = [];
    },
  };
}

/** Ten messages a request: the most that SQS takes. */
export function sqsSink(
  moto: Moto,
  queueUrl: string,
  bodyOf: (value: object) => string = JSON.stringify,
): VerdictSink {
  return batched(10, async (values) => {
    const Entries = values.map((value, index) => ({
      Id: String(index),
      MessageBody: bodyOf(value),
    }));
    await moto.call('AmazonSQS.SendMessageBatch', { QueueUrl: queueUrl, Entries });
  });
}

/** Ten messages a request to a topic, which puts them into its queue in an envelope. */
export function snsSink(moto: Moto, topic: string): VerdictSink {
  return batched(10, async (values) => {
    const entries = values.flatMap((value, index) => [
      [`PublishBatchRequestEntries.member.${index + 1}.Id`, String(index)],
      [`PublishBatchRequestEntries.member.${index + 1}.Message`, JSON.stringify(value)],
    ]);
    await moto.sns('PublishBatch', { TopicArn: topic, ...Object.fromEntries(entries) });
  });
}

/** 25 items a request: the most that DynamoDB takes. Each verdict is an item of its own, by a counter. */
export function dynamoSink(moto: Moto, table: string): VerdictSink {
  let number = 0;
  return batched(25, async (values) => {
    const items = values.map((value) => {
      number += 1;
      return { PutRequest: { Item: { row: { N: String(number) }, ...attributesOf(value) } } };
    });
    await moto.call('DynamoDB_20120810.BatchWriteItem', { RequestItems: { [table]: items } });
  });
}

function attributesOf(value: object): Record<string, object> {
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      typeof one === 'number'
        ? { N: String(one) }
        : typeof one === 'boolean'
          ? { BOOL: one }
          : { S: one },
    ]),
  );
}

/** Objects of up to 500 verdicts: as lines, compressed, or one JSON value behind the other over several lines. */
export function s3Sink(moto: Moto, bucket: string, prefix: string): VerdictSink {
  let number = 0;
  return batched(500, async (values) => {
    number += 1;
    const lines = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    const spread = Buffer.from(values.map((value) => JSON.stringify(value, null, 2)).join(''));
    const bodies = [lines, gzipSync(lines), spread];
    await moto.putObject(bucket, `${prefix}${number}`, bodies[number % bodies.length]);
  });
}

/** Lines at the end of a file, cut anywhere. */
export function fileSink(path: string): VerdictSink {
  return batched(97, async (values) => {
    const lines = values.map((value) => `${JSON.stringify(value)}\n`).join('');
    const half = Math.floor(lines.length / 2);
    await appendFile(path, lines.slice(0, half));
    await appendFile(path, lines.slice(half));
  });
}
