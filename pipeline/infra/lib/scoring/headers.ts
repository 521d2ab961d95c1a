/** Headers of requests that reach the backend. */
export const requestHeaders: readonly string[] = ['Content-Type', 'Accept'];
/** Headers of answers that reach the caller: of a score which variant gave it, of an error its name. */
export function answerHeaders(status: string): readonly string[] {
  return [
    'Content-Type',
    status === '200' ? 'x-Amzn-Invoked-Production-Variant' : 'x-amzn-ErrorType',
  ];
}

/** Names of headers at a place of API Gateway (`method.request.header`), each with its value. */
export function headerMap<T>(
  place: string,
  names: readonly string[],
  value: T | ((name: string) => T),
): Record<string, T> {
  const of = (name: string): T => (value instanceof Function ? value(name) : value);
  return Object.fromEntries(names.map((name) => [`${place}.${name}`, of(name)]));
}
