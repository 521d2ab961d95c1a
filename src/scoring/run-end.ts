import { FraudstreamError } from '../errors.ts';
import { CERTIFICATE_ADVICE } from '../http/outside-network.ts';
import type { ScoringError } from './errors.ts';
import type { Reply } from './score-client.ts';

/** Knows when a run cannot go on, and which error says so. */
export class RunEnd {
  readonly #patienceMs: number;
  #firstSentAt = Number.NaN;
  #lastFailure = '';
  #lastKind = 'connect';
  error: unknown;
  /** Something came back over HTTP, whatever it said. */
  isAnswered: boolean = false;
  isScored: boolean = false;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  sent(now: number): void {
    if (Number.isNaN(this.#firstSentAt)) this.#firstSentAt = now;
  }

  /** What the endpoint said or did not say to a request. */
  heard(reply: Reply): void {
    if ('status' in reply) this.isAnswered = true;
    // A last attempt that the deadline cut short must not hide why the others failed.
    else if (reply.failure !== 'timeout' || this.#lastFailure === '') {
      this.#lastFailure = reply.reason;
      this.#lastKind = reply.failure;
    }
  }

  /** Refused credentials end a run always; a missing endpoint only one that never scored anything. */
  isFatal({ kind, endsRun }: ScoringError): boolean {
    return endsRun !== undefined && (kind === 'auth' || kind === 'tls' || !this.isScored);
  }

  errorOf({ endsRun = 'unreachable', kind, reason }: ScoringError): FraudstreamError {
    return new FraudstreamError(endsRun, `${what(kind)} (${reason}). ${advice(kind, reason)}`);
  }

  /** The error of an endpoint from which nothing ever came, once patience has ended. */
  lost(now: number): FraudstreamError | undefined {
    if (this.isAnswered || !(now - this.#firstSentAt > this.#patienceMs)) return undefined;
    return this.silent();
  }

  /** The error of an endpoint from which nothing ever came, once all is over. */
  silent(): FraudstreamError | undefined {
    if (this.isAnswered || this.#lastFailure === '') return undefined;
    const message = `The scoring endpoint could not be reached (${this.#lastFailure}). ${advice(this.#lastKind, this.#lastFailure)}`;
    return new FraudstreamError('unreachable', message);
  }
}

function what(kind: string): string {
  if (kind === 'auth') return 'The scoring endpoint refused these credentials';
  if (kind === 'tls') return 'The certificate of the scoring endpoint is not trusted';
  return 'The scoring endpoint was not found or does not take such requests';
}

function advice(kind: string, reason: string): string {
  if (kind === 'auth' && /expired/i.test(reason)) {
    return 'They were read again, and are not taken either: renew them (aws sso login, or the program of credential_process), or check --profile.';
  }
  if (kind === 'auth') {
    return 'Check --profile, --region and --header, or give the role sagemaker:InvokeEndpoint.';
  }
  if (kind === 'tls') return CERTIFICATE_ADVICE;
  if (kind === 'timeout') return 'Raise --request-timeout and --timeout, or check the network.';
  return 'Check --endpoint-name, --url, --region and the network.';
}
