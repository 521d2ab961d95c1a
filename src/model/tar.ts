const BLOCK_BYTES = 512;
const [NAME, SIZE, TYPE] = [0, 124, 156];
const NAME_BYTES = 100;
const SIZE_BYTES = 12;
/** Types of a regular file: "0", and 0 as old archives have it. */
const regular: readonly (number | undefined)[] = [0x30, 0];

/**
 * The content of the first regular file of that name, with or without `./`; `undefined` without one.
 *
 * Errors: `RangeError` for a header whose size is none, or larger than what follows.
 * Source: POSIX.1-2017, pax, ustar interchange format.
 */
export function fileInTar(tar: Buffer, wanted: string): Buffer | undefined {
  for (let at = 0; at + BLOCK_BYTES <= tar.length; ) {
    const name = textAt(tar, at + NAME, NAME_BYTES);
    if (name === '') return undefined;
    const size = textAt(tar, at + SIZE, SIZE_BYTES).trim();
    const bytes = /^[0-7]+$/.test(size) ? Number.parseInt(size, 8) : Number.NaN;
    const from = at + BLOCK_BYTES;
    if (!(bytes <= tar.length - from)) {
      throw new RangeError(`${JSON.stringify(name)} has no size, or is cut off`);
    }
    const isWanted = name.replace(/^\.\//, '') === wanted && regular.includes(tar[at + TYPE]);
    if (isWanted) return tar.subarray(from, from + bytes);
    at = from + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return undefined;
}

/** A text that ends with a zero, or with its field. */
function textAt(tar: Buffer, from: number, length: number): string {
  const field = tar.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end);
}
