import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

const root = join(import.meta.dirname, '..', '..');
const project = join(root, 'test', 'interop');
const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';

/** The two lines of the KPL; a class path has one of them. */
export type Kpl = '0.15.12' | '1.0.7';

function missing(): string | false {
  const tools = [
    ['mvn', '--version'],
    ['javac', '--version'],
    ['openssl', 'version'],
    [python, '-c', 'import moto.server'],
  ];
  const absent = tools.find(([tool = '', ...args]) => spawnSync(tool, args).status !== 0);
  if (absent === undefined || process.env.FRAUDSTREAM_REQUIRE_ALL === '1') return false;
  return `needs Maven, a JDK, openssl and moto: \`${absent.join(' ')}\` fails`;
}

/** Why tests with the real KPL and KCL cannot run here, or false. */
export const missingInterop: string | false = missing();

/** The programs of test/interop for one KPL, with the KCL beside the newer one; Maven compiles them first. */
export function interopClassPath(kpl: Kpl = '1.0.7'): string {
  const known = classPaths.get(kpl);
  if (known !== undefined) return known;
  const goal = ['-B', '-ntp', '-q', '-P', `kpl-${kpl}`, '-f', project, 'process-classes'];
  execFileSync('mvn', goal, { stdio: 'pipe' });
  const target = join(project, 'target', kpl);
  const classPath = [join(target, 'classes'), join(target, 'lib', '*')].join(delimiter);
  classPaths.set(kpl, classPath);
  return classPath;
}

const classPaths = new Map<Kpl, string>();

/** A program of test/interop under way; its standard output comes when it has ended. */
export function interopProgram(
  classPath: string,
  name: string,
  args: readonly (string | number)[],
): { readonly child: ChildProcess; readonly out: Promise<string> } {
  const { PATH = '', HOME = '' } = process.env;
  const words = [
    '-Xmx512m',
    '-cp',
    classPath,
    `io.fraudstream.interop.${name}`,
    ...args.map(String),
  ];
  const child = spawn('java', words, {
    env: { PATH, HOME, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    stdio: ['ignore', 'pipe', process.env.INTEROP_DEBUG ? 'inherit' : 'ignore'],
    timeout: 600_000,
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const out = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`${name} ended with ${code}.`);
    return Buffer.concat(chunks).toString();
  });
  return { child, out };
}

/** A server that ends with the test. */
export interface Served {
  readonly port: number;
  close(): void;
}

/** The KPL speaks TLS alone: what comes over TLS goes on to a port of this machine. */
export async function tlsFront(to: number): Promise<Served> {
  const server = createTlsServer(certificate(), (socket) => {
    const onward = connect(to, '127.0.0.1');
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  return listening(server);
}

/** STS, of which the KPL 0.15 asks the account first. */
export async function stsOfAccount(account: string): Promise<Served> {
  const body =
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    `<Arn>arn:aws:iam::${account}:user/local</Arn><UserId>local</UserId><Account>${account}</Account>` +
    '</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>';
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
  const server = createTlsServer(certificate(), (socket) => {
    socket.on('error', () => undefined).once('data', () => socket.end(head + body));
  });
  return listening(server);
}

async function listening(server: ReturnType<typeof createTlsServer>): Promise<Served> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: portOf(server.address()), close: () => server.close() };
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

let made: { key: Buffer; cert: Buffer } | undefined;

/** Self-signed, for 127.0.0.1. */
function certificate(): { key: Buffer; cert: Buffer } {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), 'fraudstream-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-days', '2'];
  const form = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', ...form, ...subject], { stdio: 'pipe' });
  made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return made;
}

/** moto: DynamoDB and CloudWatch for the KCL. */
export async function moto(): Promise<{ readonly url: string; close(): void }> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = portOf(probe.address());
  await new Promise((resolve) => probe.close(resolve));
  const args = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(python, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  while (!(await isUp(url))) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { url, close: () => child.kill() };
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/data.json`)).ok;
  } catch {
    return false;
  }
}

/** A user record as `consume --metadata` and `ReadByKcl` write it; `data` in Base64. */
export interface TestRecord {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly data: string;
}

/** Record number n of `TestRecords.java`. */
export function testRecord(number: number, bytes: number): TestRecord {
  const data = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 1) data[at] = (number * 31 + at) & 0xff;
  data.write(`${number} `);
  const step = 2n ** 128n / 997n;
  return {
    partitionKey: `key-${number % 997}`,
    explicitHashKey: number % 5 === 0 ? String(step * BigInt(number % 997)) : undefined,
    data: data.toString('base64'),
  };
}
