import { FraudstreamError } from '../../errors.ts';
import { featureNames } from '../../features/manifest.ts';
import type { StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import { scoringErrorOf } from '../../scoring/errors.ts';
import { scoresOf } from '../../scoring/request/parse-answer.ts';
import type { Reply, ScoreClient } from '../../scoring/score-client.ts';
import type { Clock } from '../../stream/clock.ts';

/** An endpoint that scores one row: the URL of an API, or a SageMaker endpoint by its name. */
export interface InspectScoringSettings {
  readonly url?: string | undefined;
  readonly endpointName?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const subject = 'scoring';

/** Scores one row without known features, as a run does. */
export async function inspectScoring(
  settings: InspectScoringSettings,
  clock: Clock,
): Promise<StreamCheck> {
  const name = settings.url ?? `SageMaker endpoint ${settings.endpointName}`;
  try {
    const begun = clock.now();
    const reply = await replyOf(settings, clock);
    return findingOf(name, reply, clock.now() - begun);
  } catch (problem) {
    return { subject, found: `${name} not usable`, problem };
  }
}

async function replyOf(settings: InspectScoringSettings, clock: Clock): Promise<Reply> {
  const { requestTimeoutMs } = settings;
  const client = await opened(settings, clock);
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

async function opened(settings: InspectScoringSettings, clock: Clock): Promise<ScoreClient> {
  const { sageMakerClient, urlClient } = await import('../../scoring/clients/open-client.ts');
  const { url, endpointName = '', endpointUrl, region, profile, connectTimeoutMs } = settings;
  const form = { contentType: 'text/csv', accept: 'text/csv', header: new Map<string, string>() };
  const common = { ...form, region, profile, connections: 1, connectTimeoutMs } as const;
  return url === undefined
    ? sageMakerClient({ ...common, endpointName, endpointUrl, transport: 'fast' }, clock)
    : urlClient({ ...common, url, auth: 'auto' }, clock);
}

function findingOf(name: string, reply: Reply, tookMs: number): StreamCheck {
  const trouble = scoringErrorOf(reply);
  if (trouble === undefined && 'body' in reply) {
    const reading = scoresOf(reply.contentType, reply.body, 1, undefined);
    if ('problem' in reading) return { subject, found: name, problem: reading.problem };
    const [score = Number.NaN] = reading.scores;
    const found = `${name} scored a row without features: ${score.toFixed(4)} in ${tookMs.toFixed(0)} ms`;
    return { subject, found };
  }
  const reason = trouble?.reason ?? 'no answer';
  // A model of other features refuses the row, which shows that it is there.
  if (trouble?.isRowFault) {
    const problem = `It answers, but its model takes other rows than those of fraudstream (${reason}).`;
    return { subject, found: name, problem };
  }
  const code = trouble?.endsRun ?? 'unreachable';
  const message = `It does not score: ${reason}.`;
  return { subject, found: name, problem: new FraudstreamError(code, message) };
}
