import type { ServerResponse } from 'node:http';
import { FraudstreamError } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import { parseJson } from '../../text/parse-json.ts';
import { answerJson, type HttpRequest, LoopbackServer } from '../loopback-server.ts';
import { faultText, type KinesisFault, parseFault } from './faults.ts';
import { OWN_BODY_BYTES, REQUEST_BYTES } from './limits.ts';
import type { KinesisService } from './service.ts';

/** Base64 and JSON make a request of 10 MiB larger than that. */
const BODY_BYTES = REQUEST_BYTES * 2;

const NOT_JSON =
  'The body is not JSON. The AWS SDK for Java sends CBOR unless CBOR_ENABLED=false (version 1: AWS_CBOR_DISABLE=true).';

/** The service on a port of the loopback interface, speaking AWS JSON 1.1. */
export class KinesisServer {
  readonly #service: KinesisService;
  readonly #clock: Clock;
  readonly #server: LoopbackServer;

  constructor(service: KinesisService, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
    this.#server = new LoopbackServer({
      bodyBytes: BODY_BYTES,
      handle: (request, response) => this.#serve(request, response),
    });
  }

  /** Listens; resolves with the port. Errors: `usage` when the port is taken. */
  listen(port: number): Promise<number> {
    return this.#server.listen(port);
  }

  #serve(request: HttpRequest, response: ServerResponse): void | Promise<void> {
    const { path, headers, body } = request;
    if (body === undefined) return answer(response, 413, { message: 'The request is too large.' });
    if (path.startsWith('/_fraudstream/')) return this.#serveOwn(request, body, response);
    const action = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    return this.#serveKinesis(action, body, response);
  }

  async #serveKinesis(action: string, body: Buffer, response: ServerResponse): Promise<void> {
    const fields = parsed(body);
    if (fields === undefined) {
      return answer(response, 400, { __type: 'SerializationException', message: NOT_JSON });
    }
    const outcome = this.#service.handle(action, fields);
    if (outcome.delayMs > 0) await this.#clock.sleep(outcome.delayMs);
    if (outcome.end === 'hang') return;
    const { status, body: said } = outcome.answer();
    if (outcome.end === 'reset') response.socket?.resetAndDestroy();
    else answer(response, status, said);
  }

  /** Our own door: faults to set, statistics to read. */
  #serveOwn({ method, path }: HttpRequest, body: Buffer, response: ServerResponse): void {
    const { troubles } = this.#service;
    if (body.length > OWN_BODY_BYTES) {
      answer(response, 413, { message: `Send at most ${OWN_BODY_BYTES} bytes.` });
    } else if (method === 'GET' && path === '/_fraudstream/statistics') {
      answer(response, 200, this.#service.statistics());
    } else if (method === 'GET' && path === '/_fraudstream/faults') {
      answer(response, 200, troubles.faults.map(faultText));
    } else if (method === 'POST' && path === '/_fraudstream/faults') {
      this.#setFaults(parsed(body), response);
    } else {
      answer(response, 404, { message: 'Unknown. See docs/local.md.' });
    }
  }

  #setFaults(written: unknown, response: ServerResponse): void {
    const { troubles } = this.#service;
    try {
      troubles.set(faultsOf(written));
      answer(response, 200, troubles.faults.map(faultText));
    } catch (error) {
      answer(response, 400, { message: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** All or none: one that cannot be read leaves the old faults in force. */
function faultsOf(written: unknown): readonly KinesisFault[] {
  if (!Array.isArray(written)) {
    throw new FraudstreamError('usage', 'Send a JSON list of faults, as ["throttle:0.2"].');
  }
  return written.map((one: unknown) =>
    parseFault(typeof one === 'string' ? one : JSON.stringify(one)),
  );
}

function parsed(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

const headers = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amzn-requestid': '00000000-0000-4000-8000-000000000000',
};

function answer(response: ServerResponse, status: number, body: unknown): void {
  answerJson(response, status, body, headers);
}
