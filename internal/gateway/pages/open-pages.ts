import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'

/** The applications of web/, each in a folder of its own in WEB_DIR and at a path of its own. */
export const applications = ['shop', 'console'] as const
export type Application = (typeof applications)[number]

/** A file in one of the forms in which it is sent. */
export type Page = {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}

export type Pages = {
  /** Undefined: there is no such file. An address that is not a file's is that of a page, which index.html shows. */
  readonly find: (app: Application, file: string, acceptEncoding: string) => Promise<Page | undefined>
  /** Whether the application was built. */
  readonly has: (app: Application) => Promise<boolean>
}

type Forms = Readonly<Partial<Record<Coding, Page>>> & { readonly identity: Page }
type Coding = 'br' | 'gzip' | 'identity'
type Built = { readonly at: number; readonly files: ReadonlyMap<string, Forms> }

const endings = { br: '.br', gzip: '.gz', identity: '' } as const
const index = 'index.html'
/** Names in this folder have the hash of their content, so what is behind a name never changes. */
const hashed = 'assets/'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Keeps the files in memory, a few hundred kilobytes, and reads them again when index.html is another one. */
export function openPages(dir: string): Pages {
  const known = new Map<Application, Promise<Built>>()

  async function built(app: Application): Promise<Built['files'] | undefined> {
    const folder = path.join(dir, app)
    const info = dir === '' ? undefined : await stat(path.join(folder, index)).catch(() => undefined)
    if (!info) return undefined
    const kept = await known.get(app)?.catch(() => undefined)
    if (kept?.at === info.mtimeMs) return kept.files
    const reading = readBuilt(folder, info.mtimeMs)
    known.set(app, reading)
    return (await reading).files
  }

  return {
    has: async (app) => (await built(app)) !== undefined,
    async find(app, file, acceptEncoding) {
      const files = await built(app)
      const forms = files?.get(file) ?? (isPage(file) ? files?.get(index) : undefined)
      if (!forms) return undefined
      const accepted = acceptedCodings(acceptEncoding)
      return (
        (accepted.has('br') ? forms.br : undefined) ??
        (accepted.has('gzip') ? forms.gzip : undefined) ??
        forms.identity
      )
    },
  }
}

/** What has an ending is a file that is not there, and no page. */
const isPage = (file: string): boolean => !file.startsWith(hashed) && path.extname(file) === ''

async function readBuilt(folder: string, at: number): Promise<Built> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
  const plain = names.filter((name) => path.extname(name) in mediaTypes)
  const forms = await Promise.all(plain.map((name) => readForms(folder, name, names)))
  return { at, files: new Map(forms) }
}

async function readForms(
  folder: string,
  name: string,
  names: readonly string[],
): Promise<readonly [string, Forms]> {
  const form = async (coding: Coding): Promise<Page> => {
    const bytes = await readFile(path.join(folder, name + endings[coding]))
    return { bytes, headers: headersOf(name, coding, bytes) }
  }
  const identity = await form('identity')
  const br = names.includes(name + endings.br) ? { br: await form('br') } : {}
  const gzip = names.includes(name + endings.gzip) ? { gzip: await form('gzip') } : {}
  return [name, { identity, ...br, ...gzip }]
}

function headersOf(name: string, coding: Coding, bytes: Buffer): Page['headers'] {
  const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return {
    'content-type': mediaTypes[path.extname(name)] ?? 'application/octet-stream',
    'cache-control': name.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${etag}"`,
    vary: 'accept-encoding',
    ...(coding === 'identity' ? {} : { 'content-encoding': coding }),
  }
}

/** Without those that are refused by a weight of nothing. */
function acceptedCodings(header: string): ReadonlySet<string> {
  const wanted = header.split(',').map((entry) =>
    entry
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/),
  )
  return new Set(wanted.filter(([, weight = '1']) => Number(weight) > 0).map(([coding = '']) => coding))
}
