import ipaddr from 'ipaddr.js'
import { Refusal } from '../../../platform/refusal.ts'

/** What may be called, besides the usual two. Lower ports belong to services of machines. */
const lowestPort = 1_024
const longestUrl = 2_000

/**
 * True for addresses of the internet that anybody can have: no private, local, shared or reserved network, no metadata
 * service, and no IPv6 form that leads to an IPv4 address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const parsed = ipaddr.parse(text)
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast'
  const [first = 0] = (parsed as ipaddr.IPv6).parts
  // All that is given out lies in 2000::/3: this leaves out mapped, compatible and NAT64 addresses whatever they are called.
  return parsed.range() === 'unicast' && first >>> 13 === 1
}

/** The host of a URL is a name or a literal address; WHATWG's URL has turned decimal, hex and octal forms into dotted ones. */
export const literalOf = (hostname: string): string | undefined => {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : undefined
}

export const mayUsePort = (port: number): boolean => port === 80 || port === 443 || port >= lowestPort

/** Returns the URL as it is stored. Names are looked at when they are called, because what they mean changes. */
export function parseEndpointUrl(text: string, isPrivateAllowed: boolean): string {
  const url = text.length <= longestUrl && URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw invalid(`a URL of at most ${longestUrl} characters`)
  if (url.protocol !== 'https:' && !(isPrivateAllowed && url.protocol === 'http:')) throw invalid('https')
  if (url.username !== '' || url.password !== '') throw invalid('without a user and a password')
  if (!mayUsePort(portOf(url))) throw invalid('on port 80, 443 or one from 1024 on')
  if (!isPrivateAllowed && isPrivateHost(url.hostname)) throw invalid('at a public address')
  url.hash = ''
  return url.href
}

const portOf = ({ protocol, port }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80))

function isPrivateHost(hostname: string): boolean {
  const literal = literalOf(hostname)
  return literal === undefined ? /(^|\.)localhost\.?$/i.test(hostname) : !isPublicAddress(literal)
}

const invalid = (expected: string): Refusal =>
  new Refusal('invalid', 'webhook.invalid-url', `the address must be ${expected}`)
