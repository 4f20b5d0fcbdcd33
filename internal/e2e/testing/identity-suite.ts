import type { Test } from 'tap'
import type { Api } from './api.ts'
import type { Pair } from './sessions-suite.ts'

/** A browser: it keeps cookies for each origin and path, and is sent from page to page. */
export function openBrowser() {
  const cookies: { readonly origin: string; readonly path: string; readonly pair: string }[] = []

  async function go(url: string, method = 'GET') {
    const { origin, pathname } = new URL(url)
    const sent = cookies.filter((one) => one.origin === origin && pathname.startsWith(one.path))
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { cookie: sent.map(({ pair }) => pair).join('; ') },
    })
    for (const line of answer.headers.getSetCookie()) {
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/'
      const pair = line.split(';', 1)[0] ?? ''
      const name = `${pair.split('=', 1)[0] ?? ''}=`
      const old = cookies.findIndex(
        (one) => one.origin === origin && one.path === path && one.pair.startsWith(name),
      )
      if (old >= 0) cookies.splice(old, 1)
      if (pair !== name) cookies.push({ origin, path, pair })
    }
    const location = answer.headers.get('location')
    return { status: answer.status, location: location === null ? '' : new URL(location, url).href, answer }
  }

  /** Logs in as this person, and ends where the provider sends the browser back to the shop. */
  async function logInAs(person: string, shopUrl: string, returnTo: string): Promise<string> {
    let { location } = await go(`${shopUrl}/auth/oidc/local?returnTo=${encodeURIComponent(returnTo)}`)
    for (let pages = 0; !location.startsWith(`${shopUrl}/auth/oidc/local/callback`); pages++) {
      if (pages > 8) throw new Error(`the provider does not send it back: ${location}`)
      const isPeople = new URL(location).pathname.startsWith('/login/')
      location = (await (isPeople ? go(`${location}/${person}`, 'POST') : go(location))).location
    }
    return location
  }

  return { go, logInAs }
}

/** Logging in by the provider that `npm start` runs, at a shop that is reached at `url`. */
export function identitySuite(t: Test, api: Api, url: string): void {
  const returnTo = 'http://localhost:3000/back?from=test'
  const token = (code: string) => api.request<Pair>('POST', '/auth/token', { body: { code } })

  async function enterAs(person: string) {
    const browser = openBrowser()
    const callback = await browser.logInAs(person, url, returnTo)
    const { status, location } = await browser.go(callback)
    return { browser, callback, status, back: new URL(location) }
  }

  t.test('somebody comes by the local provider, and is known the next time', async (t) => {
    const { body } = await api.request<{ data: object[] }>('GET', '/auth/providers')
    t.same(body.data, [{ id: 'local', name: 'Local' }])
    const { status, back } = await enterAs('ada')
    t.equal(status, 302)
    t.equal(`${back.origin}${back.pathname}`, 'http://localhost:3000/back')
    t.equal(back.searchParams.get('from'), 'test')
    const code = back.searchParams.get('code') ?? ''
    const { status: given, body: pair } = await token(code)
    t.equal(given, 200)
    t.match(pair, { user: { email: 'ada@example.com', name: 'Ada Lovelace', emailVerified: true } })
    t.match(await token(code), { status: 401, body: { code: 'auth.login-code-invalid' } }, 'once')
    const again = await token((await enterAs('ada')).back.searchParams.get('code') ?? '')
    const [first, second] = [pair, again.body] as unknown as { readonly user: { readonly id: string } }[]
    t.equal(second?.user.id, first?.user.id)
    const own = await api.request<{ data: { id: string }[] }>('GET', '/users/me/identities', {
      token: pair.accessToken,
    })
    t.match(own.body.data, [{ provider: 'local' }])
    const unlink = await api.request('DELETE', `/users/me/identities/${own.body.data[0]?.id ?? ''}`, {
      token: pair.accessToken,
    })
    t.match(unlink, { status: 409, body: { code: 'user.last-login' } })
  })

  t.test('an address that the provider has not verified opens nothing', async (t) => {
    const { back } = await enterAs('eve')
    t.equal(back.searchParams.get('error'), 'auth.identity-email-unverified')
    t.equal(back.searchParams.get('code'), null)
  })

  t.test('another browser cannot finish a login, and nobody finishes it twice', async (t) => {
    const mine = openBrowser()
    const callback = await mine.logInAs('grace', url, returnTo)
    const theirs = await openBrowser().go(callback)
    t.equal(theirs.status, 400)
    t.match(await theirs.answer.json(), { code: 'auth.login-attempt-invalid' })
    t.match((await mine.go(callback)).location, /[?&]code=/)
    t.match((await mine.go(callback)).answer.status, 400)
    const forged = new URL(await mine.logInAs('grace', url, returnTo))
    forged.searchParams.set('state', 'x')
    t.equal((await mine.go(forged.href)).status, 400)
    const other = new URL(await mine.logInAs('grace', url, returnTo))
    other.searchParams.set('iss', 'https://accounts.google.com')
    t.match((await mine.go(other.href)).location, /error=auth.identity-invalid/)
  })

  t.test('nobody is sent to a stranger', async (t) => {
    for (const to of ['https://evil.example/', 'javascript:alert(1)', '//evil.example']) {
      const path = `/auth/oidc/local?returnTo=${encodeURIComponent(to)}`
      t.match(await api.request('GET', path), { status: 400, body: { code: 'request.return-not-allowed' } })
    }
    const unknown = await api.request('GET', '/auth/oidc/nobody?returnTo=http://localhost/')
    t.match(unknown, { status: 404, body: { code: 'auth.provider-not-found' } })
  })
}
