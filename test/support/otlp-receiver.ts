import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

/** Source: opentelemetry-proto, metrics.proto and metrics_service.proto; the fields that gauges have. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
  message Scope { string name = 1; string version = 2; }
  message Metric { string name = 1; string description = 2; string unit = 3; Gauge gauge = 5; }
  message Gauge { repeated Point data_points = 1; }
  message Point { fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; double as_double = 4; repeated KeyValue attributes = 7; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { string string_value = 1; }
  message Response { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_data_points = 1; string error_message = 2; }
`);

type Attributes = Readonly<Record<string, string>>;

/** A gauge with one point, as it came. */
export interface ReceivedMetric {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly attributes: Attributes;
}

export interface Push {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly resource: Attributes;
  readonly metrics: readonly ReceivedMetric[];
}

/** What a receiver does with a push after it has decoded it. */
export type Answer = (response: ServerResponse, push: number) => void;

export interface OtlpReceiver {
  readonly url: string;
  readonly pushes: readonly Push[];
}

export const accepts: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
};

/** The answer of a collector that takes all but some points. */
export function refusal(points: number, reason: string): Buffer {
  const partialSuccess = { rejectedDataPoints: points, errorMessage: reason };
  return Buffer.from(root.lookupType('Response').encode({ partialSuccess }).finish());
}

const nothing: Answer = () => undefined;

/** Starts a collector on the loopback interface, which decodes what it gets. */
export async function otlpReceiver(answer: Answer = nothing): Promise<OtlpReceiver> {
  const pushes: Push[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    pushes.push(decoded(request, Buffer.concat(chunks)));
    answer(response, pushes.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, pushes };
}

interface WireAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

interface WireRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly WireAttribute[] };
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly unit: string;
        readonly gauge: {
          readonly dataPoints: readonly {
            readonly asDouble: number;
            readonly attributes: readonly WireAttribute[];
          }[];
        };
      }[];
    }[];
  }[];
}

function decoded({ url = '', headers }: IncomingMessage, body: Buffer): Push {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const message = root.lookupType('Request').decode(bytes) as unknown as WireRequest;
  const all = message.resourceMetrics;
  const metrics = all.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) =>
      scope.metrics.flatMap(({ name, unit, gauge }) =>
        gauge.dataPoints.map(({ asDouble, attributes }) => ({
          ...{ name, unit, value: asDouble, attributes: attributesOf(attributes) },
        })),
      ),
    ),
  );
  return { path: url, headers, resource: attributesOf(all[0]?.resource.attributes ?? []), metrics };
}

function attributesOf(attributes: readonly WireAttribute[]): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
}
