import { requireUser, systemCall, traceOf, type Call } from '../../platform/call.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Account, UserId } from '../domain/account.ts'
import { changeSecondFactor } from '../domain/account.ts'
import { beginSecondFactor, confirmSecondFactor, judgeCode, type Judgement } from '../domain/second-factor.ts'
import type { Accounts } from './accounts.ts'
import { unknownUser } from './get-user.ts'

/** Codes of apps and recovery codes. All of it is synchronous, because it is done under the account's lock. */
export type Codes = {
  readonly newSecret: () => string
  /** What an app reads from a QR code. */
  readonly uriOf: (secret: string, login: string) => string
  /** Encrypts for this account. Refuses with second-factor.unavailable when the shop has no key for that. */
  readonly seal: (secret: string, of: UserId) => string
  /** The same under the key of today, where a previous one has sealed it; as it is where no key of the shop opens it. */
  readonly sealedAnew: (sealedSecret: string, of: UserId) => string
  /** The time step of the code, one before and one after now included; undefined for any other text. */
  readonly stepOf: (sealedSecret: string, of: UserId, code: string, at: Date) => number | undefined
  readonly newRecoveryCodes: () => readonly string[]
  readonly hashOf: (recoveryCode: string) => string
}

type Deps = { readonly accounts: Accounts; readonly codes: Codes; readonly now: () => Date }

/** What an app has to be told. It is shown once; whoever asks again before it is confirmed gets another one. */
export function beginOwnSecondFactor({ accounts, codes }: Deps) {
  return async (call: Call): Promise<{ readonly secret: string; readonly uri: string }> => {
    const id = ownId(call)
    const secret = codes.newSecret()
    const sealed = codes.seal(secret, id)
    const account = await accounts.update(
      id,
      (seen) => {
        if (seen.secondFactor?.confirmedAt) throw alreadySet()
        return { state: { ...seen, secondFactor: beginSecondFactor(sealed) }, events: [] }
      },
      traceOf(call),
    )
    return { secret, uri: codes.uriOf(secret, (account ?? unknownUser()).email) }
  }
}

/** From now on a login needs a code. Returns the recovery codes, which are shown once. */
export function confirmOwnSecondFactor(deps: Deps) {
  return async (code: string, call: Call): Promise<readonly string[]> => {
    const recoveryCodes = deps.codes.newRecoveryCodes()
    const hashes = recoveryCodes.map(deps.codes.hashOf)
    await judgeOwn(deps, code, call, (seen, { factor }, at) =>
      changeSecondFactor(seen, confirmSecondFactor(factor, hashes, at), at),
    )
    return recoveryCodes
  }
}

export function removeOwnSecondFactor(deps: Deps) {
  return (code: string, call: Call): Promise<void> =>
    judgeOwn(deps, code, call, (seen, _judgement, at) => changeSecondFactor(seen, undefined, at), true)
}

/** For a login whose password was right. An empty code is none. */
export function passSecondFactor(deps: Deps) {
  return async ({ id, secondFactor }: Account, code: string): Promise<void> => {
    if (!secondFactor?.confirmedAt) return
    if (code === '')
      throw new Refusal(
        'unauthenticated',
        'auth.second-factor-required',
        'a code of the second factor is needed',
      )
    const is = await judge(deps, id, code, (state) => ({ state, events: [] }), systemCall(''))
    if (is === 'wrong') throw new Refusal('unauthenticated', 'auth.bad-second-factor', 'the code is wrong')
  }
}

/** For what somebody who is logged in may do only as the owner. An empty code is none. */
export function proveSecondFactor(deps: Deps) {
  return async ({ id, secondFactor }: Account, code: string, call: Call): Promise<void> => {
    if (!secondFactor?.confirmedAt) return
    const is = code === '' ? 'wrong' : await judge(deps, id, code, (state) => ({ state, events: [] }), call)
    if (is === 'wrong') throw wrongCode()
  }
}

const wrongCode = (): Refusal =>
  new Refusal('forbidden', 'user.wrong-code', 'the code is wrong, or it was used before')

type Change = (account: Account, judgement: Judgement, at: Date) => ReturnType<typeof changeSecondFactor>

async function judgeOwn(
  deps: Deps,
  code: string,
  call: Call,
  change: Change,
  wantsConfirmed = false,
): Promise<void> {
  const right: Change = (seen, judgement, at) => {
    if (!wantsConfirmed && seen.secondFactor?.confirmedAt) throw alreadySet()
    return change(seen, judgement, at)
  }
  if ((await judge(deps, ownId(call), code, right, call)) === 'wrong') throw wrongCode()
}

/** A wrong code is counted, so nothing is thrown under the lock but what changes nothing. */
async function judge(
  { accounts, codes, now }: Deps,
  id: UserId,
  code: string,
  change: Change,
  call: Call,
): Promise<Judgement['is']> {
  const found: { is: Judgement['is'] } = { is: 'wrong' }
  await accounts.update(
    id,
    (seen) => {
      const at = now()
      if (!seen.secondFactor) throw notBegun()
      const { sealedSecret } = seen.secondFactor
      const shown = { step: codes.stepOf(sealedSecret, id, code, at), hash: codes.hashOf(code) }
      const judgement = judgeCode(seen.secondFactor, shown, at)
      found.is = judgement.is
      if (judgement.is !== 'good') return { state: { ...seen, secondFactor: judgement.factor }, events: [] }
      const factor = { ...judgement.factor, sealedSecret: codes.sealedAnew(sealedSecret, id) }
      return change({ ...seen, secondFactor: factor }, { ...judgement, factor }, at)
    },
    traceOf(call),
  )
  if (found.is === 'too-many')
    throw new Refusal(
      'invalid',
      'auth.too-many-codes',
      'too many wrong codes; try again in a quarter of an hour',
    )
  return found.is
}

const ownId = (call: Call): UserId => requireUser(call).userId as UserId

const alreadySet = (): Refusal =>
  new Refusal('conflict', 'second-factor.set', 'there is a second factor; remove it first')

const notBegun = (): Refusal =>
  new Refusal('not-found', 'second-factor.not-found', 'there is no second factor')
