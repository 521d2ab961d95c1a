import type { Runtime } from '../../cli/runtime.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import type { Session } from '../../pipeline-test/session.ts';
import { type ReportDocument, SCHEMA_VERSION } from '../../report/document/report-document.ts';
import { shownDocument } from '../../report/document/shown-document.ts';
import { type LiveServer, openLive } from '../../report/live-server.ts';
import { jsonLine } from '../../text/printable.ts';
import { momentOf } from './progress.ts';

/** Serves the live page of a session and prints its URL on stderr; nothing without a port. */
export async function sessionLive(
  session: Session,
  port: number | undefined,
  { clock, err, about, secrets }: Pick<Runtime, 'clock' | 'err' | 'about' | 'secrets'>,
): Promise<LiveServer | undefined> {
  if (port === undefined) return undefined;
  const { reportPage } = await import('../../report/html/report-page.ts');
  const { reportPageParts } = await import('../../report/html/page-assets.ts');
  const parts = reportPageParts();
  const moment = momentOf(session, clock);
  const document = (): ReportDocument => {
    const head = { schemaVersion: SCHEMA_VERSION, command: 'run', toolVersion: about?.version };
    const origin = { environment: about?.environment, configuration: about?.configuration };
    const figures = session.summary(clock.now());
    const report = snakeCased({ ...head, ...figures, ...origin }) as unknown as ReportDocument;
    return secrets.redactedTexts(report);
  };
  const server = await openLive(port, {
    line: () => moment().text,
    json: () => jsonLine(document()),
    html: () => reportPage(shownDocument(document()), parts),
  });
  await err.print(`Live at ${server.url}`);
  return server;
}
