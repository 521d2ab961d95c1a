import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const python = process.env.FRAUDSTREAM_PYTHON ?? 'python3';

/** Moto's server in a process of its own: SQS, DynamoDB and S3 that others wrote. */
export interface Moto {
  readonly url: string;
  /** One call of SQS, DynamoDB or Glue. Rejects for an answer that is an error. */
  call(target: string, fields: object): Promise<Record<string, unknown>>;
  putObject(bucket: string, key: string, body: Uint8Array | undefined): Promise<void>;
  /** One call of SNS; the text of its answer. */
  sns(action: string, fields: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

/** The service of a target such as `AmazonSQS.SendMessage`. */
function serviceOf(target: string): string {
  if (target.startsWith('AmazonSQS.')) return 'sqs';
  return target.startsWith('AWSGlue.') ? 'glue' : 'dynamodb';
}

/** True if moto can be started; it must be where everything is required. */
export async function hasMoto(): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import moto.server']);
    return true;
  } catch (error) {
    if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') throw error;
    return false;
  }
}

/** Starts moto on a free port. */
export async function startMoto(): Promise<Moto> {
  const code =
    'import logging; logging.getLogger("werkzeug").setLevel(logging.INFO); from moto.server import main; main()';
  const child = spawn(python, ['-c', code, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text += chunk;
      const [, found] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
      // What is said later must be read, too, or moto would wait for it.
      text = text.slice(-10_000);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void closed.then(() => reject(new Error(`moto ended: ${text}`)));
  });
  const credential = (service: string): string =>
    `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return {
    url,
    call: async (target, fields) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'x-amz-target': target,
          'content-type': 'application/x-amz-json-1.0',
          authorization: credential(serviceOf(target)),
        },
        body: JSON.stringify(fields),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
      return text === '' ? {} : JSON.parse(text);
    },
    putObject: async (bucket, key, body) => {
      const response = await fetch(`${url}/${bucket}${key === '' ? '' : `/${key}`}`, {
        method: 'PUT',
        headers: { authorization: credential('s3') },
        ...(body && { body }),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`PUT ${bucket}/${key}: ${response.status}`);
    },
    sns: async (action, fields) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: credential('sns') },
        body: new URLSearchParams({ Action: action, Version: '2010-03-31', ...fields }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
      return text;
    },
    close: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
