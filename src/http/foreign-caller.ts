import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_HOST = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Returns why a request does not come from this machine's own tools; `undefined` for one that does.
 *
 * A page of the web can make a browser send requests to this machine: by a name of its own that points here
 * (another `Host`), or as a post to another site (`Origin`, `Sec-Fetch-Site`). Tools send neither.
 */
export function foreignCaller(headers: IncomingHttpHeaders): string | undefined {
  const host = String(headers[':authority'] ?? headers.host ?? '');
  // Only a tool can leave it out.
  if (host !== '' && !LOOPBACK_HOST.test(host)) {
    return `The host "${host.slice(0, 100)}" is not this machine: use 127.0.0.1 or localhost.`;
  }
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    return 'Requests of pages from another site are refused.';
  }
  if (site === 'cross-site') return 'Requests of pages from another site are refused.';
  return undefined;
}

function isLoopbackOrigin(origin: string): boolean {
  return LOOPBACK_HOST.test(/^https?:\/\/([^/]+)$/.exec(origin)?.[1] ?? '');
}
