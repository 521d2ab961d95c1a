import {
  type ReportDocument,
  SCHEMA_VERSION,
} from '../../../reporting/document/report-document.ts';
import { shownDocument } from '../../../reporting/document/shown-document.ts';
import { jsonLine } from '../../../reporting/printable.ts';
import { snakeCased } from '../../../reporting/snake-case.ts';
import type { Outside } from '../../outside.ts';
import { type LiveServer, openLive } from '../live/live-server.ts';
import type { Session } from './session.ts';
import { momentOf } from './session-progress.ts';

/** The live view of a session, told on stderr; nothing without a port. */
export async function sessionLive(
  session: Session,
  port: number | undefined,
  { clock, err, about, secrets }: Pick<Outside, 'clock' | 'err' | 'about' | 'secrets'>,
): Promise<LiveServer | undefined> {
  if (port === undefined) return undefined;
  const { reportPage } = await import('../../../reporting/html/report-page.ts');
  const { reportPageParts } = await import('../reports/page-parts.ts');
  const parts = reportPageParts();
  const moment = momentOf(session, clock);
  const document = (): ReportDocument => {
    const head = { schemaVersion: SCHEMA_VERSION, command: 'run', toolVersion: about?.version };
    const origin = { environment: about?.environment, configuration: about?.configuration };
    const figures = session.summary(clock.now(), true);
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
