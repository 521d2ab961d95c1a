/**
 * A transaction on its way to be scored.
 *
 * `data` are its bytes as they came, one JSON object. `features` stand in the order of the model,
 * NaN where missing; absent where the endpoint computes them itself. `isFraud` is the truth where the
 * record brought it along: for the report, never for the endpoint.
 */
export interface Candidate {
  readonly id: string;
  readonly cardId: string;
  readonly eventTime: string;
  readonly data: Uint8Array;
  readonly features: Float32Array | undefined;
  readonly isFraud?: boolean | undefined;
}
