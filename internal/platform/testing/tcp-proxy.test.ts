import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { eventually } from './eventually.ts'
import { startTcpProxy } from './tcp-proxy.ts'

/** Opens an echo server behind a proxy. */
async function openLine(t: Test) {
  const ends: Socket[] = []
  const server = createServer((socket) => {
    ends.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (piece) => socket.write(piece))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const proxy = await startTcpProxy(port)
  t.teardown(async () => {
    await proxy.close()
    for (const socket of ends) socket.destroy()
    server.close()
  })
  const dial = async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    t.teardown(() => socket.destroy())
    const line = { socket, heard: '', error: '', isClosed: false }
    socket.on('data', (piece) => (line.heard += String(piece)))
    socket.on('error', (err) => (line.error = (err as NodeJS.ErrnoException).code ?? ''))
    socket.on('close', () => (line.isClosed = true))
    await once(socket, 'connect')
    return line
  }
  return { proxy, dial, server, ends }
}

t.test('a clear line carries both ways, and ends when either end does', async (t) => {
  const { proxy, dial, ends } = await openLine(t)
  const line = await dial()
  line.socket.write('hello')
  await eventually('an answer', () => line.heard === 'hello')
  ends[0]?.end()
  await eventually('the end', () => line.isClosed)
  await eventually('nothing is kept', () => proxy.counts().open === 0)
})

t.test('a slow line is slow by what it was told, and keeps the order', async (t) => {
  const { proxy, dial } = await openLine(t)
  const line = await dial()
  proxy.setMode({ kind: 'slow', delayMs: 100 })
  const at = performance.now()
  line.socket.write('one ')
  await eventually('the first', () => line.heard === 'one ')
  t.ok(performance.now() - at >= 195, 'there and back')
  line.socket.write('two ')
  await eventually('it is under way', () => proxy.counts().delayed === 3)
  proxy.setMode({ kind: 'clear' })
  line.socket.write('three')
  await eventually('all', () => line.heard === 'one two three')
})

t.test(
  'a black hole takes connections and bytes, and gives nothing; afterwards they are reset',
  async (t) => {
    const { proxy, dial } = await openLine(t)
    const old = await dial()
    proxy.setMode({ kind: 'black-hole' })
    const fresh = await dial()
    for (const { socket } of [old, fresh]) socket.write('hello')
    await eventually('both are swallowed', () => proxy.counts().swallowed === 2)
    t.same([old.heard, fresh.heard, old.isClosed, fresh.isClosed], ['', '', false, false])
    proxy.setMode({ kind: 'clear' })
    await eventually('both are reset', () => old.error === 'ECONNRESET' && fresh.error === 'ECONNRESET')
    const line = await dial()
    line.socket.write('hello')
    await eventually('the next one is clear', () => line.heard === 'hello')
  },
)

t.test('a reset comes in the middle of an answer, for as many as were asked', async (t) => {
  const { proxy, dial } = await openLine(t)
  const [broken, whole] = [await dial(), await dial()]
  proxy.resetInAnswer(1)
  broken.socket.write('hello!')
  await eventually('a reset', () => broken.isClosed)
  t.equal(broken.error, 'ECONNRESET')
  t.ok(broken.heard.length < 6, broken.heard)
  whole.socket.write('hello!')
  await eventually('the other one', () => whole.heard === 'hello!')
  t.equal(proxy.counts().reset, 1)
})

t.test('a half-open socket looks open, and whatever it says is lost', async (t) => {
  const { proxy, dial, ends } = await openLine(t)
  const line = await dial()
  line.socket.write('hello')
  await eventually('an answer', () => line.heard === 'hello')
  t.equal(proxy.halfOpen(), 1)
  await eventually('the far end is gone', () => ends[0]?.destroyed)
  line.socket.write('anybody?')
  await eventually('it is swallowed', () => proxy.counts().swallowed === 1)
  t.same([line.heard, line.isClosed, line.error], ['hello', false, ''])
  const next = await dial()
  next.socket.write('hello')
  await eventually('a new connection is clear', () => next.heard === 'hello')
  t.match(proxy.counts(), { halfOpen: 1, open: 2 })
  t.equal(proxy.endHalfOpen(), 1)
  await eventually('it is told at last', () => line.error === 'ECONNRESET')
  t.equal(proxy.endHalfOpen(), 0)
})

t.test('a server that is away is a connection that ends', async (t) => {
  const { dial, server, ends } = await openLine(t)
  for (const socket of ends) socket.destroy()
  server.close()
  const line = await dial()
  await eventually('the end', () => line.isClosed)
})
