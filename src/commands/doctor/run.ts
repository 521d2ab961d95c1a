import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { inspect, type StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import { jsonLine } from '../../text/printable.ts';
import { contractOf } from '../shared/contract.ts';
import type { DoctorValues } from './flags.ts';

/** Each connection and each of the runtime's own files takes one. */
const FEWEST_FILES = 1_024;

/** What a run needs, looked at piece by piece; the first failure gives the exit code. */
export async function doctor(values: DoctorValues, runtime: Runtime): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const print = async (finding: StreamCheck): Promise<void> => {
    if (values.output === 'human') await runtime.out.print(...linesOf(finding));
    else await runtime.out.write(jsonLine(runtime.secrets.redactedTexts(jsonOf(finding))));
    const { problem } = finding;
    if (problem instanceof FraudstreamError && code === exitCodes.ok) code = problem.exitCode;
  };
  await print(await openFiles());
  for await (const finding of findings(values, runtime)) await print(finding);
  return code;
}

async function* findings(values: DoctorValues, runtime: Runtime): AsyncGenerator<StreamCheck> {
  const { stack, requestTimeout, connectTimeout } = values;
  // What is wrong with the contract ends the run before any wait.
  const contract = await contractOf(values);
  const settings = {
    ...values,
    requestTimeoutMs: requestTimeout,
    connectTimeoutMs: connectTimeout,
  };
  if (stack === undefined) {
    yield* inspect(settings, runtime.clock);
    if (!contract) return;
    const { inspectContract } = await import('./contract.ts');
    yield* inspectContract(contract, values, runtime);
  } else {
    const { inspectStack } = await import('./stack.ts');
    yield* inspectStack(stack, settings, runtime, contract);
  }
}

async function openFiles(): Promise<StreamCheck> {
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n']).catch(() => ({
    stdout: '',
  }));
  const limit = stdout.trim() === 'unlimited' ? Number.POSITIVE_INFINITY : Number(stdout);
  if (stdout === '') return { subject: 'open files', found: 'the limit is not known here' };
  const found = `at most ${stdout.trim()}`;
  if (limit >= FEWEST_FILES) return { subject: 'open files', found };
  return { subject: 'open files', found, problem: `Raise it: ulimit -n ${FEWEST_FILES}` };
}

function linesOf({ subject, found, problem }: StreamCheck): readonly string[] {
  const mark = problem === undefined ? 'ok' : problem instanceof Error ? 'FAILED' : 'doubtful';
  const advice = problem === undefined ? [] : [`${''.padEnd(24)}${adviceOf(problem)}`];
  return [`${mark.padEnd(10)}${subject.padEnd(14)}${found}`, ...advice];
}

function jsonOf({ subject, found, problem }: StreamCheck): object {
  const advice = problem === undefined ? {} : { problem: adviceOf(problem) };
  const isFailed = problem instanceof Error;
  return { subject, found, is_failed: isFailed, ...advice };
}

function adviceOf(problem: unknown): string {
  return messageOf(problem);
}
