import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { inspect, type StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import { kinesisAddress } from '../../kinesis/client/stream-client.ts';
import { jsonLine } from '../../text/printable.ts';
import { contractOf } from '../shared/contract.ts';
import type { DoctorValues } from './flags.ts';
import { inspectMachine } from './machine.ts';
import { ofStreamAlone } from './of-stream-alone.ts';

type Outcome = 'passed' | 'doubtful' | 'failed';

const marks: Readonly<Record<Outcome, string>> = { passed: '✓', doubtful: '!', failed: '✗' };

/** Checks everything that a run needs; the first failure gives the exit code. */
export async function doctor(values: DoctorValues, runtime: Runtime): Promise<ExitCode> {
  const { out, secrets } = runtime;
  const { output } = values;
  const checks: StreamCheck[] = [];
  for await (const check of checksOf(values, runtime)) {
    checks.push(check);
    if (output === 'human') await out.print(...linesOf(check));
    if (output === 'ndjson') await out.write(jsonLine(secrets.redactedTexts(jsonOf(check))));
  }
  const code = exitCodeOf(checks);
  if (output === 'human') await out.print(summaryOf(checks));
  if (output === 'json') {
    const document = { passed: code === exitCodes.ok, exit_code: code, checks: checks.map(jsonOf) };
    await out.write(jsonLine(secrets.redactedTexts(document)));
  }
  return code;
}

async function* checksOf(values: DoctorValues, runtime: Runtime): AsyncGenerator<StreamCheck> {
  const { stack, requestTimeout, connectTimeout, kinesisEndpointUrl: endpointUrl } = values;
  // What is wrong with the contract ends the run before any wait.
  const contract = await contractOf(values);
  const settings = {
    ...values,
    endpointUrl,
    requestTimeoutMs: requestTimeout,
    connectTimeoutMs: connectTimeout,
  };
  // What a run calls, as far as it is known before the region is.
  const addresses = [await kinesisAddress(settings), values.url];
  yield* inspectMachine(
    runtime.about?.environment?.node,
    addresses.filter((address) => address !== undefined),
  );
  if (stack !== undefined) {
    const { inspectStack } = await import('./stack.ts');
    yield* inspectStack(stack, settings, runtime, contract);
    return;
  }
  const { stream, verdictStream, rejectStream, rate: perSecond } = values;
  yield* inspect(settings, runtime.clock, { does: 'put', perSecond });
  const others = { '--verdict-stream': verdictStream, '--reject-stream': rejectStream };
  for (const [flag, name] of Object.entries(others)) {
    if (name === undefined || name === stream) continue;
    const flags = { stream: flag, endpointUrl: '--kinesis-endpoint-url' };
    yield* ofStreamAlone({ ...settings, stream: name, flags }, runtime, { does: 'read' });
  }
  const { endpointName, url, sagemakerEndpointUrl } = values;
  if (endpointName !== undefined || url !== undefined) {
    const { inspectScoring } = await import('./scoring.ts');
    yield await inspectScoring({ ...settings, endpointUrl: sagemakerEndpointUrl }, runtime.clock);
  }
  if (!contract) return;
  const { inspectContract } = await import('./contract.ts');
  yield* inspectContract(contract, values, runtime);
}

function exitCodeOf(checks: readonly StreamCheck[]): ExitCode {
  const failure = checks.find(({ problem }) => problem instanceof Error)?.problem;
  if (failure === undefined) return exitCodes.ok;
  return failure instanceof FraudstreamError ? failure.exitCode : exitCodes.bug;
}

function outcomeOf({ problem }: StreamCheck): Outcome {
  if (problem === undefined) return 'passed';
  return problem instanceof Error ? 'failed' : 'doubtful';
}

function linesOf(check: StreamCheck): readonly string[] {
  const { subject, found, problem } = check;
  const line = `${marks[outcomeOf(check)]} ${subject.padEnd(13)}${found}`;
  return problem === undefined ? [line] : [line, `${''.padEnd(15)}${messageOf(problem)}`];
}

function summaryOf(checks: readonly StreamCheck[]): string {
  const of = (outcome: Outcome): string =>
    `${checks.filter((check) => outcomeOf(check) === outcome).length} ${outcome}`;
  return `${checks.length} checks: ${of('passed')}, ${of('doubtful')}, ${of('failed')}`;
}

function jsonOf(check: StreamCheck): object {
  const { subject, found, problem } = check;
  const advice = problem === undefined ? {} : { problem: messageOf(problem) };
  return { subject, found, outcome: outcomeOf(check), ...advice };
}
