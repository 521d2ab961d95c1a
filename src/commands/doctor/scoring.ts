import { FraudstreamError } from '../../errors.ts';
import { featureNames } from '../../features/manifest.ts';
import type { StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import { scoringErrorOf } from '../../scoring/errors.ts';
import { scoresOf } from '../../scoring/request/parse-answer.ts';
import type { Reply } from '../../scoring/score-client.ts';
import type { Clock } from '../../stream/clock.ts';

/** Where a row is scored for a try. */
export interface InspectScoringSettings {
  readonly url: string;
  readonly region: string;
  readonly profile?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const subject = 'scoring';

/** Scores one row of which nothing is known, through the API, as the job does. */
export async function inspectScoring(
  settings: InspectScoringSettings,
  clock: Clock,
): Promise<StreamCheck> {
  const { url } = settings;
  try {
    const begun = clock.now();
    const reply = await replyOf(settings, clock);
    return findingOf(url, reply, clock.now() - begun);
  } catch (problem) {
    return { subject, found: `${url} not usable`, problem };
  }
}

async function replyOf(settings: InspectScoringSettings, clock: Clock): Promise<Reply> {
  const { gatewayTarget } = await import('../../scoring/clients/request-targets.ts');
  const { fastClient } = await import('../../scoring/clients/fast-client.ts');
  const { url, region, profile, requestTimeoutMs, connectTimeoutMs } = settings;
  const form = { contentType: 'text/csv', accept: 'text/csv', header: new Map<string, string>() };
  const target = await gatewayTarget({ ...form, url, region, profile, auth: 'auto' }, clock);
  const client = await fastClient(target, { connections: 1, connectTimeoutMs, profile }, clock);
  try {
    const call = client.invoke(Buffer.from(','.repeat(featureNames.length - 1)));
    const stop = new AbortController();
    const late = clock.sleep(requestTimeoutMs, stop.signal);
    void late.then(() => call.abort('timeout', `no answer in ${requestTimeoutMs} ms`));
    const reply = await call.reply;
    stop.abort();
    return reply;
  } finally {
    await client.close();
  }
}

function findingOf(url: string, reply: Reply, tookMs: number): StreamCheck {
  const trouble = scoringErrorOf(reply);
  if (trouble === undefined && 'body' in reply) {
    const reading = scoresOf(reply.contentType, reply.body, 1, undefined);
    if ('problem' in reading) return { subject, found: url, problem: reading.problem };
    const [score = Number.NaN] = reading.scores;
    const found = `${url} scored a row of unknowns ${score.toFixed(4)} in ${tookMs.toFixed(0)} ms`;
    return { subject, found };
  }
  const reason = trouble?.reason ?? 'no answer';
  // A model of other features refuses the row, which shows that it is there.
  if (trouble?.isRowFault) {
    const problem = `It answers, but its model takes other rows than those of fraudstream (${reason}).`;
    return { subject, found: url, problem };
  }
  const code = trouble?.endsRun ?? 'unreachable';
  const message = `It does not score: ${reason}.`;
  return { subject, found: url, problem: new FraudstreamError(code, message) };
}
