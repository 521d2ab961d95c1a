import { within } from '../../http/bounds.ts';
import type { Clock } from '../../stream/clock.ts';
import type { CredentialSource } from './http-target.ts';
import type { Credentials } from './sigv4.ts';

/** What providers of the SDK give: keys that may expire; `forceRefresh` asks past those it keeps. */
export type Provider = (options?: {
  readonly forceRefresh?: boolean;
}) => Promise<Credentials & { readonly expiration?: Date | undefined }>;

const NO_ANSWER = 'the provider of credentials did not answer in 30 s';
/** Keys are asked for again after so long, and renewed so long before they expire. */
const ASK_EVERY_MS = 60_000;
const RENEW_BEFORE_MS = 300_000;
/** A provider may be a program, or a server that is asked for a role. */
export const PROVIDER_TIMEOUT_MS = 30_000;

/**
 * Keeps the keys of a provider at hand, so that signing need not wait, and asks again in time.
 *
 * Errors: what the provider throws, or `TimeoutError`, the first time; later the old keys stay until new ones come.
 */
export async function credentialSource(
  provider: Provider,
  clock: Clock,
): Promise<CredentialSource> {
  let keys = await within(PROVIDER_TIMEOUT_MS, provider(), NO_ANSWER);
  let askAt = nextAsk(keys, clock.now());
  let renewal: Promise<Credentials> | undefined;
  const renewed = async (): Promise<Credentials> => {
    const fresh = await within(PROVIDER_TIMEOUT_MS, provider({ forceRefresh: true }), NO_ANSWER);
    askAt = nextAsk(fresh, clock.now());
    keys = fresh;
    return fresh;
  };
  return {
    replacement: async (refused) => {
      if (isSame(keys, refused)) {
        renewal ??= renewed().finally(() => {
          renewal = undefined;
        });
        await renewal;
      }
      return !isSame(keys, refused);
    },
    current: () => {
      const now = clock.now();
      if (now >= askAt) {
        askAt = now + ASK_EVERY_MS;
        // Expired keys are refused by the endpoint, which says it better than we could.
        provider()
          .then((fresh) => {
            keys = fresh;
            askAt = nextAsk(fresh, clock.now());
          })
          .catch(() => undefined);
      }
      return keys;
    },
  };
}

function isSame(one: Credentials, other: Credentials): boolean {
  return one.accessKeyId === other.accessKeyId && one.sessionToken === other.sessionToken;
}

function nextAsk(keys: Awaited<ReturnType<Provider>>, now: number): number {
  const expiresAt = keys.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  return Math.max(now + 1_000, Math.min(now + ASK_EVERY_MS, expiresAt - RENEW_BEFORE_MS));
}
