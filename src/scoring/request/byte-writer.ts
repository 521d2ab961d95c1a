import { writeFloat } from './float-text.ts';

const FIRST_BYTES = 4_096;

/** Text that grows byte by byte; the same memory serves one body after the other. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /** The float as its shortest text. */
  float(value: number): void {
    this.#room(32);
    this.#length = writeFloat(value, this.#bytes, this.#length);
  }

  byte(code: number): void {
    this.#room(1);
    this.#bytes[this.#length] = code;
    this.#length += 1;
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written, as bytes of its own; the next text begins empty. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #room(wanted: number): void {
    if (this.#length + wanted <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + wanted));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
