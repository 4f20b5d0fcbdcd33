import { isIP, isIPv6 } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Some proxies write X-Forwarded-For with ports. Fastify reads plain addresses only, so a trusted proxy would be a
 * stranger, and each port of a client another address.
 */
export function readForwardedPorts(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw
    const given = headers['x-forwarded-for']
    if (typeof given === 'string') headers['x-forwarded-for'] = given.split(',').map(plainAddress).join(', ')
    done()
  })
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `"[2001:db8::1]"` and `fe80::1%eth0` without what is not of the address. */
function plainAddress(entry: string): string {
  const text = entry.trim().replaceAll('"', '')
  if (isIP(text)) return withoutZone(text)
  const [, inBrackets, beforePort] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? []
  const address = inBrackets ?? beforePort ?? ''
  return isIP(address) ? withoutZone(address) : text
}

const withoutZone = (address: string): string =>
  isIPv6(address) ? (address.split('%', 1)[0] ?? address) : address
