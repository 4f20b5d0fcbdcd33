import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execute } from './system.ts'

const version = '2.11.6'
const releases = `https://github.com/nats-io/nats-server/releases/download/v${version}`

/**
 * The sums that the official Docker image of this version has. Other platforms are checked against the release's own
 * list.
 */
const knownSums: Readonly<Record<string, string>> = {
  'linux-amd64': '5e5272dd1bdb8da020aedc8cf883fb26c128441809a992f156e0b1ccb28ac5b7',
  'linux-arm64': '4fe3c40bddc58e31012f55865df0dcd24012995d2893a4d64a0ae5cb147d7a36',
}

/** When the host cannot be reached, this should be known soon, because there are other ways to get the program. */
const connectTimeoutMs = 10_000
const downloadTimeoutMs = 300_000

/** Returns the program's path below `folder`. */
export async function downloadNatsServer(folder: string): Promise<string> {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const name = `nats-server-v${version}-${platform}`
  const archive = await download(`${name}.tar.gz`)
  const expected = knownSums[platform] ?? (await publishedSum(`${name}.tar.gz`))
  const actual = createHash('sha256').update(archive).digest('hex')
  if (actual !== expected) throw new Error(`${name}.tar.gz has the SHA-256 ${actual} instead of ${expected}`)
  const target = path.join(folder, 'fetched')
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  const file = path.join(target, 'nats-server.tar.gz')
  await writeFile(file, archive)
  await execute('tar', ['-xzf', file, '-C', target])
  return path.join(target, name, 'nats-server')
}

async function publishedSum(name: string): Promise<string> {
  const sums = (await download('SHA256SUMS')).toString('utf8').split('\n')
  const line = sums.find((candidate) => candidate.trim().endsWith(name))
  if (!line) throw new Error(`the release has no SHA-256 for ${name}`)
  return line.trim().split(/\s+/)[0] ?? ''
}

/** Uses undici's agent, because the fetch of Node 20 does not support proxies. */
async function download(name: string): Promise<Buffer> {
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: connectTimeoutMs } })
  try {
    const signal = AbortSignal.timeout(downloadTimeoutMs)
    const response = await fetch(`${releases}/${name}`, { dispatcher, signal })
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (err) {
    const cause = err instanceof Error && err.cause instanceof Error ? `: ${err.cause.message}` : ''
    throw new Error(`${err instanceof Error ? err.message : String(err)}${cause}`, { cause: err })
  } finally {
    await dispatcher.destroy()
  }
}
