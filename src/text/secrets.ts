import { percentDecoded } from './percent-encoding.ts';
import { printable } from './printable.ts';

/** The same value, each text within it changed; keys of records are texts as well. */
export function withTexts<T>(value: T, change: (text: string) => string): T {
  return changed(value, change) as T;
}

function changed(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    // The counted scores of a report are hundreds of thousands of numbers.
    return value.every((item) => typeof item === 'number')
      ? value
      : value.map((item) => changed(item, change));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [change(key), changed(inner, change)]),
  );
}

/** What stands where a secret was. */
export const REDACTED = '***';

/** How texts end that were cut, and what is too little of a secret to look for. */
const CUT = '...';
const FEWEST_OF_STUMP = 3;
/** Shorter ones are too much like words to be looked for everywhere. */
const FEWEST_CHARACTERS = 6;
/** `https://user:password@host`, in any text. */
const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>\\]*@/gi;
/** `?token=abc`, `&X-Amz-Signature=abc`, `#access_token=abc`: by the names of parameters. */
const QUERY =
  /([?&;#](?:[\w.-]{0,40}(?:api-?_?key|access-?_?key|token|secret|passw|pwd|signature|credential|authorization|cookie|session|jwt)[\w.-]{0,40}|sig|key|code|auth|sas|pass)=)[^&;#\s"'<>\\]*/gi;
/**
 * Fields and headers in a text: `x-api-key: abc`, `authorization: Bearer abc`.
 *
 * `local`, which the emulators of this machine take, and names of variables (`$API_KEY`) stay.
 */
const FIELD =
  /(\b(?:x-api-key|api-?_?key|authorization|aws_secret_access_key|secret-?_?access-?_?key|(?:session|access|security|refresh|id)-?_?token|client-?_?secret|passwor[dt]|passwd)\b["']?\s*[:=]\s*["']?)(?!(?:local|\$[A-Z][A-Z_]*)(?:[\s"'&]|$))(?:(?:bearer|basic|digest)\s+)?[^\s,;&"'<>()[\]{}\\]+/gi;
/** `Signature=abc`, as the services of AWS put it. */
const ASSIGNED = /(\b[\w-]{0,40}(?:token|secret|signature|credential)=)[^\s,;&"'<>()[\]{}\\]+/gi;
const BEARER = /(\bbearer\s+)[\w.~+/=-]{8,}/gi;

/** A text without what a URL may carry of secrets: user and password, tokens and signatures of the query. */
export function redactedUrls(text: string): string {
  return text.replace(USER_INFO, `$1${REDACTED}@`).replace(QUERY, `$1${REDACTED}`);
}

/**
 * What nobody is to read in an output: values of headers and keys that were set, and whatever a URL
 * or a field carries by its looks.
 *
 * The one place where outputs are redacted: every text for people, every report and the settings go
 * through `redacted`. Payloads of records are data, and pass as they are.
 */
export class Secrets {
  /** The longest first: one may be a part of another. */
  #known: readonly string[] = [];

  /** A text that is a secret as a whole; also as it stands in a URL. */
  add(...texts: readonly (string | undefined)[]): void {
    const forms = texts.flatMap((text = '') => [text, encoded(text), percentDecoded(text)]);
    const all = new Set([...this.#known, ...forms.map((form) => form.trim())]);
    this.#known = [...all]
      .filter(({ length }) => length >= FEWEST_CHARACTERS)
      .sort((a, b) => b.length - a.length);
  }

  /** The secrets within an address: user, password, values of the query by their names. */
  addUrl(text: string): void {
    const [, userInfo = ''] = /^[^/]*\/\/([^/?#]*)@/.exec(text) ?? [];
    const colon = userInfo.indexOf(':');
    // Without a colon it is a token, else a name and a password.
    this.add(colon < 0 ? userInfo : userInfo.slice(colon + 1));
    for (const [found, name = ''] of text.matchAll(QUERY)) this.add(found.slice(name.length));
  }

  redacted(text: string): string {
    let safe = text;
    for (const secret of this.#known)
      safe = withoutStump(safe.replaceAll(secret, REDACTED), secret);
    const patterns = [FIELD, ASSIGNED, BEARER];
    return patterns.reduce(
      (rest, pattern) => rest.replace(pattern, `$1${REDACTED}`),
      redactedUrls(safe),
    );
  }

  /** A record whose texts are redacted, as a report is. */
  redactedTexts<T>(value: T): T {
    return withTexts(value, (text) => this.redacted(text));
  }
}

/** A text that was cut to size may end within a secret. */
function withoutStump(text: string, secret: string): string {
  if (!text.endsWith(CUT)) return text;
  const whole = text.slice(0, -CUT.length);
  for (let length = secret.length - 1; length >= FEWEST_OF_STUMP; length -= 1) {
    if (whole.endsWith(secret.slice(0, length))) return whole.slice(0, -length) + REDACTED + CUT;
  }
  return text;
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half a surrogate pair cannot stand in a URL.
    return text;
  }
}

/** Lines as people get to see them, on stdout, stderr or a page: without secrets, and harmless. */
export function printedText(lines: readonly string[], secrets: Secrets): string {
  return lines.map((line) => `${printable(secrets.redacted(line))}\n`).join('');
}
