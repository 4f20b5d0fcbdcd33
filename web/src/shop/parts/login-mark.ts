const key = 'tillstream.login-mark'

/**
 * The address that begins a login elsewhere. A mark in this tab shows that the login was begun here: otherwise a stranger's
 * link could log people in as the stranger.
 */
export function beginLogin(provider: string, next: string): string {
  const mark = crypto.randomUUID()
  sessionStorage.setItem(key, mark)
  const back = new URL('/shop/back', location.origin)
  back.search = new URLSearchParams({ mark, to: next }).toString()
  return `/auth/oidc/${encodeURIComponent(provider)}?${new URLSearchParams({ returnTo: back.href }).toString()}`
}

/** True once for what beginLogin has begun in this tab. */
export function isMarked(mark: string | null): boolean {
  const known = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  return known !== null && known === mark
}
