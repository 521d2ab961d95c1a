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
      /** Of a redirect, which is not followed. */
      readonly location?: string | undefined;
    }
  | {
      readonly failure: 'timeout' | 'connect' | 'tls' | 'auth' | 'bad_response' | 'aborted';
      readonly reason: string;
    };

/** A request under way. `reply` never rejects; after `abort` it is the failure given there. */
export interface ScoreRequest {
  readonly reply: Promise<Reply>;
  abort(failure: 'timeout' | 'aborted', reason: string): void;
}

/** What the scoring wants of an endpoint; further calls may begin while others are under way. */
export interface Endpoint {
  invoke(body: Uint8Array): ScoreRequest;
}

/** An endpoint that is open. `place` says where it is, for people. */
export interface ScoreClient extends Endpoint {
  readonly place: string;
  close(): Promise<void>;
}

/** The longest answer to a request of so many bytes: scores, with what a model explains of them. */
export function longestAnswerBytes(requestBytes: number): number {
  return 1_048_576 + 16 * requestBytes;
}

/** How connections are made, whatever the transport. */
export interface ConnectionSettings {
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** Of the shared AWS config files; it may name a certificate authority. */
  readonly profile?: string | undefined;
  /** What a person should know, such as a clock that is off. */
  readonly notify?: ((text: string) => void) | undefined;
}

/** Source: `CustomAttributes` of InvokeEndpoint; `model_version=...` is ours. */
const MODEL_VERSION = /(?:^|[;,\s])model_version=([^;,\s]+)/;

/** What an answer says of the model behind it: its version, else the variant that answered. */
export function modelVersionOf(
  customAttributes: string | undefined,
  variant: string | undefined,
): string | undefined {
  return MODEL_VERSION.exec(customAttributes ?? '')?.[1] ?? variant;
}
