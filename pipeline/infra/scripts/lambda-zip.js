// Bundles the Lambda function with its model into one zip, the same bytes for the same sources.
// Usage: node scripts/lambda-zip.js [model.ubj [lambda.zip]]    (the model that comes with fraudstream unless given)
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const here = join(import.meta.dirname, '..');
const model = process.argv[2] ?? join(here, '..', '..', 'assets', 'model.ubj');
const { outputFiles } = await build({
  entryPoints: [join(here, 'lambda', 'index.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  legalComments: 'inline',
});
// Zip knows no time before 1980; a fixed one keeps the bytes the same.
const mtime = new Date('1980-01-02T00:00:00Z');
const files = { 'index.mjs': outputFiles[0].contents, 'model.ubj': readFileSync(model) };
const zip = zipSync(files, { mtime, level: 9 });
const out = process.argv[3] ?? join(here, 'dist', 'lambda.zip');
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, zip);
const sha256 = createHash('sha256').update(zip).digest('hex');
process.stdout.write(`${JSON.stringify({ file: out, bytes: zip.length, sha256 })}\n`);
