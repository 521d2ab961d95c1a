import { Compile, parse } from 'velocityjs';

/** What a template sees of a request or of an answer. */
export interface MappingInput {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What it makes of it: a body, and what it overrides. */
export interface Mapped {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number | undefined;
}

/** Methods that a string has in Java, where the templates run. */
const javaMethods: Readonly<Record<string, (text: string, ...params: string[]) => unknown>> = {
  contains: (text, part = '') => text.includes(part),
  replace: (text, from = '', to = '') => text.split(from).join(to),
  replaceAll: (text, pattern = '', to = '') => text.replace(new RegExp(pattern, 'g'), to),
};
const asInJava = {
  uid: 'java.lang.String',
  match: ({ property, context }: { property: string; context: unknown }): boolean =>
    typeof context === 'string' && property in javaMethods,
  resolve: ({
    property,
    context,
    params,
  }: {
    property: string;
    context: string;
    params: string[];
  }): unknown => javaMethods[property]?.(context, ...params),
};

/** A mapping template of API Gateway, evaluated: `$input` and `$context` as far as ours use them. */
export function mapped(template: string, { body, headers }: MappingInput): Mapped {
  const context = {
    requestOverride: { header: {} as Record<string, string> },
    responseOverride: { header: {} as Record<string, string>, status: undefined },
  };
  const input = {
    body,
    json: (path: string) => JSON.stringify(at(path, body)),
    path: (path: string) => at(path, body, (_, value) => value ?? undefined),
    params: (name: string) => headers[name] ?? '',
  };
  const compiled = new Compile(parse(template), { customMethodHandlers: [asInJava] });
  const text = compiled.render({ input, context });
  const { requestOverride, responseOverride } = context;
  return {
    body: text,
    headers: { ...requestOverride.header, ...responseOverride.header },
    status: responseOverride.status,
  };
}

/** JSONPath as far as `$`; a null of JSON is nothing at all in Velocity, which the reviver sees to. */
function at(
  path: string,
  body: string,
  reviver?: (key: string, value: unknown) => unknown,
): unknown {
  if (path !== '$') throw new Error(`${path} is not evaluated here`);
  return JSON.parse(body, reviver);
}
