import { isAbsolute, resolve } from 'node:path';
import type { NamespaceBase, Type } from 'protobufjs';
import { avroCodec } from '../contract/codecs/avro-codec.ts';
import { type Protobufjs, protobufCodec } from '../contract/codecs/protobuf-codec.ts';
import {
  confluentMessageIndex,
  framed,
  glueMessageIndex,
  type KnownFraming,
  withMessageIndex,
} from '../contract/codecs/schema-registry-framing.ts';
import type { CodecSettings, Framing, PayloadCodec } from '../contract/payload-codec.ts';
import { FraudstreamError, messageOf } from '../errors.ts';
import { optionalPackage } from '../optional-package.ts';
import { readBounded } from '../stream/read-bounded.ts';
import { parseJson } from '../text/parse-json.ts';

/** A schema is read whole. */
const MOST_SCHEMA_BYTES = 4 * 1_048_576;

/**
 * Opens the codec of a section of a contract; `schema` is relative to `directory`.
 *
 * A schema version of Glue that is named by registry and schema is looked up once.
 * Errors: `bad-config` for a schema that cannot be read or is none, for a message that it does not have, and for a package
 * that is not installed; those of the registry.
 */
export async function openCodec(settings: CodecSettings, directory: string): Promise<PayloadCodec> {
  const { schema, format } = settings;
  const path = isAbsolute(schema) ? schema : resolve(directory, schema);
  const framing = settings.framing && (await knownFraming(settings.framing));
  const codec =
    format === 'avro'
      ? await openAvro(path)
      : await openProtobuf(path, settings.message, settings.framing);
  return framing ? framed(codec, framing) : codec;
}

async function openAvro(path: string): Promise<PayloadCodec> {
  const loaded = await optionalPackage(
    { name: 'avsc', purpose: 'Format Avro', code: 'bad-config' },
    () => import('avsc'),
  );
  const avsc = 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  const text = await schemaText(path);
  try {
    return avroCodec(parseJson(text), avsc);
  } catch (cause) {
    throw noSchema(path, 'Avro', cause);
  }
}

async function schemaText(path: string): Promise<string> {
  try {
    return (await readBounded(path, MOST_SCHEMA_BYTES)).toString('utf8');
  } catch (cause) {
    const message = `Schema ${path} cannot be read: ${messageOf(cause)}. "schema" of the contract names a file beside it.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

async function openProtobuf(
  path: string,
  message: string | undefined,
  framing: Framing | undefined,
): Promise<PayloadCodec> {
  const loaded = await optionalPackage(
    { name: 'protobufjs', purpose: 'Format Protobuf', code: 'bad-config' },
    () => import('protobufjs'),
  );
  const protobufjs = 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  await schemaText(path);
  const root = new protobufjs.Root();
  try {
    // Names stay as they are in the file; imports are read beside it.
    await root.load(path, { keepCase: true });
    root.resolveAll();
  } catch (cause) {
    throw noSchema(path, 'Protobuf', cause);
  }
  const types = messagesIn(root, path, protobufjs);
  const type = messageNamed(types, message, path);
  const codec = protobufCodec(type, protobufjs);
  if (!framing) return codec;
  return withMessageIndex(
    codec,
    'glue' in framing
      ? glueMessageIndex(types.map(nameOf).sort().indexOf(nameOf(type)))
      : confluentMessageIndex(pathOf(type, path, protobufjs)),
  );
}

/** The message types of a file, with those within others. */
function messagesIn(parent: NamespaceBase, path: string, protobufjs: Protobufjs): readonly Type[] {
  return parent.nestedArray.flatMap((nested) => {
    const own = nested instanceof protobufjs.Type && fileOf(nested) === path ? [nested] : [];
    const inner =
      'nestedArray' in nested ? messagesIn(nested as NamespaceBase, path, protobufjs) : [];
    return [...own, ...inner];
  });
}

/** Types within others have the file of those. */
function fileOf(type: Type): string | undefined {
  const { filename, parent } = type as { filename: string | null; parent: unknown };
  return filename ?? (parent ? fileOf(parent as Type) : undefined);
}

function nameOf({ fullName }: Type): string {
  return fullName.replace(/^\./, '');
}

function messageNamed(types: readonly Type[], message: string | undefined, path: string): Type {
  const names = types.map(nameOf).join(', ');
  const [only] = types;
  if (message === undefined) {
    if (only && types.length === 1) return only;
    const text = `${path} has ${types.length} messages: write message: with one of ${names}.`;
    throw new FraudstreamError('bad-config', text);
  }
  const wanted = message.replace(/^\./, '');
  const found =
    types.find((type) => nameOf(type) === wanted) ?? types.find(({ name }) => name === wanted);
  if (found) return found;
  throw new FraudstreamError('bad-config', `${path} has no message ${message}, only ${names}.`);
}

/** The positions of a message and of those that it is within, each among the messages beside it. */
function pathOf(type: Type, path: string, protobufjs: Protobufjs): readonly number[] {
  const { parent } = type;
  const siblings = (parent?.nestedArray ?? []).filter(
    (one): one is Type => one instanceof protobufjs.Type && fileOf(one) === path,
  );
  const own = siblings.indexOf(type);
  return parent instanceof protobufjs.Type ? [...pathOf(parent, path, protobufjs), own] : [own];
}

async function knownFraming(framing: Framing): Promise<KnownFraming> {
  if ('confluent' in framing) return framing;
  const { schemaVersionId, registry = '', schemaName = '', compression = 'none' } = framing.glue;
  if (schemaVersionId !== undefined) return { glue: { versionId: schemaVersionId, compression } };
  const { latestSchemaVersion } = await import('../stack/schema-registry.ts');
  return { glue: { versionId: await latestSchemaVersion(registry, schemaName), compression } };
}

function noSchema(path: string, format: string, cause: unknown): FraudstreamError {
  const message = `${path} is no ${format} schema: ${messageOf(cause)}.`;
  return new FraudstreamError('bad-config', message, { cause });
}
