import type { EngineReject, EngineVerdict, WriteRecord } from '../contract/write-verdict.ts';
import { openSink } from '../files/sink.ts';
import { type ProducerSettings, producerDefaults } from '../kinesis/producer/producer-settings.ts';
import { put } from '../kinesis/producer/put.ts';
import type { PutClient } from '../kinesis/put-client.ts';
import type { Clock } from '../stream/clock.ts';
import { Mailbox } from '../stream/mailbox.ts';
import type { Due, Receipt, UserRecord } from '../transactions/user-record.ts';
import {
  type Rejection,
  rejectedText,
  rejectionLine,
  shortenedReason,
} from '../transactions/verdict.ts';

/** An output for verdicts or rejections. */
export interface LineSink {
  /** Lines that were written and did not arrive. */
  readonly failed: number;
  /** Resolves when more may be written. */
  write(lines: readonly KeyedLine[]): Promise<void>;
  /** Resolves when everything has arrived. */
  end(): Promise<void>;
}

/**
 * A line without its end, made where it is written; the id under which it is acknowledged, and its partition key.
 *
 * Bytes are a record that is no text: a line of text has them in Base64. What is undefined is not written, and acknowledged.
 */
export interface KeyedLine {
  readonly id: string;
  readonly key: string;
  readonly line: () => string | Uint8Array | undefined;
}

/** Called with the ids of lines that have arrived. */
export type Acknowledge = (ids: readonly string[]) => void;

/** Drops every line. */
export function noSink(acknowledge: Acknowledge): LineSink {
  return {
    failed: 0,
    write: async (lines) => acknowledge(lines.map(({ id }) => id)),
    end: async () => undefined,
  };
}

/** Lines as text, each with its line feed, to a function such as that of a pipe; `header` is the first line. */
export function textSink(
  write: (text: string) => Promise<void>,
  acknowledge: Acknowledge,
  header?: string,
): LineSink {
  let before = headerText(header);
  return {
    failed: 0,
    write: async (lines) => {
      const text = before + lines.map(({ line }) => lineText(line())).join('');
      before = '';
      if (text !== '') await write(text);
      acknowledge(lines.map(({ id }) => id));
    },
    end: async () => {
      if (before !== '') await write(before);
    },
  };
}

/** Lines to a file. Errors: `usage` when it cannot be written. */
export async function fileSink(
  path: string,
  acknowledge: Acknowledge,
  header?: string,
): Promise<LineSink> {
  const file = await openSink(path);
  const sink = textSink((text) => file.write(text), acknowledge, header);
  return {
    ...sink,
    end: async () => {
      try {
        await sink.end();
      } finally {
        await file.end();
      }
    },
  };
}

function headerText(header: string | undefined): string {
  return header === undefined ? '' : `${header}\n`;
}

function lineText(line: string | Uint8Array | undefined): string {
  if (line === undefined) return '';
  return `${typeof line === 'string' ? line : Buffer.from(line).toString('base64')}\n`;
}

/** An open stream of Kinesis that takes records. */
export interface OutputStream {
  readonly client: PutClient;
  close(): Promise<void>;
}

/** Lines under way to the stream; a further write waits. */
const MOST_UNDER_WAY = 50_000;

/**
 * Lines as records of a Kinesis stream, keyed by card, with the settings of the KPL.
 *
 * `acknowledge` is called with those that Kinesis accepted; `isOrdered` keeps the order of each card.
 */
export class StreamSink implements LineSink {
  readonly #stream: OutputStream;
  readonly #clock: Clock;
  readonly #acknowledge: Acknowledge;
  readonly #lines = new Mailbox<readonly Due<UserRecord>[]>();
  readonly #put: Promise<void>;
  #underWay = 0;
  #failed = 0;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(
    stream: OutputStream,
    isOrdered: boolean,
    acknowledge: Acknowledge,
    dependencies: { readonly clock: Clock; readonly random: () => number },
    maxUserRecordSize: number = producerDefaults.maxUserRecordSize,
  ) {
    this.#stream = stream;
    this.#clock = dependencies.clock;
    this.#acknowledge = acknowledge;
    this.#put = this.#run(
      { ...producerDefaults, isOrdered, maxUserRecordSize },
      dependencies,
    ).catch((error: unknown) => {
      this.#error = error;
      this.#wake?.();
    });
  }

  /** Lines that the stream did not accept. */
  get failed(): number {
    return this.#failed;
  }

  async write(lines: readonly KeyedLine[]): Promise<void> {
    const dueAt = this.#clock.now();
    const unwritten: string[] = [];
    const records = lines.flatMap(({ id, key, line }) => {
      const text = line();
      if (text === undefined) unwritten.push(id);
      return text === undefined
        ? []
        : [{ dueAt, record: { id, partitionKey: key, data: Buffer.from(text as string) } }];
    });
    this.#underWay += records.length;
    if (records.length > 0) this.#lines.push(records);
    if (unwritten.length > 0) this.#acknowledge(unwritten);
    while (this.#underWay > MOST_UNDER_WAY && this.#error === undefined) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async end(): Promise<void> {
    this.#lines.end();
    await this.#put;
    await this.#stream.close();
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(
    settings: ProducerSettings,
    dependencies: { readonly clock: Clock; readonly random: () => number },
  ): Promise<void> {
    for await (const receipts of put(this.#lines, this.#stream.client, dependencies, settings)) {
      this.#received(receipts);
    }
  }

  #received(receipts: readonly Receipt[]): void {
    this.#underWay -= receipts.length;
    const accepted = receipts.filter(({ isAccepted }) => isAccepted);
    this.#failed += receipts.length - accepted.length;
    this.#acknowledge(accepted.map(({ id }) => id));
    this.#wake?.();
  }
}

/** How verdicts and rejections are written where they are not in our form. */
export interface OutputForms {
  readonly verdict?: WriteRecord<EngineVerdict> | undefined;
  readonly reject?: WriteRecord<EngineReject> | undefined;
}

/** Outputs of a scoring run: one for verdicts, one for what got no score. */
export class ScoreSinks {
  readonly forms: OutputForms;
  readonly #verdicts: LineSink;
  readonly #rejects: LineSink;
  readonly #redact: (text: string) => string;
  readonly #rejectBytes: number;

  /**
   * `redact` takes secrets out of reasons: an endpoint may repeat what it was sent.
   * `rejectBytes` is the largest record, with its key, that the output of rejections takes.
   */
  constructor(
    verdicts: LineSink,
    rejects: LineSink,
    redact: (text: string) => string = (text) => text,
    rejectBytes: number = Number.POSITIVE_INFINITY,
    forms: OutputForms = {},
  ) {
    this.forms = forms;
    this.#verdicts = verdicts;
    this.#rejects = rejects;
    this.#redact = redact;
    this.#rejectBytes = rejectBytes;
  }

  /** Lines that did not arrive. */
  get failed(): number {
    return this.#verdicts.failed + this.#rejects.failed;
  }

  writeVerdicts(lines: readonly KeyedLine[]): Promise<void> {
    return this.#verdicts.write(lines);
  }

  /** Writes a rejection, which is acknowledged under `id`. */
  writeRejection(rejection: Rejection, id: string): Promise<void> {
    const reason = this.#redact(rejection.reason);
    const key = rejection.card_id ?? 'unread';
    const mostBytes = this.#rejectBytes - Buffer.byteLength(key);
    const { reject } = this.forms;
    const line = reject
      ? () => formedReject({ ...rejection, reason }, reject, mostBytes)
      : () => rejectionLine({ ...rejection, reason }, mostBytes);
    return this.#rejects.write([{ id, key, line }]);
  }

  /** Resolves when every line has arrived, or has failed. */
  async end(): Promise<void> {
    try {
      await this.#verdicts.end();
    } finally {
      await this.#rejects.end();
    }
  }
}

/** A dead letter of a contract; where the record does not fit, with the head of it. */
function formedReject(
  { transaction_id, error, reason, transaction }: Rejection,
  write: WriteRecord<EngineReject>,
  mostBytes: number,
): string | Uint8Array | undefined {
  const letter = {
    transactionId: transaction_id ?? undefined,
    error,
    detail: shortenedReason(reason),
  };
  const whole = write({ ...letter, record: rejectedText(transaction, true) });
  if (whole === undefined || Buffer.byteLength(whole) <= mostBytes) return whole;
  return write({ ...letter, record: rejectedText(transaction, false) });
}
