import { templates } from '../lib/templates.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const texts = templates();

export const names = ['fraudstream-foundation', 'fraudstream-sagemaker', 'fraudstream-lambda'];
export const pipelines = ['fraudstream-sagemaker', 'fraudstream-lambda'];

/** A template as it is made now. */
export function templateOf(name: string): Record<string, Record<string, Json>> {
  return JSON.parse(texts.get(`${name}.template.json`) ?? '');
}

/** The resources of a type. */
export function resources(name: string, type: string): readonly Resource[] {
  return Object.entries(templateOf(name).Resources ?? {})
    .map(([id, resource]) => ({ id, ...resource }) as unknown as Resource)
    .filter(({ Type }) => Type === type);
}

/** The only resource of a type. */
export function only(name: string, type: string): Resource {
  const [found, ...others] = resources(name, type);
  if (!found || others.length > 0) throw new Error(`${name} has ${others.length} more ${type}`);
  return found;
}

export interface PolicyStatement {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly condition: unknown;
}

/** Every statement that any role is given, also those under a condition. */
export function statements(name: string): readonly PolicyStatement[] {
  return resources(name, 'AWS::IAM::Role').flatMap(({ id, Properties }) =>
    ((Properties.Policies ?? []) as Json[]).flatMap((policy) => {
      const { 'Fn::If': choice } = policy as { 'Fn::If'?: readonly unknown[] };
      const { PolicyDocument } = (choice?.[1] ?? policy) as {
        PolicyDocument: { Statement: Json[] };
      };
      return PolicyDocument.Statement.map(({ Action, Resource, Condition }) => ({
        role: id,
        actions: [Action].flat().map((action) => JSON.stringify(action).replace(/^"|"$/g, '')),
        resources: [Resource].flat(),
        condition: Condition,
      }));
    }),
  );
}
