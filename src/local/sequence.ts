/** Digits of a sequence number, as Kinesis writes them: text order is then number order. */
const DIGITS = 56;
const PREFIX = '495';

/** Sequence numbers of one stream: each higher than all before, over all of its shards. */
export class Sequence {
  #last = 0;

  next(): string {
    this.#last += 1;
    return written(this.#last);
  }

  /** True for a number that it gave: not for one of AWS, of before a restart, or made up. */
  hasGiven(text: string): boolean {
    return isSequenceNumber(text) && text <= written(this.#last);
  }
}

/** The number after a sequence number: where the next record would be found. */
export function after(sequenceNumber: string): string {
  return written(Number(sequenceNumber.slice(PREFIX.length)) + 1);
}

/** The ordinals that can come are far below those of AWS. */
function isSequenceNumber(text: string): boolean {
  return /^4950{38}\d{15}$/.test(text);
}

function written(ordinal: number): string {
  return PREFIX + String(ordinal).padStart(DIGITS - PREFIX.length, '0');
}
