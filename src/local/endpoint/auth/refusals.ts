import type { ServiceError } from '../faces/face.ts';

const refusal = (type: string, message: string): ServiceError => ({ status: 403, type, message });

export const missingToken: ServiceError = refusal(
  'MissingAuthenticationTokenException',
  'Missing Authentication Token',
);
export const unknownKey: ServiceError = refusal(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);
export const expiredToken: ServiceError = refusal(
  'ExpiredTokenException',
  'The security token included in the request is expired',
);
export const wrongSignature: ServiceError = refusal(
  'InvalidSignatureException',
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);
export const wrongScope = (what: string): ServiceError =>
  refusal('InvalidSignatureException', `Credential should be scoped to ${what}.`);
export const outOfTime = (message: string): ServiceError =>
  refusal('InvalidSignatureException', message);
export const incomplete = (message: string): ServiceError =>
  refusal('IncompleteSignatureException', message);
