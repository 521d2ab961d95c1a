import { crc32 } from 'node:zlib';
import { after, timeoutError, tooLargeError } from './bounds.ts';

/**
 * The framing of event streams of AWS (`application/vnd.amazon.eventstream`).
 *
 * | bytes | field |
 * |---|---|
 * | 4 | length of the whole message |
 * | 4 | length of the headers |
 * | 4 | CRC-32 of the eight bytes before |
 * | | headers: length of the name (1), name, type (1; 7 is text), length of the value (2), value |
 * | | payload |
 * | 4 | CRC-32 of everything before |
 *
 * All numbers are big-endian. Source: Smithy, "Amazon Event Stream Specification".
 */
export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const TEXT_TYPE = 7;
/** Source: the specification; headers have at most 128 KiB, and a payload 24 MB. */
const MOST_HEADER_BYTES = 131_072;
const MOST_MESSAGE_BYTES = 25_165_824 + MOST_HEADER_BYTES + PRELUDE_BYTES + CRC_BYTES;

/** Returns one message with headers of text. */
export function eventMessage(
  headers: Readonly<Record<string, string>>,
  payload: Uint8Array,
): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const length = PRELUDE_BYTES + head.length + payload.length + CRC_BYTES;
  const message = Buffer.alloc(length);
  message.writeUInt32BE(length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, length - CRC_BYTES)), length - CRC_BYTES);
  return message;
}

function header(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const size = Buffer.alloc(2);
  size.writeUInt16BE(valueBytes.length);
  return Buffer.concat([
    Buffer.from([nameBytes.length]),
    nameBytes,
    Buffer.from([TEXT_TYPE]),
    size,
    valueBytes,
  ]);
}

/**
 * Passes on the bytes of an event stream message by message, each whole and with the right checksums.
 *
 * A reader behind it allocates what a message says it has; here that is checked first. Errors:
 * `InvalidResponse` for lengths or checksums that are wrong, and for an end within a message;
 * `ResponseTooLarge`; `TimeoutError` when no message is complete `silenceMs` after the one before.
 */
export async function* wholeMessages(
  source: AsyncIterable<Buffer>,
  silenceMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  const messages = new MessageSplitter();
  const silence = new Silence(silenceMs);
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), silence.ended]);
      if (next.done) break;
      messages.add(next.value);
      for (let message = messages.take(); message; message = messages.take()) {
        silence.interrupt();
        yield message;
        // Whoever reads slowly does not make the other side silent.
        silence.begin();
      }
    }
  } finally {
    silence.interrupt();
    // A source that is waiting for input would let us wait as well.
    void chunks.return?.()?.catch(() => undefined);
  }
  messages.end();
}

/** Time without a message. */
class Silence {
  readonly #mostMs: number;
  #cancel: () => void = () => undefined;
  /** Rejects once it has lasted too long. Errors: `TimeoutError`. */
  ended: Promise<never> = new Promise(() => undefined);

  constructor(mostMs: number) {
    this.#mostMs = mostMs;
    this.begin();
  }

  begin(): void {
    this.ended = new Promise((_, reject) => {
      const late = timeoutError(`no complete event in ${this.#mostMs} ms`);
      this.#cancel = after(this.#mostMs, () => reject(late));
    });
    this.ended.catch(() => undefined);
  }

  interrupt(): void {
    this.#cancel();
  }
}

/** Cuts a stream of bytes into messages. Errors: those of `wholeMessages`. */
class MessageSplitter {
  #chunks: Buffer[] = [];
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  /** The next message, once it is whole. */
  take(): Buffer | undefined {
    if (this.#bytes < PRELUDE_BYTES) return undefined;
    const [first] = this.#chunks;
    const length = lengthIn(first && first.length >= PRELUDE_BYTES ? first : this.#joined());
    if (this.#bytes < length) return undefined;
    const all = this.#joined();
    const rest = all.subarray(length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
    const message = all.subarray(0, length);
    check(message);
    return message;
  }

  end(): void {
    if (this.#bytes > 0) throw damaged(`ends after ${this.#bytes} bytes of a message`);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first && this.#chunks.length === 1) return first;
    const joined = Buffer.concat(this.#chunks, this.#bytes);
    this.#chunks = [joined];
    return joined;
  }
}

/** The length that a prelude says. */
function lengthIn(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  const headerBytes = bytes.readUInt32BE(4);
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) {
    throw damaged('has a message whose lengths do not match their checksum');
  }
  if (length > MOST_MESSAGE_BYTES) throw tooLargeError(MOST_MESSAGE_BYTES);
  if (headerBytes > MOST_HEADER_BYTES || length < PRELUDE_BYTES + headerBytes + CRC_BYTES) {
    throw damaged(`has a message of ${length} bytes with ${headerBytes} bytes of headers`);
  }
  return length;
}

function check(message: Buffer): void {
  const end = message.length - CRC_BYTES;
  if (crc32(message.subarray(0, end)) !== message.readUInt32BE(end)) {
    throw damaged('has a message that does not match its checksum');
  }
}

function damaged(how: string): Error {
  return Object.assign(new Error(`the event stream ${how}`), { name: 'InvalidResponse' });
}
