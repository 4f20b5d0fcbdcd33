import fastify from 'fastify'

/** The path at which the server returns a body that the parent process has sent. */
export const barePath = (index: number): string => `/${index}`

/** Plain Fastify with routes that return prepared bytes. It is the best that any of our routes could reach. */
export function serveBare(): void {
  process.on('message', (bodies: readonly string[]) => {
    void listen(bodies).then((url) => process.send?.(url))
  })
  process.on('disconnect', () => process.exit())
}

async function listen(bodies: readonly string[]): Promise<string> {
  const app = fastify({ logger: false })
  for (const [index, body] of bodies.entries()) {
    app.get(barePath(index), (_request, reply) => {
      void reply.type('application/json; charset=utf-8').send(body)
    })
  }
  return app.listen({ host: '127.0.0.1', port: 0 })
}
