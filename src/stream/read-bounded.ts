import { closeSync, createReadStream, openSync, readSync } from 'node:fs';

const PART_BYTES = 1_048_576;

/**
 * The bytes of a file that is not to be larger than so much; pipes and devices may be without end.
 *
 * Errors: those of the file system, and one that names the limit.
 */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of createReadStream(path, { end: mostBytes })) {
    parts.push(part);
    bytes += part.length;
  }
  if (bytes > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
  return Buffer.concat(parts);
}

/** As `readBounded`, at once. */
export function readBoundedSync(path: string, mostBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const part = Buffer.alloc(PART_BYTES);
      const read = readSync(file, part);
      bytes += read;
      if (bytes > mostBytes) throw new Error(`it is larger than ${mostBytes} bytes`);
      if (read === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}
