import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'
import { eventually } from '../../platform/testing/eventually.ts'
import { openAdmission } from '../overload/admission.ts'
import { openFront } from '../overload/front.ts'
import { trafficOf } from '../overload/traffic.ts'

const traffic = trafficOf([
  { method: 'POST', path: '/orders', admission: 'orders' },
  { method: 'PATCH', path: '/orders/:id', admission: 'orders' },
  { method: 'POST', path: '/users/login', admission: 'credentials' },
])

const limit = { underWay: 1, loopDelayMs: 10_000 }

/** A server that answers orders only when the test tells it to, and everything else at once. */
export async function front(t: Test) {
  const admission = openAdmission({ orders: limit, credentials: limit, others: { ...limit, underWay: 100 } })
  const limits = { total: 200, perAddress: 200 }
  const options = { admission, trafficOf: traffic, limits, addressOf: undefined }
  const held: (() => void)[] = []
  const bodies: string[] = []
  const server = openFront(options, (request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      const answer = (): void => void response.end(`done ${request.url ?? ''} ${body}`)
      if (request.method === 'GET' || request.url?.startsWith('/orders') !== true) answer()
      else
        void admission
          .during('orders', () => new Promise<void>((resolve) => held.push(resolve)))
          .then(() => response.end('placed'))
    })
  })
  const connections: Socket[] = []
  server.on('connection', (socket: Socket) => connections.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    admission.stop()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // it listens on a port
  const answer = async (): Promise<void> => {
    await eventually('an order is worked on', async () => held.length > 0)
    held.shift()?.()
  }
  return { admission, bodies, answer, connections, held, talk: () => talk(t, port) }
}

function talk(t: Test, port: number) {
  const socket: Socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
  socket.on('error', () => socket.destroy())
  t.teardown(() => socket.destroy())
  return {
    socket,
    say: (bytes: string) => void socket.write(bytes),
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]),
    heard: (pattern: RegExp) => eventually(`${String(pattern)} is heard`, async () => pattern.test(text)),
    text: () => text,
  }
}

export const order = (body = '{}', path = '/orders'): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`
export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`

/** One order is being worked on and one was refused, so new connections of `talk` get a gate. */
export async function overloaded(t: Test) {
  const opened = await front(t)
  opened.talk().say(order())
  await eventually('an order is worked on', async () => opened.held.length === 1)
  const refused = opened.talk()
  refused.say(order())
  await refused.heard(/503/)
  return opened
}
