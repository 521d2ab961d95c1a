import { readFileSync } from 'node:fs';
import { FraudstreamError, readFailureOf } from '../errors.ts';
import { percentDecoded } from '../text/percent-encoding.ts';

/** Where metrics are pushed to, and how often. */
export interface OtlpSettings {
  /** Of metrics: with its path. */
  readonly url: string;
  /** What names the collector: the flag, or a variable. */
  readonly from: string;
  readonly intervalMs: number;
  /** The longest time of one push. */
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressed: boolean;
  /** Certificates of `https:` that variables of OpenTelemetry name, as PEM. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

type Env = Readonly<Record<string, string | undefined>>;

/** Runs of a minute are usual; OpenTelemetry's own default is a minute. */
const INTERVAL_MS = 5_000;
/** As OpenTelemetry has it. */
const TIMEOUT_MS = 10_000;
const PATH = 'v1/metrics';

/** The variable that names a collector, unless others say that there is to be none; `undefined` without. */
export function otlpVariable(env: Env): string | undefined {
  if (/^true$/i.test(env.OTEL_SDK_DISABLED?.trim() ?? '')) return undefined;
  const exporters = (env.OTEL_METRICS_EXPORTER || 'otlp').split(',').map((name) => name.trim());
  if (!exporters.includes('otlp')) return undefined;
  const names = ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
  return names.find((name) => (env[name] ?? '').trim() !== '');
}

/**
 * Returns where metrics go by the flag, else by the variables of OpenTelemetry; `undefined` by neither.
 *
 * Source: OpenTelemetry specification, "OTLP Exporter Configuration".
 * Errors: `usage` for a variable that cannot be used; it names the variable.
 */
export function otlpSettings(flag: string | undefined, env: Env): OtlpSettings | undefined {
  const variable = flag === undefined ? otlpVariable(env) : undefined;
  const address = flag ?? (variable && env[variable]?.trim());
  if (address === undefined) return undefined;
  if (variable !== undefined) checkVariables(variable, address, env);
  const isWhole = variable === 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT';
  const ca = fileOf('CERTIFICATE', env);
  const cert = fileOf('CLIENT_CERTIFICATE', env);
  const key = fileOf('CLIENT_KEY', env);
  return {
    url: isWhole ? address : withPath(address),
    from: variable ?? '--otlp',
    intervalMs: milliseconds('OTEL_METRIC_EXPORT_INTERVAL', env) ?? INTERVAL_MS,
    timeoutMs:
      milliseconds('OTEL_EXPORTER_OTLP_METRICS_TIMEOUT', env) ??
      milliseconds('OTEL_EXPORTER_OTLP_TIMEOUT', env) ??
      TIMEOUT_MS,
    headers: otlpHeaders(env),
    isCompressed: compression(env) === 'gzip',
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    },
  };
}

/**
 * Returns the headers that variables of OpenTelemetry give to each push; those of metrics win.
 *
 * Source: OpenTelemetry specification, "Specifying headers via environment variables".
 */
export function otlpHeaders(env: Env): Readonly<Record<string, string>> {
  const variables = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_METRICS_HEADERS'] as const;
  const headers: Record<string, string> = {};
  for (const pair of variables.flatMap((variable) => (env[variable] ?? '').split(','))) {
    const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(pair) ?? [];
    if (name !== '') headers[name.toLowerCase()] = percentDecoded(value.trim());
  }
  return headers;
}

function compression(env: Env): string {
  const [variable, word = 'none'] = variableOf('COMPRESSION', env) ?? [];
  if (word === 'none' || word === 'gzip') return word;
  throw new FraudstreamError('usage', `${variable} is "${word}". It takes gzip or none.`);
}

/** The path of metrics is added to the address of a collector, unless it is there; a query stays. */
function withPath(address: string): string {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(`/${PATH}`) ? path : `${path}/${PATH}`;
  return url.href;
}

/** What a variable says must be what we can do: the flag is HTTP by its form. */
function checkVariables(variable: string, address: string, env: Env): void {
  if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
    const message = `${variable} is not an address that begins with http:// or https://.`;
    throw new FraudstreamError('usage', message);
  }
  const [name, protocol] = variableOf('PROTOCOL', env) ?? [];
  if (protocol === undefined || protocol === 'http/protobuf') return;
  const message = `${name} is "${protocol}", and metrics are pushed by http/protobuf only. Give --otlp with an address that takes it, usually port 4318.`;
  throw new FraudstreamError('usage', message);
}

/** A variable of metrics, before that of all signals, with its name. */
function variableOf(name: string, env: Env): readonly [string, string] | undefined {
  for (const variable of [
    `OTEL_EXPORTER_OTLP_METRICS_${name}`,
    `OTEL_EXPORTER_OTLP_${name}`,
  ] as const) {
    const value = env[variable]?.trim();
    if (value) return [variable, value];
  }
  return undefined;
}

function milliseconds(variable: string, env: Env): number | undefined {
  const text = env[variable]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (value > 0 && value < 2 ** 31) return value;
  const message = `${variable} is "${text}". It takes milliseconds, such as 5000.`;
  throw new FraudstreamError('usage', message);
}

function fileOf(name: string, env: Env): string | undefined {
  const [variable, path] = variableOf(name, env) ?? [];
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `${variable} ${path}: ${readFailureOf(cause)}.`;
    throw new FraudstreamError('usage', message, { cause });
  }
}
