import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A private key and its certificate, in PEM form, as `node:tls` takes them. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/** ASN.1 tags. Source: X.690. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Encoded object identifiers. Source: RFC 5280, RFC 5758. */
const OID = {
  ecdsaWithSha256: '06082a8648ce3d040302',
  commonName: '0603550403',
  basicConstraints: '0603551d13',
  keyUsage: '0603551d0f',
  extendedKeyUsage: '0603551d25',
  serverAuth: '06082b06010505070301',
  subjectAltName: '0603551d11',
} as const;

const VALID_DAYS = 30;
const DAY_MS = 86_400_000;
const LEAST_OF_LONG_FORM = 0x80;

/**
 * Makes a certificate for 127.0.0.1, ::1 and localhost that signs itself, good for 30 days.
 *
 * It is a certificate authority as well, so that tools trust it as a bundle of one (`AWS_CA_BUNDLE`).
 * Source: RFC 5280, section 4.1.
 */
export function selfSignedIdentity(now: number): TlsIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('ecdsaWithSha256'));
  const name = sequence(
    der(TAG.set, sequence(oid('commonName'), der(TAG.utf8, Buffer.from('fraudstream up --tls')))),
  );
  const serial = randomBytes(16);
  // Positive, and without a leading zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const signed = sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    algorithm,
    name,
    sequence(time(now - DAY_MS), time(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions())),
  );
  const certificate = sequence(signed, algorithm, bits(sign('sha256', signed, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(certificate),
  };
}

function extensions(): readonly Buffer[] {
  const yes = der(TAG.boolean, Buffer.from([0xff]));
  const loopback6 = Buffer.alloc(16);
  loopback6[15] = 1;
  const extension = (id: keyof typeof OID, value: Buffer, ...critical: readonly Buffer[]): Buffer =>
    sequence(oid(id), ...critical, der(TAG.octets, value));
  return [
    extension('basicConstraints', sequence(yes), yes),
    // digitalSignature and keyCertSign; two bits of the byte are unused.
    extension('keyUsage', der(TAG.bits, Buffer.from([2, 0x84])), yes),
    extension('extendedKeyUsage', sequence(oid('serverAuth'))),
    extension(
      'subjectAltName',
      sequence(
        der(0x82, Buffer.from('localhost')),
        der(0x87, Buffer.from([127, 0, 0, 1])),
        der(0x87, loopback6),
      ),
    ),
  ];
}

/** A value with its tag and length. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

function lengthOf(length: number): readonly number[] {
  if (length < LEAST_OF_LONG_FORM) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [LEAST_OF_LONG_FORM | bytes.length, ...bytes];
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...contents);
const bits = (bytes: Uint8Array): Buffer => der(TAG.bits, Buffer.from([0]), bytes);
const oid = (name: keyof typeof OID): Buffer => Buffer.from(OID[name], 'hex');

/** `YYMMDDhhmmssZ`: years to 2049. */
function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replace(/\D/g, '').slice(2, 14);
  return der(TAG.utcTime, Buffer.from(`${digits}Z`));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
