import { createReadStream } from 'node:fs';

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
