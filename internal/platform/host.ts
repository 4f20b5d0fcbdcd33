import { isIP } from 'node:net'

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`, 'i')

/** A name that can be looked up, or an IP address. `10.0.0.300` is neither. */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return !text.includes('%')
  return text.length <= 253 && hostName.test(text) && !/^[\d.]+$/.test(text)
}

/** True when whoever listens there is reached from its own machine only. */
export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  return isIP(host) === 4
    ? host.startsWith('127.')
    : isIP(host) === 6 && new URL(`http://[${host}]`).hostname === '[::1]'
}
