import ipaddr from 'ipaddr.js'

/** The address of a peer as gRPC names it: 192.0.2.7:4711 or [2001:db8::1]:4711. */
export const addressOf = (peer: string): string => peer.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')

/** As callers are counted: an address, or for IPv6 its /64 network, because one customer has all of it. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()
}
