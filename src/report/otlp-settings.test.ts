import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlpSettings } from './otlp-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test('the address of a collector gets the path of metrics, that of metrics stays as it is', () => {
  const cases: readonly (readonly [string | undefined, Record<string, string>, string])[] = [
    ['http://h:4318', {}, 'http://h:4318/v1/metrics'],
    ['http://h:4318/', endpoint, 'http://h:4318/v1/metrics'],
    ['https://h/api/v1/otlp?tenant=a', {}, 'https://h/api/v1/otlp/v1/metrics?tenant=a'],
    ['http://h/v1/metrics/', {}, 'http://h/v1/metrics'],
    [undefined, endpoint, 'http://collector:4318/v1/metrics'],
    [undefined, { ...endpoint, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/x' }, 'http://m/x'],
  ];
  for (const [flag, env, url] of cases) assert.equal(otlpSettings(flag, env)?.url, url);
});

test('nothing is pushed without an address, or where the variables say so', () => {
  const off = [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_METRICS_EXPORTER: 'none' },
    { ...endpoint, OTEL_METRICS_EXPORTER: 'prometheus, console' },
  ];
  for (const env of off) assert.equal(otlpSettings(undefined, env), undefined);
  assert.equal(otlpSettings('http://h', off[2] ?? {})?.from, '--otlp');
});

test('variables that cannot be used are named, with what they take', () => {
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT is not an address that begins with http:\/\/ or https:\/\//,
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /^OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", and metrics are pushed by http\/protobuf only/,
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' },
      /^OTEL_EXPORTER_OTLP_COMPRESSION is "zstd"\. It takes gzip or none/,
    ],
    [
      { ...endpoint, OTEL_METRIC_EXPORT_INTERVAL: '5s' },
      /^OTEL_METRIC_EXPORT_INTERVAL is "5s"\. It takes milliseconds/,
    ],
    [
      { ...endpoint, OTEL_EXPORTER_OTLP_CERTIFICATE: '/nonexistent/ca.pem' },
      /^OTEL_EXPORTER_OTLP_CERTIFICATE \/nonexistent\/ca\.pem: there is no such file/,
    ],
  ];
  for (const [env, message] of cases)
    assert.throws(() => otlpSettings(undefined, env), { code: 'usage', message });
});
