/**
 * What came back of one request: an answer of HTTP, or none at all.
 *
 * `errorType` is the service's own name for an error, `modelVersion` what the answer says of the
 * model behind it. A `failure` never reached an answer; its `reason` is for people.
 */
export type Reply =
  | {
      readonly status: number;
      readonly errorType: string | undefined;
      readonly contentType: string;
      readonly body: Uint8Array;
      readonly modelVersion: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | {
      readonly failure: 'timeout' | 'connect' | 'tls' | 'auth' | 'bad_response' | 'aborted';
      readonly reason: string;
    };

/** A request under way. `reply` never rejects; after `abort` it is the failure given there. */
export interface Call {
  readonly reply: Promise<Reply>;
  abort(failure: 'timeout' | 'aborted', reason: string): void;
}

/** What the scoring wants of an endpoint; further calls may begin while others are under way. */
export interface Endpoint {
  invoke(body: Uint8Array): Call;
}
