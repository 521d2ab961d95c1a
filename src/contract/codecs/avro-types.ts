import type { Type } from 'avsc';

/** The parts of the types of avsc that are read and written; each type has those of its kind. */
export interface AvroType {
  readonly typeName: string;
  readonly name?: string;
  readonly fields?: readonly AvroField[];
  readonly itemsType?: Type;
  readonly valuesType?: Type;
  readonly symbols?: readonly string[];
  readonly types?: readonly Type[];
  readonly size?: number;
}

/** A field of a record. */
export interface AvroField {
  readonly name: string;
  readonly type: Type;
  defaultValue(): unknown;
}

/** A logical type that stands for other values than those of its type: a decimal, a UUID. */
export interface LogicalSchema {
  readonly kind: 'decimal' | 'uuid';
  readonly precision: number;
  readonly scale: number;
}

/** A type with a logical type around it, as avsc makes it from the classes of `logicalTypes`. */
interface AnnotatedType {
  readonly underlyingType?: Type;
  readonly logicalSchema?: LogicalSchema;
}

/** The type without what is around it, and its logical type where it has one. */
export function partsOf(type: Type): {
  readonly type: AvroType;
  readonly logical: LogicalSchema | undefined;
} {
  const { underlyingType, logicalSchema } = type as unknown as AnnotatedType;
  return { type: (underlyingType ?? type) as unknown as AvroType, logical: logicalSchema };
}
