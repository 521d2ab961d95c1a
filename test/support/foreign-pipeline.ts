import { embeddedClient, embeddedReader } from '../../dist/emulators/kinesis/embedded-client.js';
import { consume } from '../../dist/kinesis/consumer/consume.js';
import { producerDefaults } from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import { systemClock } from '../../dist/runtime.js';
import { Mailbox } from '../../dist/stream/mailbox.js';
import type { Due, UserRecord } from '../../dist/transactions/user-record.js';

/** How a pipeline that is not ours reads transactions, decides, and says so. */
export interface ForeignForm {
  /** The id and the decision by a rule of its own. */
  read(data: Uint8Array): { readonly id: string; readonly isFraud: boolean };
  /** Undefined where it says nothing of it. */
  verdict(id: string, isFraud: boolean): Uint8Array | undefined;
  reject?(id: string): Uint8Array;
}

/** What it does to some transactions, by id. */
export interface ForeignFaults {
  readonly drop?: readonly string[];
  readonly double?: readonly string[];
  readonly delay?: readonly string[];
  readonly flip?: readonly string[];
  readonly reject?: readonly string[];
  /** Records of the verdict stream that are no verdicts. */
  readonly nonsense?: readonly Uint8Array[];
}

export const DELAY_MS = 15_000;

/** Reads one stream and answers to others in the form of somebody else, with faults. */
export async function foreignPipeline(
  url: string,
  [input, verdicts, rejects]: readonly [string, string, string?],
  form: ForeignForm,
  faults: ForeignFaults,
): Promise<{ close(): Promise<void> }> {
  const stop = new AbortController();
  const source = await embeddedReader(input, url);
  const answers = await opened(verdicts, url);
  const letters = rejects === undefined ? undefined : await opened(rejects, url);
  const does = (what: Exclude<keyof ForeignFaults, 'nonsense'>, id: string): boolean =>
    faults[what]?.includes(id) ?? false;
  const judge = (id: string, isFraud: boolean): void => {
    const verdict = form.verdict(id, does('flip', id) ? !isFraud : isFraud);
    if (!verdict) return;
    const say = (): void => answers.write(verdict);
    if (does('delay', id)) setTimeout(say, DELAY_MS);
    else say();
    if (does('double', id)) say();
  };
  let isBegun = false;
  const answer = (data: Uint8Array): void => {
    if (!isBegun) for (const some of faults.nonsense ?? []) answers.write(some);
    isBegun = true;
    const { id, isFraud } = form.read(data);
    if (does('drop', id)) return;
    if (does('reject', id)) letters?.write(form.reject?.(id) ?? Buffer.from(id));
    else judge(id, isFraud);
  };
  const reading = (async () => {
    const settings = { from: 'trim-horizon', limit: 10_000, pollIntervalMs: 50 } as const;
    for await (const { records } of consume(
      source,
      { clock: systemClock, stop: stop.signal },
      settings,
    )) {
      for (const { data } of records) answer(data);
    }
  })();
  return {
    close: async () => {
      stop.abort();
      await reading;
      await answers.end();
      await letters?.end();
      source.close();
    },
  };
}

async function opened(
  stream: string,
  url: string,
): Promise<{ write(data: Uint8Array): void; end(): Promise<void> }> {
  const client = await embeddedClient(stream, url);
  const outgoing = new Mailbox<readonly Due<UserRecord>[]>();
  const outside = { clock: systemClock, random: Math.random };
  const ended = (async () => {
    for await (const _ of put(outgoing, client, outside, producerDefaults));
    client.close();
  })();
  return {
    write: (data) => {
      outgoing.push([{ dueAt: systemClock.now(), record: { id: '', partitionKey: 'k', data } }]);
    },
    end: async () => {
      outgoing.end();
      await ended;
    },
  };
}
