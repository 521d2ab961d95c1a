import type { Clock } from '../../stream/clock.ts';
import type { ConnectionSettings, ScoreClient } from '../score-client.ts';
import type { GatewaySettings } from './request-targets.ts';
import type { RuntimeSettings } from './sdk-runtime.ts';

/**
 * Opens a client of a SageMaker endpoint.
 *
 * `transport`: `fast` signs by itself over kept connections, `sdk` is the AWS SDK on threads.
 * Errors: `bad-config` without a region, `no-credentials` without keys.
 */
export async function sageMakerClient(
  settings: RuntimeSettings & { readonly transport: 'fast' | 'sdk' },
  clock: Clock,
): Promise<ScoreClient> {
  if (settings.transport === 'sdk') {
    const { sdkClient } = await import('./sdk-client.ts');
    return sdkClient(settings);
  }
  const { runtimeTarget } = await import('./request-targets.ts');
  const { fastClient } = await import('./fast-client.ts');
  return fastClient(await runtimeTarget(settings, clock), settings, clock);
}

/**
 * Opens a client of API Gateway, or of any URL that takes POST.
 *
 * Errors: `bad-config` without a region to sign for, `no-credentials` without keys.
 */
export async function urlClient(
  settings: GatewaySettings & ConnectionSettings,
  clock: Clock,
): Promise<ScoreClient> {
  const { gatewayTarget } = await import('./request-targets.ts');
  const { fastClient } = await import('./fast-client.ts');
  return fastClient(await gatewayTarget(settings, clock), settings, clock);
}
