import { FraudstreamError, messageOf } from '../errors.ts';
import { guardCalls } from '../http/sdk-client.ts';
import { optionalPackage } from '../optional-package.ts';
import { callTimeoutMs, clientConfig } from './client-config.ts';

/** The registry is asked once, before anything else is done. */
const TIMEOUT_MS = 6_000;

/**
 * The id of the latest version of a schema in AWS Glue Schema Registry; region and credentials are those of the environment.
 *
 * `@aws-sdk/client-glue` is asked for only here: it does not come with fraudstream.
 * Errors: `bad-config` without the package, or without the schema.
 */
export async function latestSchemaVersion(registry: string, schemaName: string): Promise<string> {
  const sdk = await glue();
  const location = { requestTimeoutMs: TIMEOUT_MS, connectTimeoutMs: TIMEOUT_MS };
  const client = new sdk.GlueClient(clientConfig(location));
  guardCalls(client, callTimeoutMs(location));
  const command = new sdk.GetSchemaVersionCommand({
    SchemaId: { RegistryName: registry, SchemaName: schemaName },
    SchemaVersionNumber: { LatestVersion: true },
  });
  try {
    const { SchemaVersionId } = await client.send(command);
    if (SchemaVersionId) return SchemaVersionId;
    throw new Error('the answer to GetSchemaVersion has no SchemaVersionId');
  } catch (cause) {
    const message = `Schema "${schemaName}" of registry "${registry}" could not be looked up: ${messageOf(cause)}. Check the names, AWS_REGION and the permission glue:GetSchemaVersion, or write schema-version-id.`;
    throw new FraudstreamError('bad-config', message, { cause });
  } finally {
    client.destroy();
  }
}

function glue(): Promise<typeof import('@aws-sdk/client-glue')> {
  const use = {
    name: '@aws-sdk/client-glue',
    purpose: 'Looking up a schema version',
    instead: 'write schema-version-id',
    code: 'bad-config',
  } as const;
  return optionalPackage(use, () => import('@aws-sdk/client-glue'));
}
