import {
  type ProducerSettings,
  producerDefaults,
} from '../../../kinesis/producer/producer-settings.ts';
import { put } from '../../../kinesis/put.ts';
import type { Due } from '../../../records/due.ts';
import type { Receipt } from '../../../records/receipt.ts';
import type { UserRecord } from '../../../records/user-record.ts';
import { Mailbox } from '../../../stream/mailbox.ts';
import type { Outside } from '../../outside.ts';
import type { OpenStream } from '../sources/stream.ts';
import type { Arrived, KeyedLine, LineSink } from './verdict-sink.ts';

/** Lines under way to the stream; whoever writes more waits. */
const MOST_UNDER_WAY = 50_000;

/** Lines as records of a Kinesis stream, keyed by card; `arrived` hears those acknowledged. `isOrdered` keeps the order of each card. */
export class StreamSink implements LineSink {
  readonly #stream: OpenStream;
  readonly #clock: Outside['clock'];
  readonly #arrived: Arrived;
  readonly #letters = new Mailbox<readonly Due<UserRecord>[]>();
  readonly #put: Promise<void>;
  #underWay = 0;
  #failed = 0;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(
    stream: OpenStream,
    isOrdered: boolean,
    arrived: Arrived,
    outside: Pick<Outside, 'clock' | 'random'>,
  ) {
    this.#stream = stream;
    this.#clock = outside.clock;
    this.#arrived = arrived;
    this.#put = this.#run({ ...producerDefaults, isOrdered }, outside).catch((error: unknown) => {
      this.#error = error;
      this.#wake?.();
    });
  }

  /** Lines that the stream did not take. */
  get failed(): number {
    return this.#failed;
  }

  async write(lines: readonly KeyedLine[]): Promise<void> {
    const dueAt = this.#clock.now();
    this.#underWay += lines.length;
    this.#letters.push(
      lines.map(({ id, key, line }) => ({
        dueAt,
        record: { id, partitionKey: key, data: Buffer.from(line) },
      })),
    );
    while (this.#underWay > MOST_UNDER_WAY && this.#error === undefined) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async end(): Promise<void> {
    this.#letters.end();
    await this.#put;
    await this.#stream.close();
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(
    settings: ProducerSettings,
    { clock, random }: Pick<Outside, 'clock' | 'random'>,
  ): Promise<void> {
    const { client } = this.#stream;
    for await (const receipts of put(this.#letters, client, { clock, random }, settings)) {
      this.#received(receipts);
    }
  }

  #received(receipts: readonly Receipt[]): void {
    this.#underWay -= receipts.length;
    const taken = receipts.filter(({ isAccepted }) => isAccepted);
    this.#failed += receipts.length - taken.length;
    this.#arrived(taken.map(({ id }) => id));
    this.#wake?.();
  }
}
