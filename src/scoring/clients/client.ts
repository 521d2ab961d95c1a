import type { Endpoint } from '../endpoint.ts';

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
