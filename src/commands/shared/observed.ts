import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { type ReportDocument, SCHEMA_VERSION } from '../../report/document/report-document.ts';
import { shownDocument } from '../../report/document/shown-document.ts';
import { type Metric, metricsOf, progressMetricsOf } from '../../report/export/metrics.ts';
import { type LiveServer, openLive } from '../../report/live-server.ts';
import { type MetricsServer, openMetrics } from '../../report/metrics-server.ts';
import type { OtlpPush } from '../../report/otlp-push.ts';
import { otlpSettings, otlpVariable } from '../../report/otlp-settings.ts';
import { momentLine, type ProgressMoment, shareOf } from '../../report/progress.ts';
import { jsonLine } from '../../text/printable.ts';
import type { observedSettings } from './flags/run-flags.ts';

/** The flags by which a run is watched from outside. */
export type ObservedValues = Values<typeof observedSettings>;

/** A run as it goes on: its figures, and its progress of so many records where that is known. */
export interface ObservedRun {
  readonly figures: () => object;
  /** Moments say the rate since the last one: each who asks has one of its own. */
  readonly newMoment: () => ProgressMoment;
  readonly total: number | undefined;
}

/** What a command says to those who watch it. */
export interface Observers {
  /** The run begins. */
  watch(run: ObservedRun): void;
}

/**
 * Runs a command with the servers of `--live` and `--metrics` and the push of `--otlp`, whose URLs are printed on
 * stderr.
 *
 * They have the figures so far, and at the end the report and its outcome. The command has to use the
 * runtime that it is given, by which its report becomes known.
 */
export async function observed<Result>(
  command: string,
  { live: livePort, metrics: metricsPort, otlp: collector }: ObservedValues,
  runtime: Runtime,
  run: (observers: Observers, runtime: Runtime) => Promise<Result>,
): Promise<Result> {
  const isPushed = collector !== undefined || otlpVariable(runtime.env) !== undefined;
  if (livePort === undefined && metricsPort === undefined && !isPushed)
    return run({ watch: () => undefined }, runtime);
  const view = new RunView(command, runtime);
  const live = livePort === undefined ? undefined : await openLivePage(livePort, view, runtime);
  let metrics: MetricsServer | undefined;
  let otlp: OtlpPush | undefined;
  try {
    if (metricsPort !== undefined) {
      metrics = await openMetricsPage(metricsPort, view);
      await runtime.err.print(`Metrics at ${metrics.url}`);
    }
    if (isPushed) otlp = await openPush(collector, view, runtime);
    return await run(view, { ...runtime, onReport: view.end });
  } finally {
    await Promise.all([live?.close(view.verdict), metrics?.close(), otlp?.close()]);
  }
}

async function openLivePage(port: number, view: RunView, { err }: Runtime): Promise<LiveServer> {
  const { reportPage } = await import('../../report/html/report-page.ts');
  const { reportPageParts } = await import('../../report/html/page-assets.ts');
  const parts = reportPageParts();
  const server = await openLive(port, {
    line: () => view.line,
    json: () => jsonLine(view.document),
    html: () => reportPage(shownDocument(view.document), parts),
  });
  await err.print(`Live at ${server.url}`);
  return server;
}

async function openMetricsPage(port: number, view: RunView): Promise<MetricsServer> {
  const { prometheusText } = await import('../../report/export/prometheus.ts');
  return openMetrics(port, () => prometheusText(view.metrics));
}

/**
 * Opens the push to the collector of `--otlp`, or of the variables of OpenTelemetry.
 *
 * Those may be set for other programs: what is wrong with them is a warning.
 */
async function openPush(
  collector: string | undefined,
  view: RunView,
  { env, err, clock, about }: Runtime,
): Promise<OtlpPush | undefined> {
  const { openOtlpPush } = await import('../../report/otlp-push.ts');
  const warn = (line: string): void => void err.print(`Warning: ${line}`);
  try {
    const settings = otlpSettings(collector, env);
    if (!settings) return undefined;
    const push = await openOtlpPush(settings, {
      version: about?.version ?? 'unknown',
      metrics: () => view.metrics,
      now: () => clock.now(),
      warn,
    });
    const seconds = settings.intervalMs / 1000;
    await err.print(`Metrics go to ${settings.url} every ${seconds} s`);
    return push;
  } catch (error) {
    if (collector !== undefined || !(error instanceof FraudstreamError)) throw error;
    warn(`${error.message} ${otlpVariable(env)} is set; unset it to push nothing.`);
    return undefined;
  }
}

/** The state of a run for those who watch it. */
class RunView implements Observers {
  readonly command: string;
  readonly #runtime: Runtime;
  readonly #startedAt: number;
  #run: ObservedRun | undefined;
  #lineMoment: ProgressMoment | undefined;
  #shareMoment: ProgressMoment | undefined;
  #report: ReportDocument | undefined;

  constructor(command: string, runtime: Runtime) {
    this.command = command;
    this.#runtime = runtime;
    this.#startedAt = runtime.clock.now();
  }

  watch(run: ObservedRun): void {
    this.#run = run;
    this.#lineMoment = run.newMoment();
    this.#shareMoment = run.newMoment();
  }

  /** The report has been made. */
  readonly end = (report: ReportDocument): void => {
    this.#report = report;
  };

  get document(): ReportDocument {
    if (this.#report) return this.#report;
    const { about, secrets, clock } = this.#runtime;
    const { version: toolVersion, commandLine } = about ?? {};
    const head = {
      ...{ schemaVersion: SCHEMA_VERSION, command: this.command, toolVersion, commandLine },
      startedAt: new Date(this.#startedAt).toISOString(),
      durationSeconds: (clock.now() - this.#startedAt) / 1000,
    };
    const origin = { environment: about?.environment, configuration: about?.configuration };
    const report = snakeCased({ ...head, ...this.#run?.figures(), ...origin });
    return secrets.redactedTexts(report as unknown as ReportDocument);
  }

  /** The figures of this moment. */
  get line(): string {
    if (!this.#lineMoment) return 'starting';
    return momentLine(this.#lineMoment(), this.#run?.total, this.#elapsedMs);
  }

  /** The figures so far and the progress, as metrics. */
  get metrics(): readonly Metric[] {
    const share = this.#shareMoment && shareOf(this.#shareMoment().done, this.#run?.total);
    const progress = { elapsedMs: this.#elapsedMs, share };
    const figures = metricsOf(shownDocument(this.document));
    return [...progressMetricsOf(this.command, progress), ...figures];
  }

  /** How the run ended, as one line. */
  get verdict(): string {
    const { outcome } = this.#report ?? {};
    if (!outcome) return 'Ended without a report';
    const word = outcome.passed ? 'Passed' : 'Failed';
    const reasons = outcome.reasons.length > 0 ? `: ${outcome.reasons.join('; ')}` : '';
    return `${word}, exit code ${outcome.exit_code}${reasons}`;
  }

  get #elapsedMs(): number {
    return this.#runtime.clock.now() - this.#startedAt;
  }
}
