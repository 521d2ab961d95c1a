import type { ProfileSummary } from '../../metrics/transaction-profile.ts';
import { count, percent } from '../../text/format.ts';
import { type ProfileTable, profileTables } from '../document/profile-tables.ts';
import { table } from './layout.ts';

/** Rows shown of a table; the page has all. */
const MOST_ROWS = 24;

/** Returns a profile as tables for the terminal; the first line is the title. */
export function profileText(profile: ProfileSummary): readonly string[] {
  const share = profile.count === 0 ? 0 : profile.frauds / profile.count;
  const title = `${count(profile.count)} transactions, ${count(profile.frauds)} of them frauds (${percent(share)})`;
  return [title, ...profileTables(profile).flatMap(tableText)];
}

function tableText({ title, headings, rows }: ProfileTable): readonly string[] {
  const columns = headings.map((heading, column) => ({ heading, isNumber: column > 0 }));
  const shown = rows.slice(0, MOST_ROWS).map(({ label, cells }) => [label, ...cells]);
  const left = rows.length - shown.length;
  return [
    '',
    title,
    ...table(columns, shown).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${count(left)} more`] : []),
  ];
}
