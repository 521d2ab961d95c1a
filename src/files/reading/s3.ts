import { FraudstreamError } from '../../fraudstream-error.ts';

/** How S3 is reached; what is absent is found as the AWS command line does. */
export interface S3Place {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly endpointUrl?: string | undefined;
}

/**
 * The bytes of an object: `s3://bucket/key`.
 *
 * `@aws-sdk/client-s3` is asked for only here: it does not come with fraudstream.
 * Errors: `usage` without the package or for a name that is none, `no-input` without the object.
 */
export async function objectBytes(url: string, place: S3Place): Promise<AsyncIterable<Uint8Array>> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new FraudstreamError('usage', `${url} names no object: write s3://bucket/key.`);
  }
  const { S3Client, GetObjectCommand } = await client();
  const { region, profile, endpointUrl } = place;
  const s3 = new S3Client({
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpointUrl !== undefined && { endpoint: endpointUrl, forcePathStyle: true }),
  });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!Body) throw new Error('it has no body');
    return Body as unknown as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new FraudstreamError('no-input', `${url} cannot be read: ${reason}.`, { cause });
  }
}

async function client(): Promise<typeof import('@aws-sdk/client-s3')> {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    const message =
      'Reading s3:// needs a package that is not installed. Run "npm install @aws-sdk/client-s3" beside fraudstream, or copy the object with "aws s3 cp".';
    throw new FraudstreamError('usage', message, { cause });
  }
}
