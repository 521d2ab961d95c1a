import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { BadLine } from '../../files/transaction-input.ts';
import type { Outcome } from '../../records/outcome.ts';
import { rejectionOf, unreadable } from '../../records/rejection.ts';
import { verdictLine } from '../../records/verdict.ts';
import { count } from '../../reporting/format.ts';
import { Scoring } from '../../reporting/scoring.ts';
import { scoringText } from '../../reporting/scoring-text.ts';
import { candidates } from '../../scoring/candidates.ts';
import type { ScoreClient } from '../../scoring/clients/client.ts';
import { score as scoreAll } from '../../scoring/score.ts';
import { verdictOf } from '../../scoring/verdict-of.ts';
import type { Outside } from '../outside.ts';
import { paced, plannedCount } from './paced.ts';
import { writeReport } from './report.ts';
import { featuresOf, formOf, settingsOf } from './scoring/chosen.ts';
import { scoreProgress } from './scoring/score-progress.ts';
import type { ScoreValues } from './scoring/score-values.ts';
import { openSinks, type Sinks } from './scoring/sinks.ts';
import { openTarget } from './scoring/target.ts';
import { openSource, type Source } from './source.ts';

/** One run of `score`, its ends open. */
interface Run {
  readonly source: Source;
  readonly client: ScoreClient;
  readonly sinks: Sinks;
  readonly values: ScoreValues;
  readonly outside: Outside;
}

/** Source to endpoint: paced, with features, scored; every transaction's verdict is written. */
export async function score(values: ScoreValues, outside: Outside): Promise<ExitCode> {
  const client = await openTarget(values, outside.clock);
  try {
    const sinks = await openSinks(values, outside);
    const reject = sinks.reject(({ bytes, file, line, field, reason }: BadLine) =>
      unreadable(bytes, `${file}:${line}: ${field} ${reason}`, outside.clock.now()),
    );
    const source = await openSource({ ...values, rejects: undefined }, outside, { reject });
    return await deliver({ source, client, sinks, values, outside });
  } finally {
    await client.close();
  }
}

async function deliver(run: Run): Promise<ExitCode> {
  const { source, client, sinks, values, outside } = run;
  const { clock } = outside;
  const startedAt = clock.now();
  const scoring = new Scoring(startedAt, values.warmUp);
  const shown = scoreProgress(scoring, plannedCount(paceOf(values)), values, outside);
  const { broken, breaker } = await scoreEach(run, scoring).finally(() => shown.stop());
  await sinks.end();
  const now = clock.now();
  const openMs = breaker?.openMs(now) ?? 0;
  const opened = { opens: breaker?.opens ?? 0, openMs };
  const summary = scoring.summary((now - startedAt) / 1000, opened);
  if (!broken || summary.transactions > 0) {
    const figures = {
      startedAt: new Date(startedAt).toISOString(),
      endpoint: { place: client.place, transport: values.transport },
      source: { ...source.origin, rejectedLines: source.rejected() },
      scoring: summary,
    };
    const text = [...titleOf(run), ...scoringText(summary)];
    await writeReport('score', figures, text, { ...values, output: sinks.output }, outside);
  }
  if (broken) throw broken.by;
  const ended = scoring.failed + scoring.unscored > 0 ? exitCodes.undelivered : exitCodes.held;
  return strongest(ended, source.rejected() > 0 ? exitCodes.badData : exitCodes.held);
}

interface Ending {
  readonly broken: { readonly by: unknown } | undefined;
  readonly breaker: { readonly opens: number; openMs(now: number): number } | undefined;
}

/** Scores everything; an error that ends it comes back, because the report comes before it. */
async function scoreEach(
  { source, client, sinks, values, outside }: Run,
  scoring: Scoring,
): Promise<Ending> {
  const { clock, random } = outside;
  const means = { clock, random, observe: scoring.addRequest.bind(scoring) };
  const records = paced(source.groups, paceOf(values), outside);
  const due = candidates(records, featuresOf(values), Number.isFinite(values.rate));
  let breaker: Ending['breaker'];
  const told = (scorer: { readonly breaker: Ending['breaker'] }): void => {
    breaker = scorer.breaker;
  };
  try {
    const outcomes = scoreAll(due, client, formOf(values), means, settingsOf(values), told);
    for await (const group of outcomes) {
      scoring.add(group);
      await write(group, sinks, values);
    }
    return { broken: undefined, breaker };
  } catch (by) {
    return { broken: { by }, breaker };
  }
}

async function write(group: readonly Outcome[], sinks: Sinks, values: ScoreValues): Promise<void> {
  const { threshold = 0.5, modelVersion, withFeatures } = values;
  const judge = { threshold, modelVersion, withFeatures };
  await sinks.verdicts.write(
    group.map((outcome) => ({
      id: outcome.candidate.id,
      key: outcome.candidate.cardId,
      line: verdictLine(verdictOf(outcome, judge)),
    })),
  );
  const refused = group.filter(({ error }) => error !== undefined);
  if (refused.length > 0) await sinks.rejects(refused.map(rejectionOf));
}

function paceOf(values: ScoreValues): Parameters<typeof paced>[1] {
  return { ...values, stages: undefined };
}

function titleOf({ source, client }: Run): readonly string[] {
  const { origin } = source;
  const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
  const bad = source.rejected();
  const note = bad > 0 ? [`  ${count(bad)} bad lines of the input were not sent`] : [];
  return [`Scored by ${client.place} from ${from}`, ...note];
}
