import type { ReportDocument } from '../document/report-document.ts';
import { fraction, ratio } from '../document/views.ts';
import { count } from '../format.ts';
import { section, table } from './elements.ts';
import { escaped } from './shell.ts';
import { countryName, type WorldMap, worldMap } from './world-map.ts';

/** Rows of countries that are told; the map has all. */
const COUNTRIES = 12;

export function mapSection({ countries = [] }: ReportDocument, map: WorldMap): string {
  const defrauded = countries
    .filter(({ frauds }) => frauds > 0)
    .sort((a, b) => b.frauds - a.frauds);
  if (defrauded.length === 0) return '';
  const rows = defrauded
    .slice(0, COUNTRIES)
    .map(({ country, frauds, found }) => [
      countryName(country),
      ...[count(frauds), count(found), ratio(found / frauds)],
    ]);
  return section(
    'Frauds on the map',
    worldMap(defrauded, map),
    table(['Country of the merchant', 'frauds', 'found', 'recall'], rows),
  );
}

export function suspectSection({ suspects = [] }: ReportDocument): string {
  const rows = suspects.map(({ transaction_id: id, score, is_fraud: isFraud, reasons }) => [
    id,
    score.toFixed(4),
    isFraud === undefined ? '–' : isFraud ? 'fraud' : 'genuine',
    reasons.map(({ feature, value }) => `${feature} ${short(value)}`).join(', '),
  ]);
  if (rows.length === 0) return '';
  return section('Most suspicious', table(['Transaction', 'score', 'truth', 'why'], rows, [2, 3]));
}

function short(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}

/** Whether scores are those of the offline model. */
export function paritySection({ parity }: ReportDocument): string {
  const parts = [
    ['by the verdict’s own features', parity?.model],
    ['by features computed here', parity?.features],
  ] as const;
  const known = parts.flatMap(([name, one]) => (one ? [{ name, one }] : []));
  if (known.length === 0) return '';
  const rows = known.map(({ name, one }) => [
    name,
    ...[count(one.compared), count(one.skewed), ratio(one.skewed_share), count(one.flipped)],
    one.max_difference.toPrecision(3),
  ]);
  const worst = known.flatMap(({ one }) =>
    one.worst.map(({ transaction_id: id, score, expected, difference }) => [
      id,
      ...[score, expected, difference].map(fraction),
    ]),
  );
  return section(
    'Parity with the offline model',
    table(['Scores', 'compared', 'skewed', 'share', 'flipped', 'largest difference'], rows),
    worst.length > 0 ? table(['Worst', 'score', 'expected', 'difference'], worst) : '',
  );
}

/** Where and how the report was made, so that it can be made again. */
export function originSection(document: ReportDocument): string {
  const { environment, configuration = [], source, seed, merged } = document;
  const facts = Object.entries({ ...environment, ...source, ...(seed !== undefined && { seed }) });
  const shown = facts.map(([name, value]) => [name.replaceAll('_', ' '), told(value)]);
  const left = merged?.left_out.length
    ? `<p class="soft">The merged reports differ in ${escaped(merged.left_out.join(', '))}.</p>`
    : '';
  const rows = configuration.map(({ name, value, source: by }) => [name, value, by]);
  const given = rows.filter(([, , by]) => by !== 'default');
  const defaults = rows.filter(([, , by]) => by === 'default');
  return section(
    'Environment and configuration',
    shown.length > 0 ? table(['Environment', 'value'], shown, [1]) : '',
    left,
    given.length > 0 ? table(['Setting', 'value', 'set by'], given, [1, 2]) : '',
    defaults.length > 0
      ? `<details><summary>${defaults.length} defaults</summary>${table(['Setting', 'value', 'set by'], defaults, [1, 2])}</details>`
      : '',
  );
}

function told(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
