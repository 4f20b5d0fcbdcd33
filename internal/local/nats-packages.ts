import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { execute } from './system.ts'

/** Returns the program's path, below `folder` or where the package manager has put it. */
export async function installFromPackages(folder: string): Promise<string> {
  if (await exists('apt-get')) return fromApt(path.join(folder, 'fetched'))
  if (await exists('brew')) return fromBrew()
  throw new Error('neither apt-get nor brew is here')
}

/**
 * Fetches and unpacks the package instead of installing it. So it needs no root, and no service is set up that starts
 * with the machine. apt's lists and cache are put into the folder too, because only root may write those of the
 * system.
 */
async function fromApt(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  const options = [
    ...['-o', `Dir::State=${folder}/state`, '-o', 'Dir::State::status=/var/lib/dpkg/status'],
    ...['-o', `Dir::Cache=${folder}/cache`, '-o', 'APT::Sandbox::User=', '-q'],
  ]
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'package']) {
    await mkdir(path.join(folder, part), { recursive: true })
  }
  await execute('apt-get', [...options, 'update'])
  await execute('apt-get', [...options, 'download', 'nats-server'], { cwd: folder })
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'))
  if (!deb) throw new Error('apt-get downloaded nothing')
  await execute('dpkg-deb', ['-x', path.join(folder, deb), path.join(folder, 'package')])
  const files = await readdir(path.join(folder, 'package'), { recursive: true })
  const program = files.find((file) => /s?bin\/nats-server$/.test(file))
  if (!program) throw new Error(`${deb} holds no nats-server`)
  return path.join(folder, 'package', program)
}

async function fromBrew(): Promise<string> {
  await execute('brew', ['install', '--quiet', 'nats-server'])
  const { stdout } = await execute('brew', ['--prefix'])
  return path.join(stdout.trim(), 'bin', 'nats-server')
}

async function exists(command: string): Promise<boolean> {
  return execute('/bin/sh', ['-c', `command -v ${command}`]).then(
    () => true,
    () => false,
  )
}
