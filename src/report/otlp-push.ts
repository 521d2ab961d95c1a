import { randomUUID } from 'node:crypto';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ISerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { messageOf } from '../errors.ts';
import { agentsOf } from '../http/bounded-handler.ts';
import { after, collected, timeoutError, within } from '../http/bounds.ts';
import { proxyFor, trustedCertificates } from '../http/outside-network.ts';
import { optionalPackage } from '../optional-package.ts';
import type { Metric } from './export/metrics.ts';
import type { OtlpSettings } from './otlp-settings.ts';

/** What is pushed, and who gets to know of what fails. */
export interface OtlpSource {
  readonly version: string;
  metrics(): readonly Metric[];
  /** Milliseconds since the epoch. */
  now(): number;
  warn(line: string): void;
}

/** Metrics of a run on their way to a collector. */
export interface OtlpPush {
  /** Pushes the last metrics, within three seconds, and says how many pushes failed. */
  close(): Promise<void>;
}

/** How long the end of a run may wait for a collector. */
const LAST_MS = 3_000;
const MAX_ANSWER_BYTES = 1_048_576;
const SHOWN_CHARACTERS = 200;

/**
 * Pushes metrics to a collector by OTLP over HTTP, at once and after each interval, one push at a time.
 *
 * A push that fails is not repeated: the next one has all metrics as well. Whatever the collector does, the run goes
 * on: the first failure is a warning, and the end says how many there were.
 * Errors: `usage` without the packages of OpenTelemetry; `bad-config` for a proxy or a certificate file that cannot be
 * used.
 */
export async function openOtlpPush(settings: OtlpSettings, source: OtlpSource): Promise<OtlpPush> {
  const encoder = await openEncoder(source);
  const post = await openPost(settings);
  return new PeriodicPush(settings, source, encoder, post);
}

class PeriodicPush implements OtlpPush {
  readonly #settings: OtlpSettings;
  readonly #source: OtlpSource;
  readonly #encoder: Encoder;
  readonly #post: Post;
  readonly #timer: NodeJS.Timeout;
  #underWay: Promise<void> | undefined;
  #pushes = 0;
  #delivered = 0;
  #hasWarned = false;

  constructor(settings: OtlpSettings, source: OtlpSource, encoder: Encoder, post: Post) {
    this.#settings = settings;
    this.#source = source;
    this.#encoder = encoder;
    this.#post = post;
    this.#timer = setInterval(() => this.#start(), settings.intervalMs);
    this.#timer.unref();
    this.#start();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const last = this.#push(LAST_MS);
    await within(LAST_MS, Promise.all([this.#underWay, last]), '').catch(() => undefined);
    await last;
    // One that is still under way has older figures: it has failed.
    this.#hasWarned = true;
    this.#post.close();
    const failed = this.#pushes - this.#delivered;
    if (failed === 0) return;
    this.#source.warn(`${failed} of ${this.#pushes} pushes of metrics to the collector failed.`);
  }

  #start(): void {
    this.#underWay ??= this.#push(this.#settings.timeoutMs).finally(() => {
      this.#underWay = undefined;
    });
  }

  async #push(timeoutMs: number): Promise<void> {
    this.#pushes += 1;
    try {
      const body = this.#encoder.encode(this.#source.metrics(), this.#source.now());
      const answer = await this.#post.send(body, timeoutMs);
      this.#encoder.checkAnswer(answer);
      this.#delivered += 1;
    } catch (error) {
      this.#warnOnce(messageOf(error));
    }
  }

  #warnOnce(reason: string): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const { url, from } = this.#settings;
    const whole = `Metrics cannot be pushed to ${url} (${from}): ${reason}. The run continues without them; later pushes are tried.`;
    this.#source.warn(whole);
  }
}

/** An answer with status 2xx. */
interface Answer {
  readonly type: string;
  readonly body: Buffer;
}

interface Post {
  /** Errors: what failed, with the status and the words of the collector. */
  send(body: Uint8Array, timeoutMs: number): Promise<Answer>;
  /** Ends what is under way. */
  close(): void;
}

async function openPost({ url, headers, isCompressed, tls }: OtlpSettings): Promise<Post> {
  const bundle = tls.ca ?? (await trustedCertificates());
  const ca = bundle === undefined ? {} : { ca: bundle };
  const agents = agentsOf(proxyFor(url), { keepAlive: true, maxSockets: 2, ...tls, ...ca });
  const isSecure = url.startsWith('https:');
  const agent = isSecure ? agents.httpsAgent : agents.httpAgent;
  const all = {
    'content-type': 'application/x-protobuf',
    ...(isCompressed && { 'content-encoding': 'gzip' }),
    ...headers,
  };
  const send = (bytes: Uint8Array, stop: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const options = { method: 'POST', agent, headers: all, signal: stop };
      (isSecure ? requestTls : requestPlain)(url, options, resolve).on('error', reject).end(bytes);
    });
  return {
    send: async (body, timeoutMs) => {
      const bytes = isCompressed ? await promisify(gzip)(body) : body;
      const stop = new AbortController();
      const cancel = after(timeoutMs, () => stop.abort());
      try {
        const response = await send(bytes, stop.signal);
        const answer = await collected(response, MAX_ANSWER_BYTES);
        const { statusCode: status = 0, statusMessage = '', headers: answered } = response;
        if (status >= 200 && status < 300)
          return { type: answered['content-type'] ?? '', body: answer };
        throw new Error(`HTTP ${status} ${statusMessage}${wordsOf(answer)}`);
      } catch (error) {
        throw stop.signal.aborted ? timeoutError(`no complete answer in ${timeoutMs} ms`) : error;
      } finally {
        cancel();
      }
    },
    close: () => agent.destroy(),
  };
}

/** What a collector says of an error, if it is text: the Status message of OTLP has control characters. */
function wordsOf(body: Buffer): string {
  const text = body.toString('utf8').trim();
  return text === '' || /[^\P{C}\n\t\r]/u.test(text) ? '' : `: ${text.slice(0, SHOWN_CHARACTERS)}`;
}

interface Encoder {
  encode(metrics: readonly Metric[], nowMs: number): Uint8Array;
  /** Errors: an answer that is none of a collector, or that refuses a part. */
  checkAnswer(answer: Answer): void;
}

type Serializer = ISerializer<
  ResourceMetrics,
  {
    readonly partialSuccess?: {
      readonly errorMessage?: string;
      readonly rejectedDataPoints?: number;
    };
  }
>;

async function openEncoder({ version, now }: OtlpSource): Promise<Encoder> {
  const use = {
    name: '@opentelemetry/api @opentelemetry/sdk-metrics @opentelemetry/resources @opentelemetry/otlp-transformer',
    purpose: 'Pushing metrics by OTLP (--otlp)',
    instead: 'have Prometheus scrape --metrics',
  };
  const { api, sdk, resources, transformer } = await optionalPackage(use, async () => ({
    api: await import('@opentelemetry/api'),
    sdk: await import('@opentelemetry/sdk-metrics'),
    resources: await import('@opentelemetry/resources'),
    transformer: await import('@opentelemetry/otlp-transformer'),
  }));
  const startTime = timeOf(now());
  const resource = resourceOf(resources, version);
  const gauge = (metric: Metric, endTime: [number, number]): MetricData => ({
    descriptor: {
      name: metric.name,
      description: metric.help,
      unit: metric.unit,
      valueType: api.ValueType.DOUBLE,
    },
    aggregationTemporality: sdk.AggregationTemporality.CUMULATIVE,
    dataPointType: sdk.DataPointType.GAUGE,
    dataPoints: [{ startTime, endTime, attributes: metric.attributes, value: metric.value }],
  });
  const protobuf: Serializer = transformer.ProtobufMetricsSerializer;
  return {
    encode: (metrics, nowMs) => {
      const endTime = timeOf(nowMs);
      const scope = { name: 'fraudstream', version };
      const all = metrics.map((metric) => gauge(metric, endTime));
      const bytes = protobuf.serializeRequest({
        resource,
        scopeMetrics: [{ scope, metrics: all }],
      });
      if (bytes) return bytes;
      throw new Error('the metrics cannot be encoded');
    },
    checkAnswer: ({ type, body }) => {
      if (body.length === 0) return;
      const serializer: Serializer = type.includes('json')
        ? transformer.JsonMetricsSerializer
        : protobuf;
      const refusal = partOf(serializer, type, body)?.partialSuccess;
      const rejected = Number(refusal?.rejectedDataPoints ?? 0);
      if (rejected === 0) return;
      throw new Error(`${rejected} data points were refused: ${refusal?.errorMessage ?? ''}`);
    },
  };
}

function partOf(
  serializer: Serializer,
  type: string,
  body: Buffer,
): ReturnType<Serializer['deserializeResponse']> {
  try {
    if (!type.startsWith('text/')) return serializer.deserializeResponse(body);
  } catch {
    // Below.
  }
  throw new Error(`HTTP 200 with ${type || 'bytes'} that are not the answer of a collector`);
}

/** What the run is, in the words of OpenTelemetry; `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` win. */
function resourceOf(
  {
    resourceFromAttributes,
    detectResources,
    envDetector,
  }: typeof import('@opentelemetry/resources'),
  version: string,
): Resource {
  const own = resourceFromAttributes({
    'service.name': 'fraudstream',
    'service.version': version,
    'service.instance.id': randomUUID(),
  });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

/** Seconds, and nanoseconds within the second. */
function timeOf(epochMs: number): [number, number] {
  const ms = Math.round(epochMs);
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}
