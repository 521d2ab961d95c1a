import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedIdentity, type TlsIdentity } from '../../http/tls-identity.ts';
import type { Clock } from '../../stream/clock.ts';

/** A certificate of one run, and the file that tools trust it by. */
export interface CertificateFile {
  readonly identity: TlsIdentity;
  readonly path: string;
  remove(): Promise<void>;
}

/** Makes a certificate and writes it, without its key, to a new temporary folder. */
export async function certificateFile(clock: Clock): Promise<CertificateFile> {
  const identity = selfSignedIdentity(clock.now());
  const folder = await mkdtemp(join(tmpdir(), 'fraudstream-tls-'));
  const path = join(folder, 'certificate.pem');
  await writeFile(path, identity.cert);
  return { identity, path, remove: () => rm(folder, { recursive: true, force: true }) };
}
