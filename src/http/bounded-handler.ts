import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { MiddlewareStack } from '@smithy/types';
import { after, timeoutError, tooLargeError, within } from './bounds.ts';

type SdkRequest = Parameters<NodeHttpHandler['handle']>[0];
type Options = NonNullable<Parameters<NodeHttpHandler['handle']>[1]>;
type Answer = Awaited<ReturnType<NodeHttpHandler['handle']>>;

/**
 * Bounds of every request of a client of the AWS SDK.
 *
 * `requestTimeoutMs` spans connecting, sending, the head and the body of the answer; infinite where
 * the caller aborts by himself. `maxAnswerBytes` is asked for each request. With `isStreamed`, the
 * body of a successful answer is handed over unread, and whoever reads it bounds it.
 */
export interface RequestBounds {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxAnswerBytes: (request: SdkRequest) => number;
  readonly isStreamed?: boolean;
}

/** Answers that list no records: a hundred times what AWS answers. */
export const SMALL_ANSWER_BYTES: number = 4 * 1_048_576;

/**
 * The HTTP handler of the SDK, with an end to every answer.
 *
 * The timeout of `NodeHttpHandler` ends at the head of an answer, and nothing there bounds a body.
 * HTTP/1.1 with kept connections: the SDK's default for Kinesis opens an HTTP/2 connection for
 * every request.
 * Errors: `TimeoutError`; `ResponseTooLarge`; those of the socket. Each closes the connection.
 */
export class BoundedHandler extends NodeHttpHandler {
  readonly #bounds: RequestBounds;

  constructor(bounds: RequestBounds) {
    const agent = { keepAlive: true, maxSockets: bounds.maxConnections };
    super({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: bounds.connectTimeoutMs,
      // As many wait for a connection as the caller lets: that is no sign of trouble.
      socketAcquisitionWarningTimeout: 2 ** 31 - 1,
    });
    this.#bounds = bounds;
  }

  override async handle(request: SdkRequest, options: Options = {}): Promise<Answer> {
    const { requestTimeoutMs, maxAnswerBytes, isStreamed } = this.#bounds;
    const stop = new AbortController();
    const cancel = after(requestTimeoutMs, () => stop.abort());
    const caller = options.abortSignal as AbortSignal | undefined;
    const abortSignal = caller ? AbortSignal.any([caller, stop.signal]) : stop.signal;
    try {
      const { response } = await super.handle(request, { ...options, abortSignal });
      if (!isStreamed || response.statusCode >= 300) {
        response.body = await collected(response.body, maxAnswerBytes(request));
      }
      return { response };
    } catch (error) {
      throw stop.signal.aborted ? lateError(requestTimeoutMs) : error;
    } finally {
      cancel();
    }
  }
}

/**
 * Ends every call of a client after `timeoutMs`, also one that waits for something other than an
 * answer: a provider of credentials is a server, too, or a program.
 */
export function limitCalls<Input extends object, Output extends object>(
  stack: Pick<MiddlewareStack<Input, Output>, 'add'>,
  timeoutMs: number,
): void {
  stack.add((next) => (args) => within(timeoutMs, next(args), lateError(timeoutMs).message), {
    step: 'initialize',
    priority: 'high',
    name: 'limitCalls',
  });
}

function lateError(timeoutMs: number): Error {
  return timeoutError(`no complete answer in ${timeoutMs} ms`);
}

/** All bytes of a body. Errors: `ResponseTooLarge`, which closes the connection. */
async function collected(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
