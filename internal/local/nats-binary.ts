import { access, constants, mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { downloadNatsServer } from './nats-download.ts'
import { installFromPackages } from './nats-packages.ts'
import { SetupError, silently, type Step } from './setup-error.ts'
import { execute } from './system.ts'

export type NatsBinary = {
  readonly file: string
  readonly version: readonly [major: number, minor: number, patch: number]
}

export type NatsBinaryOptions = {
  /** The value of NATS_SERVER_BIN. If it is set, no other program is looked for. */
  readonly configured?: string | undefined
  /** The value of PATH. */
  readonly searchPath: string
  /** The folder in which a fetched program is kept. */
  readonly cacheDir: string
  readonly step?: Step
}

/** The oldest supported version: that of Debian stable. */
const oldest = [2, 9, 10] as const

/** Finds nats-server on this machine or fetches it, because no npm package carries it. */
export async function findNatsServer(options: NatsBinaryOptions): Promise<NatsBinary> {
  const { configured, searchPath, cacheDir, step = silently } = options
  if (configured) return required(configured, `NATS_SERVER_BIN is ${configured}, but`)
  const cached = path.join(path.resolve(cacheDir), 'nats-server', 'nats-server')
  const folders = [...searchPath.split(path.delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin']
  const present = [...folders.map((folder) => path.join(folder, 'nats-server')), cached]
  const found = await firstUsable(present)
  if (found) return found
  const failures: string[] = []
  for (const [name, fetch] of [
    ['the official release', downloadNatsServer],
    ['the system’s packages', installFromPackages],
  ] as const) {
    try {
      const fetched = await step(`fetching nats-server from ${name}`, () => fetch(path.dirname(cached)))
      return await required(await keep(fetched, cached), 'what was fetched is not usable:')
    } catch (err) {
      failures.push(`${name}: ${err instanceof Error ? err.message : String(err)}`)
    }
  }
  throw new SetupError(
    [
      `nats-server ${oldest.join('.')} or newer is needed and was not found. Install it (\`apt-get install nats-server\`,`,
      '`brew install nats-server`, or a release of nats-io/nats-server), set NATS_SERVER_BIN to it, or NATS_URL to a server that runs.',
      ...failures.map((failure) => `  tried ${failure}`),
    ].join('\n'),
  )
}

async function firstUsable(files: readonly string[]): Promise<NatsBinary | undefined> {
  for (const file of files) {
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    const binary = isThere ? await inspect(file) : undefined
    if (binary && isSupported(binary)) return binary
  }
  return undefined
}

async function required(file: string, complaint: string): Promise<NatsBinary> {
  const binary = await inspect(path.resolve(file))
  if (!binary) throw new SetupError(`${complaint} it does not run and tell its version`)
  if (isSupported(binary)) return binary
  throw new SetupError(`${complaint} it is ${binary.version.join('.')}, older than ${oldest.join('.')}`)
}

async function inspect(file: string): Promise<NatsBinary | undefined> {
  const output = await execute(file, ['--version'], { timeout: 10_000 }).then(
    ({ stdout }) => stdout,
    () => '',
  )
  const [, major, minor, patch] = /nats-server\W+v(\d+)\.(\d+)\.(\d+)/.exec(output) ?? []
  return patch === undefined ? undefined : { file, version: [Number(major), Number(minor), Number(patch)] }
}

function isSupported({ version }: NatsBinary): boolean {
  const different = oldest.findIndex((part, i) => part !== version[i])
  return different === -1 || (version[different] ?? 0) > (oldest[different] ?? 0)
}

async function keep(file: string, cached: string): Promise<string> {
  await mkdir(path.dirname(cached), { recursive: true })
  if (!file.startsWith(path.dirname(cached))) return file
  await rename(file, cached)
  await rm(path.join(path.dirname(cached), 'fetched'), { recursive: true, force: true })
  return cached
}
