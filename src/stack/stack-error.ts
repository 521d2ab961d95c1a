import { type ErrorCode, FraudstreamError } from '../fraudstream-error.ts';
import type { StackPlace } from './stack-outputs.ts';

const PERMISSION =
  /^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|InvalidSignature)/;
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;

/** Why a stack could not be read, and what to do about it. */
export function stackError(error: unknown, stack: string, place: StackPlace): FraudstreamError {
  if (error instanceof FraudstreamError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const where = place.endpointUrl ?? (place.region ? `region ${place.region}` : 'AWS');
  const [code, advice] = judged(name, message, stack, where);
  return new FraudstreamError(code, advice, { cause: error });
}

function judged(
  name: string,
  message: string,
  stack: string,
  where: string,
): readonly [ErrorCode, string] {
  const said = `${name}: ${message}`;
  if (/region is missing/i.test(message)) {
    return ['bad-config', 'No AWS region is set. Give --region, or set AWS_REGION.'];
  }
  if (CREDENTIALS.test(name)) {
    return [
      'no-credentials',
      `No AWS credentials were found (${said}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a --profile.`,
    ];
  }
  if (PERMISSION.test(name)) {
    return [
      'no-permission',
      `${where} refused these credentials (${said}). Check --profile, or give the role cloudformation:DescribeStacks.`,
    ];
  }
  if (/does not exist/.test(message)) {
    return [
      'not-found',
      `There is no stack "${stack}" at ${where}. Check --stack and --region, or deploy one: docs/deploy.md.`,
    ];
  }
  return ['unreachable', `Stack "${stack}" could not be read at ${where} (${said}).`];
}
