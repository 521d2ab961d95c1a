import type { ServerResponse } from 'node:http';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { EVENT_STREAM_TYPE, eventMessage } from '../../http/event-stream.ts';
import {
  answerJson,
  type HttpRequest,
  LoopbackServer,
  resetConnection,
} from '../../http/loopback-server.ts';
import type { TlsIdentity } from '../../http/tls-identity.ts';
import type { Clock } from '../../stream/clock.ts';
import { parseJson } from '../../text/parse-json.ts';
import { CBOR_TYPE, cborBytes, cborValue } from './cbor.ts';
import { faultText, type KinesisFault, parseFault } from './faults.ts';
import { OWN_BODY_BYTES, REQUEST_BYTES } from './limits.ts';
import type { KinesisService } from './service.ts';
import { KinesisError } from './service-error.ts';
import type { StoredSubscription } from './subscriptions.ts';

/** Base64 and JSON make a request of 10 MiB larger than that. */
const BODY_BYTES = REQUEST_BYTES * 2;

/** A server on the loopback interface for the service, speaking AWS JSON 1.1 and AWS CBOR 1.1. */
export function kinesisServer(
  service: KinesisService,
  clock: Clock,
  tls?: TlsIdentity,
): LoopbackServer {
  return new LoopbackServer({
    bodyBytes: BODY_BYTES,
    tls,
    handle: (request, response) => {
      const { path, headers, body } = request;
      if (body === undefined) {
        return answer(response, 413, { message: 'The request is too large.' });
      }
      if (path.startsWith('/_fraudstream/')) return serveAdmin(request, body, response, service);
      if (isOfSts(headers)) return serveSts(body.toString('utf8'), response, service.account);
      const action = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      const isCbor = headers['content-type'] === CBOR_TYPE;
      return serveKinesis(action, body, isCbor ? cborForm : jsonForm, response, service, clock);
    },
  });
}

/** The form of a request's body, which is that of its answer. */
interface WireForm {
  readonly name: string;
  readonly contentType: string;
  /** The fields of a request; `undefined` for bytes of another form. */
  readonly read: (body: Buffer) => unknown;
  readonly bytes: (body: unknown) => Buffer;
  readonly answer: (response: ServerResponse, status: number, body: unknown) => void;
}

const JSON_TYPE = 'application/x-amz-json-1.1';

const jsonForm: WireForm = {
  name: 'JSON',
  contentType: JSON_TYPE,
  read: parsed,
  bytes: (body) => Buffer.from(JSON.stringify(body)),
  answer,
};
const cborForm: WireForm = {
  name: 'CBOR',
  contentType: CBOR_TYPE,
  read: parsedCbor,
  bytes: cborBytes,
  answer: answerCbor,
};

async function serveKinesis(
  action: string,
  body: Buffer,
  form: WireForm,
  response: ServerResponse,
  service: KinesisService,
  clock: Clock,
): Promise<void> {
  const fields = form.read(body);
  if (fields === undefined) {
    const message = `The body is not ${form.name}.`;
    return form.answer(response, 400, { __type: 'SerializationException', message });
  }
  const outcome = service.handle(action, fields);
  if (outcome.delayMs > 0) await clock.sleep(outcome.delayMs);
  if (outcome.end === 'hang') return;
  const { status, body: result, subscription } = outcome.answer();
  if (outcome.end === 'reset') resetConnection(response);
  else if (subscription) await writeEvents(subscription, form, response);
  else form.answer(response, status, result);
}

/** Writes the events of a subscription as they come, no faster than they are read. */
async function writeEvents(
  subscription: StoredSubscription,
  form: WireForm,
  response: ServerResponse,
): Promise<void> {
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  response.on('error', () => closed.abort());
  if (response.destroyed) closed.abort();
  response.writeHead(200, { 'content-type': EVENT_STREAM_TYPE, 'x-amzn-requestid': REQUEST_ID });
  const write = async (type: Readonly<Record<string, string>>, body: object): Promise<void> => {
    const headers = { ...type, ':content-type': form.contentType };
    const isTaken = response.write(eventMessage(headers, form.bytes(body)));
    if (!isTaken) await drained(response, subscription.over);
  };
  const event = (name: string): Readonly<Record<string, string>> => ({
    ':message-type': 'event',
    ':event-type': name,
  });
  try {
    await write(event('initial-response'), {});
    for await (const body of subscription.events(closed.signal)) {
      await write(event('SubscribeToShardEvent'), body);
    }
  } catch (error) {
    if (!(error instanceof KinesisError)) throw error;
    const { type, message } = error;
    await write({ ':message-type': 'exception', ':exception-type': type }, { message });
  }
  response.end();
}

/** Resolves when a response takes more, and when nothing more is to be written to it. */
function drained(response: ServerResponse, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      over.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    over.addEventListener('abort', done);
    if (over.aborted) done();
  });
}

/** The routes of our own: faults to set, statistics to read. */
function serveAdmin(
  { method, path }: HttpRequest,
  body: Buffer,
  response: ServerResponse,
  service: KinesisService,
): void {
  const { injector } = service;
  if (body.length > OWN_BODY_BYTES) {
    answer(response, 413, { message: `Send at most ${OWN_BODY_BYTES} bytes.` });
  } else if (method === 'GET' && path === '/_fraudstream/statistics') {
    answer(response, 200, service.statistics());
  } else if (method === 'GET' && path === '/_fraudstream/faults') {
    answer(response, 200, injector.faults.map(faultText));
  } else if (method === 'POST' && path === '/_fraudstream/faults') {
    setFaults(parsed(body), response, service);
  } else {
    answer(response, 404, { message: 'Unknown. See docs/local.md.' });
  }
}

function setFaults(value: unknown, response: ServerResponse, { injector }: KinesisService): void {
  try {
    injector.set(faultsOf(value));
    answer(response, 200, injector.faults.map(faultText));
  } catch (error) {
    answer(response, 400, { message: messageOf(error) });
  }
}

/** All or none: one that cannot be read leaves the old faults in force. */
function faultsOf(value: unknown): readonly KinesisFault[] {
  if (!Array.isArray(value)) {
    throw new FraudstreamError('usage', 'Send a JSON list of faults, as ["throttle:0.2"].');
  }
  return value.map((one: unknown) =>
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

const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

function parsedCbor(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : cborValue(body);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  answerJson(response, status, body, headersOf(JSON_TYPE, status, body));
}

/** Clients for Java and C++ look for the type of an error in its header. */
function headersOf(
  contentType: string,
  status: number,
  body: unknown,
): Readonly<Record<string, string>> {
  const type: unknown = status >= 400 ? Object(body).__type : undefined;
  return {
    'content-type': contentType,
    'x-amzn-requestid': REQUEST_ID,
    ...(typeof type === 'string' && { 'x-amzn-errortype': type }),
  };
}

/** STS speaks the query protocol: forms in, XML out. */
function isOfSts(headers: HttpRequest['headers']): boolean {
  const type = headers['content-type'] ?? '';
  return headers['x-amz-target'] === undefined && /x-www-form-urlencoded/.test(type);
}

/** GetCallerIdentity, which the KPL asks before it starts. Source: AWS STS API reference. */
function serveSts(form: string, response: ServerResponse, account: string): void {
  const action = new URLSearchParams(form).get('Action') ?? '';
  if (action === 'GetCallerIdentity') {
    answerXml(
      response,
      200,
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/local</Arn><UserId>AIDALOCAL</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${REQUEST_ID}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
    return;
  }
  answerXml(
    response,
    400,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Of STS only GetCallerIdentity is known here.</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>`,
  );
}

function answerXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(xml),
    'x-amzn-requestid': REQUEST_ID,
  });
  response.end(xml);
}

function answerCbor(response: ServerResponse, status: number, body: unknown): void {
  const bytes = cborBytes(body);
  const headers = headersOf(CBOR_TYPE, status, body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
}
