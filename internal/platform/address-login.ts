/** Node's `fetch` takes no user in an address: the address without it, and the header that tells who asks. */
export function splitLogin(address: string): {
  readonly base: string
  readonly headers: Readonly<Record<string, string>>
} {
  const { origin, pathname, username, password } = new URL(address)
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return {
    base: `${origin}${pathname.replace(/\/+$/, '')}`,
    headers: username === '' ? {} : { authorization: `Basic ${Buffer.from(user).toString('base64')}` },
  }
}
