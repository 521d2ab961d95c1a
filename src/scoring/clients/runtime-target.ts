import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { limitCalls } from '../../http/bounded-handler.ts';
import type { Clock } from '../../stream/clock.ts';
import type { HttpTarget } from './http-target.ts';
import { keyringOf, PROVIDER_TIMEOUT_MS } from './keyring.ts';
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
  const keyring = await keyringOf(sdk.config.credentials, clock);
  const region = await sdk.config.region();
  return { ...target, signing: { service: 'sagemaker', region, keyring } };
}

/** The same without keys of its own: for whoever lets the SDK sign. */
export async function serviceTarget(settings: RuntimeSettings): Promise<HttpTarget> {
  const { origin, request } = await prepared(settings);
  return { origin, request, signing: undefined };
}

/** What belongs to one request alone, or is written by whoever sends it. */
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
