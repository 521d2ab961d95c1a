import { type Json, templateOf } from './template.ts';

/** A template as CloudFormation would take it: parameters filled in, conditions decided. */
export interface Evaluated {
  /** Resources that are made, by their logical ids, with properties as they would be sent. */
  readonly resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Json }>
  >;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What rules refuse, in the words of the template. */
  readonly refused: readonly string[];
}

type Value = unknown;
type Arguments = readonly Value[];
const NOTHING = Symbol('AWS::NoValue');

/** Evaluates a template for a stack. Other resources are seen as `<id>` and `<id.attribute>`. */
export function evaluated(
  name: string,
  given: Readonly<Record<string, string | number>> = {},
  stackName = 'pipeline',
): Evaluated {
  const template = templateOf(name);
  const evaluation = new Evaluation(template, parametersOf(template, given), stackName);
  return {
    resources: Object.fromEntries(
      Object.entries(template.Resources ?? {})
        .filter(([, { Condition }]) => Condition === undefined || evaluation.is(Condition))
        .map(([id, { Type, Properties }]) => [
          id,
          { Type: String(Type), Properties: evaluation.value(Properties) as Json },
        ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {})
        .filter(([, { Condition }]) => Condition === undefined || evaluation.is(Condition))
        .map(([id, { Value }]) => [id, evaluation.value(Value)]),
    ),
    refused: Object.values(template.Rules ?? {}).flatMap((rule) => evaluation.refusedBy(rule)),
  };
}

function parametersOf(
  template: ReturnType<typeof templateOf>,
  given: Readonly<Record<string, string | number>>,
): Map<string, Value> {
  const declared = Object.entries(template.Parameters ?? {});
  for (const name of Object.keys(given)) {
    if (!declared.some(([known]) => known === name)) throw new Error(`no parameter ${name}`);
  }
  return new Map(
    declared.map(([name, { Type, Default, AllowedPattern }]): readonly [string, Value] => {
      const text = String(given[name] ?? Default ?? `<${name}>`);
      if (given[name] !== undefined && AllowedPattern && !fits(text, String(AllowedPattern))) {
        throw new Error(`${name} is ${text}: it must fit ${AllowedPattern}`);
      }
      if (Type === 'CommaDelimitedList') return [name, text.split(',')];
      return [name, Type === 'Number' ? Number(text) : text];
    }),
  );
}

function fits(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}

class Evaluation {
  readonly #template: ReturnType<typeof templateOf>;
  readonly #parameters: Map<string, Value>;
  readonly #pseudo: Readonly<Record<string, Value>>;

  constructor(
    template: ReturnType<typeof templateOf>,
    parameters: Map<string, Value>,
    stackName: string,
  ) {
    this.#template = template;
    this.#parameters = parameters;
    this.#pseudo = {
      'AWS::StackName': stackName,
      'AWS::Partition': 'aws',
      'AWS::Region': 'eu-west-1',
      'AWS::AccountId': '111122223333',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::NoValue': NOTHING,
    };
  }

  is(condition: unknown): boolean {
    return this.value(this.#template.Conditions?.[String(condition)]) === true;
  }

  refusedBy(rule: Json): readonly string[] {
    const { RuleCondition, Assertions } = rule as {
      RuleCondition?: Value;
      Assertions: readonly { Assert: Value; AssertDescription: string }[];
    };
    if (RuleCondition !== undefined && this.value(RuleCondition) !== true) return [];
    return Assertions.filter(({ Assert }) => this.value(Assert) !== true).map(
      ({ AssertDescription }) => AssertDescription,
    );
  }

  value(of: Value): Value {
    if (Array.isArray(of)) return of.map((one) => this.value(one)).filter((one) => one !== NOTHING);
    if (typeof of !== 'object' || of === null) return of;
    const [[key, inner] = ['', undefined], ...others] = Object.entries(of);
    const call = others.length === 0 ? this.#calls[key] : undefined;
    if (call) return call(inner as never);
    return Object.fromEntries(
      Object.entries(of)
        .map(([name, one]) => [name, this.value(one)])
        .filter(([, one]) => one !== NOTHING),
    );
  }

  readonly #calls: Readonly<Record<string, (given: never) => Value>> = {
    Ref: (name: string) => this.#pseudo[name] ?? this.#parameters.get(name) ?? `<${name}>`,
    Condition: (name: string) => this.is(name),
    'Fn::GetAtt': ([id, attribute]: Arguments) => `<${id}.${attribute}>`,
    'Fn::If': ([condition, then, otherwise]: Arguments) =>
      this.value(this.is(condition) ? then : otherwise),
    'Fn::Join': ([by, parts]: Arguments) => (this.value(parts) as string[]).join(String(by)),
    'Fn::Split': ([by, text]: Arguments) => String(this.value(text)).split(String(by)),
    'Fn::Select': ([index, list]: Arguments) => (this.value(list) as Value[])[Number(index)],
    'Fn::FindInMap': (path: Arguments) => `<${path[0]}>`,
    'Fn::Sub': (text: string | Arguments) => this.#substituted(text),
    'Fn::Equals': (both: Arguments) => {
      const [one, other] = both.map((each) => String(this.value(each)));
      return one === other;
    },
    'Fn::Not': ([one]: Arguments) => this.value(one) !== true,
    'Fn::And': (all: Arguments) => all.every((one) => this.value(one) === true),
    'Fn::Or': (all: Arguments) => all.some((one) => this.value(one) === true),
    'Fn::EachMemberEquals': ([list, text]: Arguments) =>
      (this.value(list) as Value[]).every((one) => one === text),
  };

  #substituted(given: string | Arguments): string {
    const [text, own = {}] = typeof given === 'string' ? [given] : (given as [string, Json]);
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) =>
      String(name in own ? this.value(own[name]) : this.value({ Ref: name })),
    );
  }
}
