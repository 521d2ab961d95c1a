import { Delivery } from '../metrics/delivery.ts';
import { EndToEnd, type EndToEndSettings } from '../metrics/end-to-end.ts';
import type { LatencySummary } from '../metrics/latency.ts';
import { type Load, LoadGeneratorHealth } from '../metrics/load-generator-health.ts';
import type { CorrelationCounts, Match } from '../metrics/match.ts';
import { Pauses } from '../metrics/pauses.ts';
import type { ArrivalTime, SessionSummary } from '../metrics/session-summary.ts';
import { Stages } from '../metrics/stages.ts';
import { Tally } from '../metrics/tally.ts';
import { TimeSeries } from '../metrics/time-series.ts';
import { VerdictChecks } from '../metrics/verdict-checks.ts';
import type { Stage } from '../pacing/pacer.ts';
import type { Receipt, RequestTrace } from '../transactions/user-record.ts';
import type { Verdict } from '../transactions/verdict.ts';
import { Correlation, type CorrelationSettings } from './correlation/correlation.ts';
import type { SeenVerdict, SentTransaction } from './correlation/sent-table.ts';

/** Records of the verdict stream that are no verdicts, shown with the reason. */
const EXAMPLES = 10;

/** What a session is judged by. */
export interface SessionSettings extends EndToEndSettings, CorrelationSettings {
  readonly warmUpMs: number;
  readonly isPaced: boolean;
  readonly stages: readonly Stage[] | undefined;
  /** The names of conditions that verdicts are checked by. */
  readonly checks?: readonly string[];
}

/** What a session has counted so far: cheap enough to be asked for many times a second. */
export interface SessionProgress {
  /** User records that were acknowledged, and that were given up. */
  readonly accepted: number;
  readonly failed: number;
  readonly correlation: CorrelationCounts;
  readonly endToEnd: LatencySummary;
}

/** A verdict that was read; `threshold` is the one that it was judged by, `checks` the results of its conditions. */
export type ReadVerdict = Omit<SeenVerdict, 'isOutOfRange'> &
  Partial<Pick<Verdict, 'threshold'>> & { readonly checks?: readonly boolean[] };

/**
 * The state of one test of a pipeline: what was sent, acknowledged, and said about it.
 *
 * The driver and the readers report events to it in whichever order they come; nobody else changes
 * it. Instants are epoch milliseconds UTC.
 */
export class Session {
  readonly #correlation: Correlation;
  readonly #endToEnd: EndToEnd;
  readonly #delivery = new Delivery();
  readonly #generator: LoadGeneratorHealth;
  readonly #pauses = new Pauses();
  readonly #rejects = new Tally();
  readonly #readErrors = new Tally();
  readonly #series = new TimeSeries('put to verdict');
  readonly #stages: Stages | undefined;
  readonly #warmUpMs: number;
  #foreignRejects = 0;
  #repeatedRejects = 0;
  readonly #checks: VerdictChecks;
  readonly #unreadExamples: string[] = [];
  #unreadVerdicts = 0;
  #redelivered = 0;
  #backlog = 0;
  #outOfRangeVerdicts = 0;
  #outOfRangeRejects = 0;
  #arrival: ArrivalTime = { of: 'service', resolutionMs: 1 };
  #startedAt = Number.NaN;
  #paceFrom = Number.NaN;
  #lastVerdictAt = Number.NaN;
  #putEndedAt = Number.NaN;

  /** `onMatch` gets each transaction with its first verdict. */
  constructor(settings: SessionSettings, onMatch: (match: Match) => void = () => undefined) {
    const endToEnd = new EndToEnd(settings);
    this.#endToEnd = endToEnd;
    this.#correlation = new Correlation(
      settings,
      (match) => {
        endToEnd.add(match);
        this.#addToSeries(match);
        onMatch(match);
      },
      endToEnd.addUnjudged,
    );
    this.#generator = new LoadGeneratorHealth(settings.isPaced);
    this.#warmUpMs = settings.warmUpMs;
    this.#checks = new VerdictChecks(settings.checks ?? []);
    this.#stages = settings.stages && new Stages(settings.stages);
  }

  /** When the first record could leave; NaN before. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** When the last verdict about a transaction of this session was read; NaN before the first. */
  get lastVerdictAt(): number {
    return this.#lastVerdictAt;
  }

  /** Transactions that may still get a verdict. */
  get outstanding(): number {
    return this.#correlation.outstanding;
  }

  /** Where the arrival of the verdicts is taken from. */
  arrivesBy(arrival: ArrivalTime): void {
    this.#arrival = arrival;
  }

  /** Everything is ready: records leave from now on. */
  start(now: number): void {
    this.#startedAt = now;
  }

  /** A transaction leaves; comes before its receipt and its verdict. */
  sent(transaction: SentTransaction, now: number): void {
    // The pace begins with its first record, a little later than the run.
    if (Number.isNaN(this.#paceFrom)) {
      this.#paceFrom = transaction.dueAt;
      this.#endToEnd.measureFrom(this.#measuredFrom);
      this.#delivery.measureFrom(this.#measuredFrom);
    }
    this.#correlation.sent(transaction);
    this.#series.add(transaction.dueAt, 'due');
    this.#series.add(now, 'achieved');
    this.#stages?.addSent(transaction.dueAt - this.#paceFrom);
  }

  /** A group of sent transactions was handed to the producer. */
  left(group: readonly { readonly dueAt: number }[], now: number): void {
    this.#generator.left(group, now, this.#measuredFrom);
  }

  /** The producer took no records for so long, because the stream took none. */
  addBlocked(ms: number): void {
    this.#generator.addBlocked(ms);
  }

  /** One PutRecords call is over. */
  addRequest(trace: RequestTrace): void {
    this.#delivery.addRequest(trace);
  }

  /** Puts were acknowledged, or given up. */
  acknowledged(receipts: readonly Receipt[]): void {
    this.#delivery.add(receipts);
    for (const { id, acknowledgedAt, isAccepted, attempts } of receipts) {
      this.#correlation.acknowledged(id, acknowledgedAt, isAccepted, attempts.length > 1);
    }
  }

  /** The last receipt has come. */
  putEnded(now: number): void {
    this.#putEndedAt = now;
  }

  /** A verdict was read. `isInRange`: a KCL reader would have seen it too. */
  verdict({ threshold, checks, ...seen }: ReadVerdict, isInRange: boolean): void {
    if (!isInRange) this.#outOfRangeVerdicts += 1;
    if (threshold !== undefined) this.#endToEnd.noteThreshold(threshold);
    const isOurs = this.#correlation.judged({ ...seen, isOutOfRange: !isInRange });
    // Verdicts about what others sent neither end nor prolong the drain.
    if (!isOurs) return;
    this.#lastVerdictAt = seen.readAt;
    if (checks) this.#checks.add(seen.id, checks);
  }

  /** A record of the verdict stream was read that is no verdict; `reason` says why. */
  unreadVerdict(reason?: string): void {
    this.#unreadVerdicts += 1;
    if (reason !== undefined && this.#unreadExamples.length < EXAMPLES) {
      this.#unreadExamples.push(reason);
    }
  }

  /** A dead letter was read; `id` is that of its transaction, if it names one. */
  rejected(id: string | undefined, reason: string, isInRange: boolean): void {
    if (!isInRange) this.#outOfRangeRejects += 1;
    const kind = id === undefined ? 'foreign' : this.#correlation.rejected(id);
    if (kind === 'foreign') this.#foreignRejects += 1;
    if (kind === 'again') this.#repeatedRejects += 1;
    else this.#rejects.add(reason);
  }

  /** A read of the verdicts or dead letters failed, and is repeated. */
  readFailed(code: string): void {
    this.#readErrors.add(code);
  }

  /** A queue delivered once more what it had delivered before: no duplicate of the pipeline. */
  redelivered(): void {
    this.#redelivered += 1;
  }

  /** A record was in the queue before the run began. */
  backlog(): void {
    this.#backlog += 1;
  }

  /** How hard this process has worked since the last load. */
  addLoad(load: Load): void {
    this.#generator.addLoad(load);
    this.#pauses.add(load);
  }

  /** Notes what is overdue, and forgets what is too old; to be called about once a second. */
  tick(now: number): void {
    this.#correlation.tick(now);
  }

  /** Nothing more comes: what is outstanding is missing, or never reached the stream. */
  close(): void {
    this.#correlation.close();
  }

  progress(): SessionProgress {
    return {
      accepted: this.#delivery.accepted,
      failed: this.#delivery.failed,
      correlation: this.#correlation.summary(),
      endToEnd: this.#endToEnd.summary(false).endToEnd,
    };
  }

  /** All figures so far. */
  summary(now: number): SessionSummary {
    const { endToEnd, fromDue, reading, clockSkewMs, ...judged } = this.#endToEnd.summary();
    const endAt = Number.isNaN(this.#putEndedAt) ? now : this.#putEndedAt;
    return {
      delivery: this.#delivery.summary((endAt - this.#startedAt) / 1000),
      correlation: this.#correlation.summary(),
      latency: { endToEnd, fromDue, reading, clockSkewMs },
      arrival: this.#arrival,
      ...judged,
      series: this.#series.summary(),
      stages: this.#stages?.summary(),
      rejectsByReason: this.#rejects.summary(),
      foreignRejects: this.#foreignRejects,
      repeatedRejects: this.#repeatedRejects,
      readErrors: this.#readErrors.summary(),
      unreadVerdicts: this.#unreadVerdicts,
      ...(this.#unreadExamples.length > 0 && {
        unreadVerdictExamples: [...this.#unreadExamples],
      }),
      checks: this.#checks.summary(),
      redeliveredRecords: this.#redelivered,
      backlogRecords: this.#backlog,
      outOfRangeVerdicts: this.#outOfRangeVerdicts,
      outOfRangeRejects: this.#outOfRangeRejects,
      generator: this.#generator.summary(),
      pauses: this.#pauses.summary(),
      drainMs: Math.max(0, this.#lastVerdictAt - this.#putEndedAt),
    };
  }

  /** What is due from here on is measured; before the first record that is everything. */
  get #measuredFrom(): number {
    const from = this.#paceFrom + this.#warmUpMs;
    return Number.isNaN(from) ? Number.NEGATIVE_INFINITY : from;
  }

  #addToSeries({ dueAt, acknowledgedAt, arrivedAt, error }: Match): void {
    if (error !== undefined) {
      this.#series.add(dueAt, 'errors');
      return;
    }
    this.#series.add(arrivedAt, 'matched');
    if (!Number.isNaN(acknowledgedAt)) this.#series.addLatency(dueAt, arrivedAt - acknowledgedAt);
    this.#stages?.addResponse(dueAt - this.#paceFrom, arrivedAt - dueAt);
  }
}

/** A summary of nothing with every figure in it: the names that thresholds may use. */
export function emptySummary(settings: SessionSettings): SessionSummary {
  const session = new Session(settings);
  const unknown = { isFraud: false, scenario: undefined, country: undefined };
  session.sent({ id: '', cardId: '', dueAt: 0, expected: 0, ...unknown }, 0);
  const times = { eventAt: 0, arrivedAt: 0, readAt: 0 };
  const scores = { score: 0, recomputed: 0, error: undefined, threshold: 0.5 };
  session.verdict({ id: '', cardId: '', ...times, ...scores }, true);
  session.close();
  return session.summary(0);
}
