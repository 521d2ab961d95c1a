import type { ProfileSummary } from '../../metrics/transaction-profile.ts';
import { count, percent } from '../../text/format.ts';
import { type Section, sections } from '../html/profile-page.ts';
import { table } from './layout.ts';

/** A longer table is for the page, or for a machine. */
const MOST_ROWS = 24;

/** A profile as tables for the terminal. */
export function profileText(profile: ProfileSummary): readonly string[] {
  const share = profile.count === 0 ? 0 : profile.frauds / profile.count;
  const title = `${count(profile.count)} transactions, ${count(profile.frauds)} of them frauds (${percent(share)})`;
  return [title, ...sections(profile).flatMap(sectionText)];
}

function sectionText({ title, headings, rows }: Section): readonly string[] {
  const columns = headings.map((heading, place) => ({ heading, isNumber: place > 0 }));
  const shown = rows.slice(0, MOST_ROWS).map(({ label, cells }) => [label, ...cells]);
  const left = rows.length - shown.length;
  return [
    '',
    title,
    ...table(columns, shown).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${count(left)} more`] : []),
  ];
}
