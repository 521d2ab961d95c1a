import type { Reply } from '../score-client.ts';

type Failure = Extract<Reply, { readonly failure: string }>;

const TLS = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH)/;
/** Alerts that say nothing of a certificate: a load balancer that starts or ends sends them. */
const PASSING_ALERT =
  /alert[ _](handshake|internal|close|user|decode|decrypt|unexpected|record|bad[ _]record)/i;
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
/** Answers that are not HTTP, or longer than any list of scores. */
const NO_ANSWER = /^HPE_/;
const NO_ANSWER_NAMES: ReadonlySet<string> = new Set(['InvalidResponse', 'ResponseTooLarge']);
const DEPTH = 5;

/** The failure that an error of a socket, of our client or of the SDK means. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { failure: 'connect', reason: String(error) };
  const code = codeOf(error);
  const text = error.message.includes(code) ? error.message : `${code} ${error.message}`.trim();
  if (CREDENTIALS.test(error.name)) return { failure: 'auth', reason: error.message };
  if (TLS.test(code) && !PASSING_ALERT.test(text)) return { failure: 'tls', reason: text };
  if (NO_ANSWER.test(code) || NO_ANSWER_NAMES.has(error.name))
    return { failure: 'bad_response', reason: text };
  // The SDK calls both a timeout: no connection in time, and no answer in time.
  const isLate = error.name === 'TimeoutError' && code === '' && !/establish/.test(error.message);
  return { failure: isLate ? 'timeout' : 'connect', reason: text };
}

/** The code of the innermost error that has one. */
function codeOf(error: Error): string {
  let found = '';
  let inner: unknown = error;
  for (let depth = 0; inner instanceof Error && depth < DEPTH; depth += 1) {
    const code: unknown = 'code' in inner ? inner.code : undefined;
    if (typeof code === 'string') found = code;
    const several = 'errors' in inner && Array.isArray(inner.errors) ? inner.errors[0] : undefined;
    inner = inner.cause ?? several;
  }
  return found;
}
