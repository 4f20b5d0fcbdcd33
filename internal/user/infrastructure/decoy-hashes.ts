import type { OtherDecoys } from '../application/passwords.ts'
import { decoyOf, kindOf } from './password-kind.ts'

type Deps = {
  /** The kind of today's hashes. */
  readonly today: string
  /** The kinds of all hashes that are stored. */
  readonly storedKinds: () => Promise<readonly string[]>
  readonly nowMs?: () => number
}

/** Old kinds go one by one, as people log in; so it is enough to look for them once in a while. */
const lookEveryMs = 3_600_000

export function decoyHashes({ today, storedKinds, nowMs = () => performance.now() }: Deps): OtherDecoys {
  let looked: { readonly kinds: Promise<readonly string[]>; readonly atMs: number } | undefined

  function kinds(): Promise<readonly string[]> {
    if (looked && nowMs() - looked.atMs < lookEveryMs) return looked.kinds
    const looking = { kinds: storedKinds(), atMs: nowMs() }
    looked = looking
    // What could not be read is read the next time.
    looking.kinds.catch(() => (looked = undefined))
    return looking.kinds
  }

  return async (hash) => {
    const own = hash === undefined ? undefined : kindOf(hash)
    const all = new Set([today, ...(await kinds())])
    return [...all].filter((kind) => kind !== own).map(decoyOf)
  }
}
