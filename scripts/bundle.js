/**
 * Joins dist/ and what it imports into few files, dist/bundle/*.cjs, which `bin/fraudstream` runs: `npm run build`.
 *
 * Opening and linking hundreds of modules takes Node longer than running them, and CommonJS starts sooner than ES modules.
 * The library is not bundled. Source maps lead from a stack to the modules of dist/.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const folder = join(dist, 'bundle');
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Modules of Node that take milliseconds and that `--help` does not need: loaded when they are first used. */
const lateModules = [
  'node:child_process',
  'node:crypto',
  'node:net',
  'node:os',
  'node:perf_hooks',
  'node:timers/promises',
  'node:worker_threads',
];

const threads = readdirSync(dist, { recursive: true }).filter((name) =>
  name.endsWith('-thread.js'),
);
const entries = ['main.js', ...threads].map((name) => [basename(name, '.js'), join(dist, name)]);

rmSync(folder, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(entries),
  platform: 'node',
  // The AWS SDK comes in few files of its own; peers may not be there.
  external: [...Object.keys(peerDependencies), /^@aws-sdk\//, /^@smithy\//],
  plugins: [ownFolders(), lateBuiltins()],
  // The warnings are about modules of others.
  logLevel: 'silent',
});
const { output } = await bundle.write({
  dir: folder,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
  sourcemap: true,
  // The modules themselves are beside the bundle.
  sourcemapExcludeSources: true,
});
writeFileSync(join(folder, 'LICENSES.txt'), licenses(output));

/** The licences of all packages that have code in the bundle. */
function licenses(output) {
  const folders = output
    .flatMap(({ moduleIds = [] }) => moduleIds)
    .flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []);
  return [...new Set(folders)]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseOf(packageFolder) {
  const read = (name) => readFileSync(join(packageFolder, name), 'utf8');
  const { name, version, license } = JSON.parse(read('package.json'));
  const files = readdirSync(packageFolder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  return [`${name} ${version} (${license})`, ...files.map((file) => read(file).trim()), ''].join(
    '\n\n',
  );
}

/** A module finds beside itself what is beside its file in dist/, and threads in the bundle. */
function ownFolders() {
  const pattern =
    /new URL\('\.\/([\w-]+-thread)\.js', import\.meta\.url\)|import\.meta\.(url|dirname)/g;
  return {
    name: 'own-folders',
    transform: (code, id) => {
      if (!id.startsWith(dist)) return undefined;
      const own = relative(folder, id);
      return code.replace(pattern, (_, thread, property) => {
        if (thread) return `new URL('./${thread}.cjs', import.meta.url)`;
        return property === 'url'
          ? `new URL('${own}', import.meta.url).href`
          : `\`\${import.meta.dirname}/${dirname(own)}\``;
      });
    },
  };
}

/** Puts a module with a getter for each export in the place of a module of Node. */
function lateBuiltins() {
  const require = createRequire(import.meta.url);
  const mark = '\0late:';
  return {
    name: 'late-builtins',
    resolveId: (name, importer) => {
      const full = name.startsWith('node:') ? name : `node:${name}`;
      return lateModules.includes(full) && !importer?.startsWith(mark)
        ? `${mark}${full}`
        : undefined;
    },
    load: (id) => {
      if (!id.startsWith(mark)) return undefined;
      const name = id.slice(mark.length);
      const getters = Object.keys(require(name)).map(
        (key) => `get ${key}() { return load().${key}; }`,
      );
      return `let loaded;\nconst load = () => (loaded ??= process.getBuiltinModule('${name}'));\nmodule.exports = { ${getters.join(', ')} };`;
    },
  };
}
