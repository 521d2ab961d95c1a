import { readFile } from 'node:fs/promises';
import { loadConfig } from '@smithy/core/config';
import { getProxyForUrl } from 'proxy-from-env';
import { FraudstreamError, messageOf } from '../errors.ts';
import { percentDecoded } from '../text/percent-encoding.ts';

/** Hosts of this machine: no proxy can reach them, and emulators are there. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Returns the proxy for a URL, from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; lower case counts as well.
 *
 * Loopback addresses are never proxied. Errors: `bad-config` for a proxy that is no HTTP URL.
 */
export function proxyFor(url: string): URL | undefined {
  if (LOOPBACK.test(new URL(url).hostname)) return undefined;
  const text = getProxyForUrl(url);
  if (text === '') return undefined;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol)) return proxy;
  const shown = text.replace(/\/\/[^@/]*@/, '//');
  const message = `The proxy "${shown}" of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY cannot be used. Write http://host:port, or exclude the host by NO_PROXY.`;
  throw new FraudstreamError('bad-config', message);
}

/** A proxy as messages show it: without user and password. */
export function proxyName({ host }: URL): string {
  return `proxy ${host}`;
}

/** The same error, which names the proxy: the fault may be there. */
export function namingProxy(error: unknown, proxy: URL): unknown {
  if (error instanceof Error && !error.message.includes(proxy.host)) {
    error.message = `${error.message} (through the ${proxyName(proxy)})`;
  }
  return error;
}

/** The Basic authorization of an address with a user, as of a proxy; `undefined` without. Source: RFC 7617. */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const user = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** What to set when a certificate is not trusted. */
export const CERTIFICATE_ADVICE =
  'For a private certificate authority set AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS to its PEM file.';

/**
 * Returns the certificates that `AWS_CA_BUNDLE`, or `ca_bundle` of the profile, names: they replace those of
 * Node, as in the AWS command line; `undefined` without such a file.
 *
 * Errors: `bad-config` for a file that cannot be read or holds no certificate.
 */
export async function trustedCertificates(profile?: string): Promise<string | undefined> {
  const path = await bundlePath(profile);
  if (path === '') return undefined;
  const fault = (reason: string, cause?: unknown): FraudstreamError =>
    new FraudstreamError('bad-config', `AWS_CA_BUNDLE (ca_bundle) ${path}: ${reason}.`, { cause });
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fault(messageOf(cause), cause);
  });
  if (/-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(text)) return text;
  throw fault('it holds no certificate; give a file in PEM form');
}

function bundlePath(profile: string | undefined): Promise<string> {
  const selectors = {
    environmentVariableSelector: (env: Readonly<Record<string, string | undefined>>) =>
      env.AWS_CA_BUNDLE || undefined,
    configFileSelector: ({ ca_bundle }: Readonly<Record<string, string | undefined>>) => ca_bundle,
    default: '',
  };
  return loadConfig<string>(selectors, profile === undefined ? {} : { profile })();
}
