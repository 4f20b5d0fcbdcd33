import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { connect, headers, type NatsConnection } from '@nats-io/transport-node'
import { type Test } from 'tap'
import { natsOptions } from '../../platform/nats-access.ts'

/** A program that does at the broker whatever its user lets it do. */
export type Rogue = {
  readonly connection: NatsConnection
  /** Publishes, and tells whether the broker has refused it. */
  readonly mayPublish: (
    subject: string,
    data?: string,
    wanted?: Readonly<Record<string, string>>,
  ) => Promise<boolean>
  /** Listens, and tells whether the broker lets it. */
  readonly mayListen: (subject: string) => Promise<boolean>
  /** Asks a service or the broker; the error's name, if it gets no answer. */
  readonly ask: (
    subject: string,
    request: unknown,
    wanted?: Readonly<Record<string, string>>,
  ) => Promise<string>
  /** The subjects of what it has heard. */
  readonly heard: string[]
}

/** `url` has the credentials that the rogue has got hold of. */
export async function openRogue(t: Test, url: string): Promise<Rogue> {
  const connection = await connect({ ...natsOptions(url), name: 'rogue', reconnect: false })
  t.teardown(() => connection.close())
  const refusals: string[] = []
  const heard: string[] = []
  void (async () => {
    for await (const status of connection.status())
      if (status.type === 'error') refusals.push(status.error.message)
  })()
  const isRefused = async (subject: string): Promise<boolean> => {
    await connection.flush()
    await new Promise((resolve) => setImmediate(resolve)) // the status is told a turn later
    const told = refusals.splice(0).filter((refusal) => /permissions violation/i.test(refusal))
    return told.some((refusal) => refusal.includes(`"${subject}"`))
  }
  const written = (wanted: Readonly<Record<string, string>>) => {
    const made = headers()
    for (const [name, value] of Object.entries(wanted)) made.set(name, value)
    return made
  }
  return {
    connection,
    heard,
    async mayPublish(subject, data = '{}', wanted = {}) {
      await isRefused(subject)
      connection.publish(subject, data, { headers: written(wanted) })
      return !(await isRefused(subject))
    },
    async mayListen(subject) {
      await isRefused(subject)
      let error = ''
      connection.subscribe(subject, {
        callback(err, message) {
          if (err) error = err.message
          else heard.push(message.subject)
        },
      })
      return !(await isRefused(subject)) && error === ''
    },
    async ask(subject, request, wanted = {}) {
      try {
        const answer = await connection.request(subject, JSON.stringify(request), {
          ...{ timeout: 2_000, headers: written(wanted) },
        })
        return answer.string()
      } catch (err) {
        return err instanceof Error ? `${err.name}: ${err.message}` : String(err)
      }
    },
  }
}

/** What the broker says to a client without credentials that listens to everything, over a plain socket. */
export async function anonymousAnswer(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = dial(Number(port), hostname)
  let said = ''
  socket.on('data', (data) => (said += String(data)))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    'CONNECT {"verbose":false,"headers":true}\r\nSUB > 1\r\nPUB order.canceled 2\r\n{}\r\nPING\r\n',
  )
  await once(socket, 'close')
  return said.slice(said.indexOf('\r\n') + 2)
}
