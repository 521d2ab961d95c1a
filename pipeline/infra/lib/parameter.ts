import { CfnCondition, CfnParameter, Fn, type IResolvable, type Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** One row of a table of parameters: what it means, and what it is unless given. */
export interface ParameterRow {
  readonly meaning: string;
  /** Absent: it must be given. */
  readonly default?: string | number | undefined;
  readonly type?: 'String' | 'Number' | 'CommaDelimitedList';
  readonly allowed?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

export type ParameterTable = Readonly<Record<string, ParameterRow>>;
export type Parameters<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: CfnParameter;
};

const groups = new WeakMap<Stack, Map<string, readonly string[]>>();

/** Declares the parameters of a table under one heading of the console. */
export function declareParameters<const Table extends ParameterTable>(
  stack: Stack,
  heading: string,
  table: Table,
): Parameters<Table> {
  const declared = Object.entries(table).map(([name, row]) => [
    name,
    parameterOf(stack, name, row),
  ]);
  const headings = groups.get(stack) ?? new Map<string, readonly string[]>();
  headings.set(heading, Object.keys(table));
  groups.set(stack, headings);
  stack.templateOptions.metadata = {
    'AWS::CloudFormation::Interface': {
      ParameterGroups: [...headings].map(([label, names]) => ({
        Label: { default: label },
        Parameters: names,
      })),
    },
  };
  return Object.fromEntries(declared);
}

/** True when the parameter has this value. */
export function isSet(parameter: CfnParameter, value: string): CfnCondition {
  return conditionOnce(parameter, `${parameter.node.id}Is${pascal(value)}`, () =>
    Fn.conditionEquals(parameter.valueAsString, value),
  );
}

/** True when the parameter was given: it is not the empty text. */
export function isGiven(parameter: CfnParameter): CfnCondition {
  return conditionOnce(parameter, `${parameter.node.id}IsGiven`, () =>
    Fn.conditionNot(Fn.conditionEquals(textOf(parameter), '')),
  );
}

/** A value under a condition; without it, the other, or no property at all. */
export function either<T>(condition: CfnCondition, then: T, otherwise?: T): T {
  const rest = otherwise === undefined ? { Ref: 'AWS::NoValue' } : otherwise;
  return encoded(Fn.conditionIf(condition.logicalId, then, rest), then) as T;
}

/** In the clothes of the value that it stands for: constructs look at types. */
function encoded(value: IResolvable, like: unknown): unknown {
  if (typeof like === 'string') return Token.asString(value);
  if (typeof like === 'number') return Token.asNumber(value);
  return Array.isArray(like) ? Token.asList(value) : value;
}

function conditionOnce(
  scope: Construct & { readonly stack: Stack },
  id: string,
  expression: () => ReturnType<typeof Fn.conditionNot>,
): CfnCondition {
  const found = scope.stack.node.tryFindChild(id);
  if (found) return found as CfnCondition;
  return new CfnCondition(scope.stack, id, { expression: expression() });
}

function pascal(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

function textOf(parameter: CfnParameter): string {
  return parameter.type === 'CommaDelimitedList'
    ? Fn.join('', parameter.valueAsList)
    : parameter.valueAsString;
}

function parameterOf(stack: Stack, name: string, row: ParameterRow): CfnParameter {
  return new CfnParameter(stack, name, {
    type: row.type ?? (typeof row.default === 'number' ? 'Number' : 'String'),
    description: row.meaning,
    ...(row.default !== undefined && { default: row.default }),
    ...(row.allowed && { allowedValues: [...row.allowed] }),
    ...(row.pattern && { allowedPattern: row.pattern }),
    ...(row.min !== undefined && { minValue: row.min }),
    ...(row.max !== undefined && { maxValue: row.max }),
  });
}
