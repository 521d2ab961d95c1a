import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { BoundedHandler, limitCalls, SMALL_ANSWER_BYTES } from '../../http/bounded-handler.ts';
import { basicAuthorization } from '../../http/outside-network.ts';
import { freshSharedFiles } from '../../http/recovering-calls.ts';
import { NO_REGION, noCredentials } from '../../http/sdk-client.ts';
import type { Clock } from '../../stream/clock.ts';
import { possibleScopeOf, type SigningScope, signingScopeOf } from './aws-hosts.ts';
import { credentialSource, PROVIDER_TIMEOUT_MS } from './credentials.ts';
import { checkHeader, type HttpTarget, type Signing, urlTarget } from './http-target.ts';
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
    return new FraudstreamError('bad-config', NO_REGION, { cause: error });
  }
  if (/Credentials|Token/.test(name)) {
    return new FraudstreamError('no-credentials', noCredentials(message), { cause: error });
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

/**
 * The target of a URL: API Gateway, or anything else that takes POST.
 *
 * User and password of the URL are sent as Basic authorization.
 * Errors: `usage` for a header that cannot be sent or two ways of authorization, `bad-config` without a region to
 * sign for, `no-credentials` without keys.
 */
export async function gatewayTarget(settings: GatewaySettings, clock: Clock): Promise<HttpTarget> {
  const { url, header, contentType, accept, auth } = settings;
  const { hostname } = new URL(url);
  const headers: Record<string, string> = { 'content-type': contentType, accept };
  for (const [name, value] of header) {
    checkHeader(name, value);
    headers[name.toLowerCase()] = value;
  }
  const scope = auth === 'sigv4' ? possibleScopeOf(hostname) : signingScopeOf(hostname);
  const isSigned = auth === 'sigv4' || (auth === 'auto' && scope !== undefined);
  const basic = basicAuthorization(new URL(url));
  const own = headers.authorization ?? basic;
  const isTwice = headers.authorization !== undefined && basic !== undefined;
  if (isTwice || (own !== undefined && isSigned)) throw doubleAuthorization(isSigned);
  const all = own === undefined ? headers : { ...headers, authorization: own };
  return urlTarget(url, all, isSigned ? await signingOf(settings, scope, clock) : undefined);
}

function doubleAuthorization(isSigned: boolean): FraudstreamError {
  const message = isSigned
    ? 'A request has one authorization: leave user and password out of --url, or the authorization out of --header, or give --auth none.'
    : 'A request has one authorization: give it by --header or by user and password in --url, not by both.';
  return new FraudstreamError('usage', message);
}

async function signingOf(
  settings: GatewaySettings,
  scope: SigningScope | undefined,
  clock: Clock,
): Promise<Signing> {
  const { SageMakerRuntimeClient } = await import('@aws-sdk/client-sagemaker-runtime');
  // The region in a host's name is the one that it checks signatures for.
  const region = scope?.region ?? settings.region;
  const { profile } = settings;
  const sdk = new SageMakerRuntimeClient({
    ...freshSharedFiles,
    ...(region && { region }),
    ...(profile && { profile }),
    // Providers of credentials ask their services through it.
    requestHandler: new BoundedHandler({
      profile,
      maxConnections: 1,
      connectTimeoutMs: PROVIDER_TIMEOUT_MS,
      requestTimeoutMs: PROVIDER_TIMEOUT_MS,
      maxAnswerBytes: () => SMALL_ANSWER_BYTES,
    }),
  });
  try {
    const service = scope?.service ?? 'execute-api';
    const keyring = await credentialSource(sdk.config.credentials, clock);
    return { service, region: await sdk.config.region(), keyring };
  } catch (cause) {
    throw unsignable(cause);
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
