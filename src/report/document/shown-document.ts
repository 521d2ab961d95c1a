import { printable } from '../../text/printable.ts';
import { withTexts } from '../../text/secrets.ts';
import type { ReportDocument } from './report-document.ts';

/**
 * Returns a report whose texts are safe in any form: error texts of endpoints, reasons of dead letters,
 * ids, names of files and streams come from outside, as does a whole report that is read from a file.
 *
 * Each form still escapes what means something to itself.
 */
export function shownDocument(document: ReportDocument): ReportDocument {
  return withTexts(document, printable);
}
