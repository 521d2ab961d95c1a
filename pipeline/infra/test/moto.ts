import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathWithAws, python, shell, templatesFolder } from './tools.ts';

const server = join(import.meta.dirname, 'moto_server.py');

/** moto's server: AWS on loopback, as far as it goes. */
export interface Moto {
  readonly env: NodeJS.ProcessEnv;
  /** The AWS CLI against it; what it prints as JSON. */
  aws(...args: readonly string[]): Promise<Record<string, unknown>>;
  close(): void;
}

/** Starts moto on a free port; `room` is a folder for its settings. */
export async function startMoto(room: string): Promise<Moto> {
  // moto reads templates from buckets in the path of an address, and only at this name.
  const config = join(room, 'aws-config');
  writeFileSync(config, '[default]\ns3 =\n  addressing_style = path\n');
  const args = [server, '-H', '127.0.0.1', '-p', '0'];
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await said(child);
  const env: NodeJS.ProcessEnv = {
    PATH: pathWithAws(),
    HOME: '/nonexistent',
    AWS_CONFIG_FILE: config,
    AWS_ENDPOINT_URL: url.replace('127.0.0.1', 'localhost'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    DEPLOY_WAIT: '0.2',
    DEPLOY_TRIES: '20',
  };
  return {
    env,
    aws: async (...words) => {
      const { stdout } = await shell('aws', [...words, '--output', 'json'], { env });
      return stdout.trim() === '' ? {} : JSON.parse(stdout);
    },
    close: () => {
      child.kill();
    },
  };
}

function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (chunk: Buffer): void => {
      text += chunk;
      const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    if (process.env.MOTO_LOG) child.stderr?.pipe(process.stderr);
    child.once('close', () => reject(new Error(`moto ended: ${text}`)));
  });
}

/**
 * Copies a template for moto. What it cannot make is named by what it would be called: the application in the outputs,
 * alarms where the dashboard and the endpoint speak of them.
 */
export function templateForMoto(name: string, folder: string): void {
  const file = `${name}.template.json`;
  const isAlarm = (id: unknown): boolean => /^Monitoring(?!Dashboard)/.test(String(id));
  const template = JSON.parse(readFileSync(join(templatesFolder, file), 'utf8'), (_, value) => {
    if (isAlarm(value?.Ref)) return value.Ref;
    const [id] = value?.['Fn::GetAtt'] ?? [];
    return isAlarm(id) ? `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${id}` : value;
  });
  if (template.Outputs.Application) template.Outputs.Application.Value = { Ref: 'AWS::StackName' };
  writeFileSync(join(folder, file), JSON.stringify(template, null, 1));
}

/** The bucket of the first deployment: moto fails over a foundation that has not changed. */
export async function ownBucket(moto: Moto): Promise<readonly string[]> {
  const known = ['cloudformation', 'describe-stacks', '--stack-name', 'fraudstream-foundation'];
  const { Stacks } = (await moto.aws(...known).catch(() => ({ Stacks: [] }))) as {
    Stacks: { Outputs: { OutputValue: string }[] }[];
  };
  const [stack] = Stacks;
  return stack ? ['--bucket', stack.Outputs[0]?.OutputValue ?? ''] : [];
}

/** Makes the Flink application by the API, as CloudFormation would. */
export async function makeApplication(moto: Moto, name: string): Promise<void> {
  const role = 'arn:aws:iam::123456789012:role/job';
  await moto.aws(
    'kinesisanalyticsv2',
    'create-application',
    '--application-name',
    name,
    '--runtime-environment',
    'FLINK-2_2',
    '--service-execution-role',
    role,
  );
}
