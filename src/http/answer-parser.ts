import { tooLargeError } from './bounds.ts';

/** The head of an answer. Names of headers are in lower case; of those that repeat the first one counts. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** A whole answer. `isReusable`: the connection can take another request. */
export interface HttpAnswer extends AnswerHead {
  readonly body: Buffer;
  readonly isReusable: boolean;
}

/** How the end of a body is found. Source: RFC 9112, section 6.3. */
type BodyFraming =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

interface Head extends AnswerHead {
  readonly framing: BodyFraming;
  readonly isKept: boolean;
}

const LONGEST_HEAD_BYTES = 65_536;
const LONGEST_CHUNK_LINE_BYTES = 1_024;
const LF = 10;
const CR = 13;
const NOTHING: Buffer = Buffer.alloc(0);

/** The error of bytes that are no answer of HTTP/1.1. */
export function badAnswerError(what: string): Error {
  return Object.assign(new Error(`the answer is not HTTP/1.1: ${what}`), {
    name: 'InvalidResponse',
  });
}

/**
 * Reads the answers of one connection, one request at a time, in chunks of any size.
 *
 * Source: RFC 9112. Interim answers (1xx) are skipped; trailers are read and dropped. Lines end with CRLF,
 * a bare line feed is refused. Errors: `InvalidResponse`; `ResponseTooLarge` for a body over its bound.
 */
export class AnswerParser {
  #rest: Buffer = NOTHING;
  #head: Head | undefined;
  #parts: Buffer[] = [];
  #bodyBytes = 0;
  #maxBodyBytes = 0;
  /** Of a chunked body: bytes that the chunk still has, or `size` and `trailers` between chunks. */
  #chunk: number | 'size' | 'data end' | 'trailers' = 'size';
  #trailerBytes = 0;
  /** The last head, since the next one mostly has the same bytes. */
  #lastText = '';
  #lastHead: Head | undefined;

  /** Begins the next answer. */
  begin(maxBodyBytes: number): void {
    this.#maxBodyBytes = maxBodyBytes;
    this.#head = undefined;
    this.#parts = [];
    this.#bodyBytes = 0;
    this.#chunk = 'size';
    this.#trailerBytes = 0;
    this.#rest = NOTHING;
  }

  /** Takes the next bytes; the answer, once it is whole. Keeps a view of the bytes until then. */
  push(bytes: Buffer): HttpAnswer | undefined {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const head = this.#head ?? this.#readHead();
    if (!head) return undefined;
    this.#head = head;
    return this.#isBodyWhole(head.framing) ? this.#answer(head) : undefined;
  }

  /** The other side has closed the connection: the answer, if its body ends so. */
  end(): HttpAnswer | undefined {
    return this.#head?.framing.kind === 'close' ? this.#answer(this.#head) : undefined;
  }

  /** True once a byte of the answer has come. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#rest.length > 0;
  }

  #answer({ status, headers, framing, isKept }: Head): HttpAnswer {
    const [only] = this.#parts;
    const body = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    const isReusable = isKept && framing.kind !== 'close' && this.#rest.length === 0;
    return { status, headers, body, isReusable };
  }

  /** The final head, with the bytes after it left in `#rest`. */
  #readHead(): Head | undefined {
    for (;;) {
      const text = this.#headText();
      if (text === undefined) return undefined;
      if (text !== this.#lastText || !this.#lastHead) {
        this.#lastHead = parseHead(text);
        this.#lastText = text;
      }
      if (this.#lastHead.status >= 200) return this.#lastHead;
      if (this.#lastHead.status === 101) throw badAnswerError('it switches protocols');
    }
  }

  #headText(): string | undefined {
    const end = this.#rest.indexOf('\r\n\r\n', 0, 'latin1');
    if ((end < 0 ? this.#rest.length : end) > LONGEST_HEAD_BYTES) {
      throw badAnswerError(`its head is longer than ${LONGEST_HEAD_BYTES} bytes`);
    }
    if (end < 0) {
      checkStart(this.#rest);
      return undefined;
    }
    const text = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 4);
    return text;
  }

  #isBodyWhole(framing: BodyFraming): boolean {
    if (framing.kind === 'chunked') return this.#areChunksWhole();
    const wanted =
      framing.kind === 'length' ? framing.bytes - this.#bodyBytes : Number.POSITIVE_INFINITY;
    if (Number.isFinite(wanted)) this.#checkSize(wanted);
    this.#take(wanted);
    return framing.kind === 'length' && this.#bodyBytes === framing.bytes;
  }

  #areChunksWhole(): boolean {
    for (;;) {
      const state = this.#readChunks();
      if (state !== 'read') return state === 'whole';
    }
  }

  /** Reads one piece of a chunked body. Source: RFC 9112, section 7.1. */
  #readChunks(): 'read' | 'whole' | 'waits' {
    if (typeof this.#chunk === 'number') {
      this.#chunk -= this.#take(this.#chunk);
      if (this.#chunk > 0) return 'waits';
      this.#chunk = 'data end';
    }
    const line = this.#line();
    if (line === undefined) return 'waits';
    if (this.#chunk === 'trailers') return this.#readTrailer(line);
    if (this.#chunk === 'data end') {
      if (line !== '') throw badAnswerError('a chunk is longer than its size');
      this.#chunk = 'size';
    } else {
      const size = chunkSize(line);
      this.#checkSize(size);
      this.#chunk = size === 0 ? 'trailers' : size;
    }
    return 'read';
  }

  #readTrailer(line: string): 'read' | 'whole' {
    if (line === '') return 'whole';
    this.#trailerBytes += line.length;
    if (this.#trailerBytes > LONGEST_HEAD_BYTES) throw badAnswerError('its trailers are too long');
    return 'read';
  }

  /** The next line of the framing of chunks, without its end. */
  #line(): string | undefined {
    const end = this.#rest.indexOf(LF);
    if (
      end > LONGEST_CHUNK_LINE_BYTES ||
      (end < 0 && this.#rest.length > LONGEST_CHUNK_LINE_BYTES)
    ) {
      throw badAnswerError(
        `a line between chunks is longer than ${LONGEST_CHUNK_LINE_BYTES} bytes`,
      );
    }
    if (end < 0) return undefined;
    if (this.#rest[end - 1] !== CR)
      throw badAnswerError('a line between chunks does not end with CRLF');
    const line = this.#rest.toString('latin1', 0, end - 1);
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** Moves up to so many bytes into the body; how many there were. */
  #take(wanted: number): number {
    const part = this.#rest.length <= wanted ? this.#rest : this.#rest.subarray(0, wanted);
    if (part.length === 0) return 0;
    this.#checkSize(part.length);
    this.#parts.push(part);
    this.#bodyBytes += part.length;
    this.#rest = this.#rest.subarray(part.length);
    return part.length;
  }

  #checkSize(more: number): void {
    if (this.#bodyBytes + more > this.#maxBodyBytes) throw tooLargeError(this.#maxBodyBytes);
  }
}

/** What cannot become an answer is refused before its head is whole, which may never be. */
function checkStart(bytes: Buffer): void {
  const start = bytes.toString('latin1', 0, 5);
  if (!'HTTP/'.startsWith(start)) throw badAnswerError(`it begins with ${JSON.stringify(start)}`);
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? [];
  if (code === undefined) {
    throw badAnswerError(`its first line is ${JSON.stringify(first.slice(0, 100))}`);
  }
  const status = Number(code);
  const headers = new Map<string, string>();
  const lists = { connection: '', 'transfer-encoding': '', 'content-length': '' };
  for (const line of lines) {
    const { name, value } = header(line);
    if (!headers.has(name)) headers.set(name, value);
    if (name in lists) lists[name as keyof typeof lists] += `,${value.toLowerCase()}`;
  }
  const options = words(lists.connection);
  const isKept = minor === '1' ? !options.includes('close') : options.includes('keep-alive');
  const codings = words(lists['transfer-encoding']);
  const length = bodyLength(words(lists['content-length']));
  if (codings.length > 0) {
    // Whoever sends both lengths disagrees with somebody on the way about where the answer ends.
    return { status, headers, framing: chunked(codings), isKept: isKept && length === undefined };
  }
  return { status, headers, framing: unchunked(status, length), isKept };
}

function chunked(codings: readonly string[]): BodyFraming {
  if (codings.length === 1 && codings[0] === 'chunked') return { kind: 'chunked' };
  throw badAnswerError(`its transfer-encoding is "${codings.join(', ').slice(0, 100)}"`);
}

/** Source: RFC 9112, section 6.3: some answers have no body, whatever their headers say. */
function unchunked(status: number, length: number | undefined): BodyFraming {
  if (status === 204 || status === 304 || status < 200) return { kind: 'length', bytes: 0 };
  return length === undefined ? { kind: 'close' } : { kind: 'length', bytes: length };
}

/** The length that all values of Content-Length agree on. */
function bodyLength(values: readonly string[]): number | undefined {
  const [text] = values;
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || values.some((other) => other !== text)) {
    throw badAnswerError(`its content-length is "${values.join(', ').slice(0, 100)}"`);
  }
  return Number(text);
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

function header(line: string): { readonly name: string; readonly value: string } {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!TOKEN.test(name) || line.includes('\n') || line.includes('\r') || line.includes('\0')) {
    throw badAnswerError(`a header line is ${JSON.stringify(line.slice(0, 100))}`);
  }
  return { name: name.toLowerCase(), value: line.slice(colon + 1).trim() };
}

function words(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function chunkSize(line: string): number {
  const [, digits] = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line) ?? [];
  if (digits === undefined) {
    throw badAnswerError(`the size of a chunk is ${JSON.stringify(line.slice(0, 100))}`);
  }
  return Number.parseInt(digits, 16);
}
