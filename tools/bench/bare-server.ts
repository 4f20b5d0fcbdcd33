import fastify from 'fastify'

/** The path of a body that the parent process has sent. */
export const barePath = (index: number): string => `/${index}`

/** Fastify as it comes, with routes that answer with the bytes they were told: what any of ours can reach at best. */
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
