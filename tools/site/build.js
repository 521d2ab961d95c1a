/**
 * Builds the documentation site into tools/site/dist: `npm run docs`.
 *
 * The pages are README.md, docs/, and the Markdown files that these link to. Other files of the repository that
 * a page links to are copied, so that the site needs no address of a repository. A link to a page, heading or
 * file that does not exist ends the build with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { install, tool } from '../install.js';
import { slugOf } from './slug.js';

const site = import.meta.dirname;
const tools = join(site, '..');
const root = join(tools, '..');
const pagesFolder = join(site, 'pages');
const LINK = /(?<=\]\()([^)\s#]*)(#[^)\s]*)?(?=\))/g;

install();
for (const made of ['pages', 'dist']) rmSync(join(site, made), { recursive: true, force: true });
const faults = [];
const pages = pagesFrom(['README.md', ...markdownOf('docs'), ...markdownOf('docs/adr')]);
for (const [source, text] of pages) writePage(source, text);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
run(tool('vitepress'), ['build', '.']);
run(tool('typedoc'), ['--options', 'typedoc.json']);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: site, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function markdownOf(folder) {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  return names.map((name) => `${folder}/${name}`);
}

/** The texts of these pages and of all that they lead to, by path. */
function pagesFrom(sources) {
  const texts = new Map();
  const waiting = [...sources];
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    if (texts.has(source)) continue;
    const text = readFileSync(join(root, source), 'utf8');
    texts.set(source, text);
    for (const [, target = ''] of withoutCode(text).matchAll(LINK)) {
      const path = pathOf(source, target);
      if (path?.endsWith('.md') && existsSync(join(root, path))) waiting.push(path);
    }
  }
  return texts;
}

/** The path in the repository that a link names; undefined for addresses outside of it. */
function pathOf(source, target) {
  if (/^[a-z]+:/.test(target)) return undefined;
  return target === '' ? source : posix.join(posix.dirname(source), target).replace(/\/$/, '');
}

/** `README.md` is the page `index`, `docs/run.md` is `run`; other pages keep their path. */
function pageOf(source) {
  return source === 'README.md' ? 'index' : source.replace(/^docs\//, '').replace(/\.md$/, '');
}

function writePage(source, text) {
  const linked = text.replace(LINK, (whole, target, hash = '') => {
    const path = pathOf(source, target);
    return path === undefined ? whole : `${addressOf(source, path, hash)}${hash}`;
  });
  const file = join(pagesFolder, `${pageOf(source)}.md`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, linked);
}

/** The address on the site of what a link names. A file that is no page is copied. */
function addressOf(source, path, hash) {
  const page = pages.get(path);
  if (page !== undefined) {
    if (hash !== '' && !slugsOf(page).includes(hash.slice(1)))
      faults.push(`${source}: ${path} has no heading ${hash}.`);
    return `/${pageOf(path)}`;
  }
  const file = join(root, path);
  if (!existsSync(file) || statSync(file).isDirectory()) {
    faults.push(`${source}: a link leads to ${path}, which is no file.`);
    return '/';
  }
  // A name without an ending would be taken for that of a page.
  const address = posix.join('files', posix.extname(path) === '' ? `${path}.txt` : path);
  const copy = join(pagesFolder, 'public', address);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(file, copy);
  return `/${address}`;
}

function slugsOf(text) {
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading));
}

function withoutCode(text) {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}
