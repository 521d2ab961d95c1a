/** Transactions of a chunk: enough that its columns cost nothing, few enough to be forgotten soon. */
export const CHUNK = 65_536;
/** Bytes of an id as we make them. */
const USUAL_ID_BYTES = 26;

/** What is known of so many transactions, a column each. */
export interface Chunk {
  readonly dueAt: Float64Array;
  readonly acknowledgedAt: Float64Array;
  readonly score: Float64Array;
  readonly expected: Float32Array;
  readonly card: Uint32Array;
  readonly place: Uint32Array;
  readonly flags: Uint16Array;
  readonly scenario: Uint8Array;
  readonly country: Uint8Array;
  /** Where the id of each ends among the bytes of all. */
  readonly idEnd: Uint32Array;
  ids: Buffer;
}

export function emptyChunk(): Chunk {
  const unknown = (): Float64Array => new Float64Array(CHUNK).fill(Number.NaN);
  return {
    dueAt: unknown(),
    acknowledgedAt: unknown(),
    score: unknown(),
    expected: new Float32Array(CHUNK),
    card: new Uint32Array(CHUNK),
    place: new Uint32Array(CHUNK),
    flags: new Uint16Array(CHUNK),
    scenario: new Uint8Array(CHUNK),
    country: new Uint8Array(CHUNK),
    idEnd: new Uint32Array(CHUNK),
    ids: Buffer.allocUnsafe(CHUNK * USUAL_ID_BYTES),
  };
}
