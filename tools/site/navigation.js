import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** The pages of the site by what a reader wants: a link is the name of a file of docs/ without its ending. */
const known = [
  {
    text: 'Tutorial',
    items: [
      { text: 'First steps', link: '/' },
      { text: 'Test a pipeline end to end', link: '/run' },
    ],
  },
  {
    text: 'How-to guides',
    items: [
      { text: 'Fail a run on a condition', link: '/thresholds' },
      { text: 'Find the capacity', link: '/search' },
      { text: 'Score an endpoint', link: '/scoring' },
      { text: 'Replay and read files', link: '/files' },
      { text: 'Record a stream', link: '/recording' },
      { text: 'Run in CI', link: '/ci' },
      { text: 'Develop without AWS', link: '/local' },
      { text: 'Use the local endpoint', link: '/endpoint' },
      { text: 'Use your own payload', link: '/contract' },
      { text: 'Read verdicts from elsewhere', link: '/verdict-sources' },
      { text: 'Train your own model', link: '/own-model' },
      { text: 'Deploy the pipeline', link: '/deploy' },
      { text: 'Work with proxies and roles', link: '/aws' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Command line', link: '/cli' },
      { text: 'Exit codes', link: '/exit-codes' },
      { text: 'Reports', link: '/reports' },
      { text: 'Features', link: '/features' },
      { text: 'KPL format', link: '/kpl-format' },
      { text: 'IP table', link: '/ip-table' },
      { text: 'Glossary', link: '/glossary' },
    ],
  },
  {
    text: 'Explanation',
    items: [
      { text: 'The Flink job', link: '/pipeline' },
      { text: 'The generated world', link: '/world' },
      { text: 'Sizes and costs', link: '/scale' },
      { text: 'Reliability', link: '/reliability' },
      { text: 'Performance', link: '/performance' },
      { text: 'Performance of scoring', link: '/performance-scoring' },
      { text: 'Performance of the generator and files', link: '/performance-data' },
      { text: 'Bounds of all benchmarks', link: '/performance-bounds' },
      { text: 'Comparison with other tools', link: '/comparison' },
      { text: 'Architecture', link: '/architecture' },
      { text: 'Code paths', link: '/code-paths' },
      { text: 'Decisions', link: '/adr/README' },
    ],
  },
];

const listed = known.flatMap(({ items }) => items.map(({ link }) => link));
const others = readdirSync(docs)
  .filter((name) => name.endsWith('.md') && !listed.includes(`/${name.slice(0, -3)}`))
  .map((name) => ({ text: titleOf(name), link: `/${name.slice(0, -3)}` }));

/** The menu; pages of docs/ that no section names stand at its end. */
export const sections = others.length > 0 ? [...known, { text: 'More', items: others }] : known;

function titleOf(name) {
  return /^# (.+)$/m.exec(readFileSync(join(docs, name), 'utf8'))?.[1] ?? name;
}
