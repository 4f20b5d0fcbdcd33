import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Test } from 'tap'
import { freePort } from '../../local/system.ts'
import { eventually } from './eventually.ts'

export type TestRedis = {
  readonly url: string
  readonly start: () => Promise<void>
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
  /** It takes connections and answers nothing, until it goes on. */
  readonly hang: () => void
  readonly goOn: () => void
}

/** Why the tests with a real Redis are skipped here; undefined: they are not. */
export const redisMissing: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : "there is no redis-server here: install Debian's package of that name"

/** A redis-server for one test on a free port, which stores nothing on the disk. It ends with the test. */
export async function testRedis(t: Test): Promise<TestRedis> {
  const port = await freePort()
  let server: ChildProcess | undefined
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
      server = spawn('redis-server', options, { stdio: 'ignore' })
      await eventually('redis-server answers', () => answers(port))
    },
    async stop(signal = 'SIGKILL') {
      if (server?.exitCode !== null || server.signalCode !== null) return
      server.kill('SIGCONT')
      server.kill(signal)
      await once(server, 'exit')
    },
    hang: () => void server?.kill('SIGSTOP'),
    goOn: () => void server?.kill('SIGCONT'),
  }
  t.teardown(() => redis.stop())
  await redis.start()
  return redis
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  socket.write('PING\r\n')
  try {
    const [data] = (await once(socket, 'data')) as [Buffer]
    return data.toString().startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
