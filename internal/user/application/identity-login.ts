import { traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Session } from '../domain/session.ts'
import { beginSessionOf, type LoggedIn, type SessionDeps } from './begin-session.ts'
import { enterByIdentity, type EnterDeps } from './enter-by-identity.ts'
import type { Attempt, IdentityProvider, LoginCodes, Seals, Secrets } from './identities.ts'
import type { passSecondFactor } from './second-factors.ts'

export type IdentityLoginDeps = EnterDeps & {
  readonly providers: readonly IdentityProvider[]
  readonly seals: Seals
  readonly newSecrets: () => Secrets
  readonly loginCodes: LoginCodes
  /** A code that nobody can guess. */
  readonly newCode: () => string
  readonly digestOf: (code: string) => string
}

/** People may have to find their password at the provider. */
const attemptMs = 10 * 60_000
/** A browser needs a moment to come back to the shop. */
const codeMs = 60_000

export type Destination = Pick<Attempt, 'provider' | 'redirectUri' | 'returnTo'>

/** Begins a login at a provider. The attempt has to come back from the same browser. */
export function beginIdentityLogin({ providers, seals, newSecrets, now }: IdentityLoginDeps) {
  return async (destination: Destination): Promise<{ readonly url: string; readonly attempt: string }> => {
    const provider = find(providers, destination.provider)
    const attempt = { ...destination, ...newSecrets(), expiresAt: now().getTime() + attemptMs }
    return { url: await provider.urlFor(attempt), attempt: seals.seal(attempt) }
  }
}

export type Finished = { readonly returnTo: string } & (
  { readonly code: string } | { readonly refused: Refusal }
)

/** Ends a login at a provider with a code that is good once. Whoever was refused is sent on with the reason. */
export function finishIdentityLogin(deps: IdentityLoginDeps) {
  const enter = enterByIdentity(deps)
  return async (id: string, url: string, sealed: string, call: Call): Promise<Finished> => {
    const provider = find(deps.providers, id)
    const attempt = deps.seals.open(sealed)
    const isOurs = attempt?.provider === id && attempt.expiresAt > deps.now().getTime()
    if (!isOurs || new URL(url).searchParams.get('state') !== attempt.state) throw badAttempt()
    const { returnTo } = attempt
    try {
      const account = await enter(id, await provider.claimsOf(url, attempt), traceOf(call))
      const code = deps.newCode()
      const expiresAt = new Date(deps.now().getTime() + codeMs)
      await deps.loginCodes.add(deps.digestOf(code), account.id, expiresAt)
      return { returnTo, code }
    } catch (err) {
      if (err instanceof Refusal) return { returnTo, refused: err }
      throw err
    }
  }
}

type RedeemDeps = SessionDeps &
  Pick<IdentityLoginDeps, 'accounts' | 'loginCodes' | 'digestOf'> & {
    readonly passSecondFactor: ReturnType<typeof passSecondFactor>
  }

type Redeeming = Pick<Session, 'client' | 'address'> & {
  readonly code: string
  readonly secondFactorCode: string
}

/**
 * Begins a session with a code, which is spent by it. Somebody with a second factor has to give a code of that as well;
 * without it, or with a wrong one, the login's code is still good.
 */
export function redeemLoginCode(deps: RedeemDeps) {
  const { loginCodes, accounts, now } = deps
  return async ({ code, secondFactorCode, ...from }: Redeeming, call: Call): Promise<LoggedIn> => {
    const digest = deps.digestOf(code)
    const userId = await loginCodes.look(digest, now())
    const account = userId && (await accounts.find(userId))
    if (!account || account.blockedAt) throw badCode()
    await deps.passSecondFactor(account, secondFactorCode)
    if ((await loginCodes.take(digest, now())) === undefined) throw badCode()
    return beginSessionOf(deps)(account, from, traceOf(call))
  }
}

function find(providers: readonly IdentityProvider[], id: string): IdentityProvider {
  const provider = providers.find((known) => known.id === id)
  if (provider) return provider
  throw new Refusal('not-found', 'auth.provider-not-found', 'nobody can log in by this provider')
}

const badAttempt = (): Refusal =>
  new Refusal(
    'invalid',
    'auth.login-attempt-invalid',
    'this login did not begin in this browser, or too long ago; begin again',
  )

const badCode = (): Refusal =>
  new Refusal('unauthenticated', 'auth.login-code-invalid', 'the code is good no more; log in again')
