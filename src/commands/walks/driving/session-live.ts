import { snakeCased } from '../../../reporting/snake-case.ts';
import type { Outside } from '../../outside.ts';
import { type LiveServer, openLive } from '../live/live-server.ts';
import { textPage } from '../live/text-page.ts';
import type { Session } from './session.ts';
import { momentOf } from './session-progress.ts';
import { sessionText } from './session-text.ts';

/** The live view of a session, told on stderr; nothing without a port. */
export async function sessionLive(
  session: Session,
  port: number | undefined,
  { clock, err }: Pick<Outside, 'clock' | 'err'>,
): Promise<LiveServer | undefined> {
  if (port === undefined) return undefined;
  const moment = momentOf(session, clock);
  const server = await openLive(port, {
    line: () => moment().text,
    json: () =>
      `${JSON.stringify(snakeCased({ schemaVersion: 1, command: 'run', ...session.summary(clock.now(), true) }))}\n`,
    html: async () => textPage('fraudstream run', sessionText(session.summary(clock.now(), true))),
  });
  await err.write(`Live at ${server.url}\n`);
  return server;
}
