import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { limitCalls } from '../../http/bounded-handler.ts';
import type { Clock } from '../../stream/clock.ts';
import { credentialSource, PROVIDER_TIMEOUT_MS } from './credentials.ts';
import { type HttpTarget, type Signing, urlTarget } from './http-target.ts';
import { invokeCommand, type RuntimeSettings, sdkConfig } from './sdk-runtime.ts';

/** A request as the SDK was about to send it. */
interface Captured {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Where InvokeEndpoint goes, and with which headers: asked of the SDK itself, which makes a request
 * and has it taken away before it is sent. So region, endpoint and credentials are found as ever.
 *
 * Errors: `bad-config` without a region, `no-credentials` without keys.
 */
export async function runtimeTarget(settings: RuntimeSettings, clock: Clock): Promise<HttpTarget> {
  const { sdk, ...target } = await prepared(settings);
  const keyring = await credentialSource(sdk.config.credentials, clock);
  const region = await sdk.config.region();
  return { ...target, signing: { service: 'sagemaker', region, keyring } };
}

/** The same without keys of its own, where the SDK signs. */
export async function serviceTarget(settings: RuntimeSettings): Promise<HttpTarget> {
  const { origin, request } = await prepared(settings);
  return { origin, request, signing: undefined };
}

/** What belongs to one request alone, or is written by its client. */
const NOT_KEPT =
  /^(authorization|content-length|x-amz-(date|content-sha256|security-token|user-agent)|amz-sdk-.*)$/;

async function prepared(
  settings: RuntimeSettings,
): Promise<Omit<HttpTarget, 'signing'> & { readonly sdk: SageMakerRuntimeClient }> {
  const { SageMakerRuntimeClient: Client } = await import('@aws-sdk/client-sagemaker-runtime');
  let captured: Captured | undefined;
  const sdk = new Client({
    ...sdkConfig(settings),
    requestHandler: {
      handle: async (request: unknown) => {
        captured = request as Captured;
        throw new Error('captured');
      },
    } as never,
  });
  limitCalls(sdk.middlewareStack, PROVIDER_TIMEOUT_MS);
  try {
    await sdk.send(invokeCommand(settings, new Uint8Array()));
  } catch (error) {
    if (!captured) throw unprepared(error);
  }
  const { protocol = '', hostname = '', port, path = '', headers = {} } = captured ?? {};
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const kept = Object.entries(headers).filter(([name]) => !NOT_KEPT.test(name.toLowerCase()));
  const lower = Object.fromEntries(kept.map(([name, value]) => [name.toLowerCase(), value]));
  const request = { method: 'POST', path, query: {}, headers: { ...lower, host } };
  return { origin: `${protocol}//${host}`, request, sdk };
}

function unprepared(error: unknown): FraudstreamError {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (/region/i.test(message) && !/credential/i.test(message)) {
    const advice = 'No AWS region is set. Give --region, or set AWS_REGION.';
    return new FraudstreamError('bad-config', advice, { cause: error });
  }
  if (/Credentials|Token/.test(name)) {
    const advice = `No AWS credentials were found (${message}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a --profile, or use --local.`;
    return new FraudstreamError('no-credentials', advice, { cause: error });
  }
  return new FraudstreamError('usage', `SageMaker cannot be asked so: ${message}.`, {
    cause: error,
  });
}

/** A URL that takes POST, and how it is to be signed. */
export interface GatewaySettings {
  readonly url: string;
  readonly header: ReadonlyMap<string, string>;
  readonly auth: 'auto' | 'none' | 'sigv4';
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly contentType: string;
  readonly accept: string;
}

/** Source: addresses of API Gateway and of the SageMaker runtime. */
const AWS_HOST = /\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/**
 * The target of a URL: API Gateway, or anything else that takes POST.
 *
 * Errors: `bad-config` without a region to sign for, `no-credentials` without keys.
 */
export async function gatewayTarget(settings: GatewaySettings, clock: Clock): Promise<HttpTarget> {
  const { url, header, contentType, accept, auth } = settings;
  const { hostname } = new URL(url);
  const headers: Record<string, string> = { 'content-type': contentType, accept };
  for (const [name, value] of header) headers[name.toLowerCase()] = value;
  const isSigned = auth === 'sigv4' || (auth === 'auto' && AWS_HOST.test(hostname));
  return urlTarget(url, headers, isSigned ? await signingOf(settings, hostname, clock) : undefined);
}

async function signingOf(
  settings: GatewaySettings,
  hostname: string,
  clock: Clock,
): Promise<Signing> {
  const { SageMakerRuntimeClient } = await import('@aws-sdk/client-sagemaker-runtime');
  const region = settings.region ?? AWS_HOST.exec(hostname)?.[1];
  const { profile } = settings;
  const sdk = new SageMakerRuntimeClient({
    ...(region && { region }),
    ...(profile && { profile }),
  });
  try {
    const service = hostname.startsWith('runtime.sagemaker.') ? 'sagemaker' : 'execute-api';
    const keyring = await credentialSource(sdk.config.credentials, clock);
    return { service, region: await sdk.config.region(), keyring };
  } catch (cause) {
    throw unsignable(cause);
  } finally {
    sdk.destroy();
  }
}

function unsignable(cause: unknown): FraudstreamError {
  const reason = messageOf(cause);
  if (/region/i.test(reason) && !/credential/i.test(reason)) {
    const advice = 'No AWS region is set to sign for. Give --region, or --auth none.';
    return new FraudstreamError('bad-config', advice, { cause });
  }
  const advice = `No AWS credentials were found to sign with (${reason}). Choose a --profile, or give --auth none.`;
  return new FraudstreamError('no-credentials', advice, { cause });
}
