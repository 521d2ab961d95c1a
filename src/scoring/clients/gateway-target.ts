import { FraudstreamError } from '../../fraudstream-error.ts';
import type { Clock } from '../../stream/clock.ts';
import { type HttpTarget, type Signing, urlTarget } from './http-target.ts';
import { keyringOf } from './keyring.ts';

/** A URL that takes POST, and how it is to be signed. */
export interface GatewaySettings {
  readonly url: string;
  readonly header: ReadonlyMap<string, string>;
  readonly auth: 'auto' | 'none' | 'sigv4';
  readonly region: string | undefined;
  readonly profile: string | undefined;
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
    const keyring = await keyringOf(sdk.config.credentials, clock);
    return { service, region: await sdk.config.region(), keyring };
  } catch (cause) {
    throw unsignable(cause);
  } finally {
    sdk.destroy();
  }
}

function unsignable(cause: unknown): FraudstreamError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/region/i.test(reason) && !/credential/i.test(reason)) {
    const advice = 'No AWS region is set to sign for. Give --region, or --auth none.';
    return new FraudstreamError('bad-config', advice, { cause });
  }
  const advice = `No AWS credentials were found to sign with (${reason}). Choose a --profile, or give --auth none.`;
  return new FraudstreamError('no-credentials', advice, { cause });
}
