// node build.mjs [--out FOLDER] [--dev]: builds each application of src/ into a folder that any web server can serve:
// index.html, and assets/ with names that have the hash of their content, each beside its brotli and gzip.
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import * as esbuild from 'esbuild'

const here = import.meta.dirname
/** Mantine needs React 19.2, and the shop's first page has no room for what that brings. */
const applications = {
  shop: { react: 'react-of-shop', 'react-dom': 'react-dom-of-shop' },
  console: {},
}
const compressible = /\.(js|css|html|svg|json|webmanifest)$/

/** With `isDev` pages reload by themselves when they are built anew, and scripts have source maps. */
export async function build({ out, isDev = false }) {
  const made = `${out}.${process.pid}.tmp`
  await rm(made, { recursive: true, force: true })
  const built = []
  for (const [name, alias] of Object.entries(applications)) {
    if (!existsSync(path.join(here, 'src', name, 'main.tsx'))) continue
    await buildApplication(name, path.join(made, name), { alias, isDev })
    built.push(name)
  }
  await compress(made, isDev)
  await rm(out, { recursive: true, force: true })
  await mkdir(path.dirname(out), { recursive: true })
  await rename(made, out)
  return built
}

async function buildApplication(name, dir, { alias, isDev }) {
  const source = path.join(here, 'src', name)
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { [name]: path.join(source, 'main.tsx') },
    outdir: path.join(dir, 'assets'),
    publicPath: `/${name}/assets/`,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022', 'safari16.4'],
    jsx: 'automatic',
    // The SDK is taken from its sources, so that nothing of it has to be compiled first.
    conditions: ['tillstream-source'],
    alias,
    define: {
      'process.env.NODE_ENV': JSON.stringify(isDev ? 'development' : 'production'),
      isDevelopment: String(isDev),
    },
    minify: !isDev,
    sourcemap: isDev,
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  })
  const html = await readFile(path.join(source, 'index.html'), 'utf8')
  await writeFile(
    path.join(dir, 'index.html'),
    html.replace('<!-- assets -->', await tags(name, dir, metafile)),
  )
  const asTheyAre = path.join(source, 'public')
  if (existsSync(asTheyAre)) await cp(asTheyAre, dir, { recursive: true })
}

/** What the page needs at once; everything else it asks for when it is opened. */
async function tags(name, dir, { outputs }) {
  const [entry, { cssBundle, imports }] = Object.entries(outputs).find(([, { entryPoint }]) =>
    entryPoint?.endsWith(`src/${name}/main.tsx`),
  )
  const url = (file) => `/${name}/assets/${path.basename(file)}`
  const early = imports.filter(({ kind }) => kind === 'import-statement').map(({ path: file }) => url(file))
  return [
    `<link rel="stylesheet" href="${url(cssBundle)}" />`,
    ...early.map((href) => `<link rel="modulepreload" href="${href}" />`),
    `<script type="module" src="${url(entry)}"></script>`,
  ].join('\n    ')
}

async function compress(dir, isDev) {
  if (isDev) return
  const names = await readdir(dir, { recursive: true })
  for (const name of names.filter((file) => compressible.test(file))) {
    const file = path.join(dir, name)
    const bytes = await readFile(file)
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes))
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: path.join(here, 'dist') }, dev: { type: 'boolean' } },
  })
  const built = await build({ out: path.resolve(values.out), isDev: values.dev === true })
  console.log(`built ${built.join(', ')} into ${values.out}`)
}
