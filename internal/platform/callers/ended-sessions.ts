import type { EndingSchema, UserService } from '../../gen/user/v1/user_pb.ts'
import { systemCall } from '../call.ts'
import type { Handlers } from '../service.ts'
import type { Wire } from '../wire.ts'
import type { Identity } from './tokens.ts'

/**
 * Which access tokens are good no more, although their time is not over. The user service is asked again whenever
 * somebody calls and the last answer is older than a moment, so that an ended session is refused within a second on
 * every gateway; a gateway that nobody calls asks nobody.
 */
export type EndedSessions = {
  /** False when what is known is too old to rely on. Asks for more before it comes to that. */
  readonly isCurrent: () => boolean
  /** Asks now. Rejects when the user service does not answer. */
  readonly refresh: () => Promise<void>
  /** Another gateway says that something has ended. It is asked for soon, if somebody calls here. */
  readonly notice: () => void
  readonly isEnded: (identity: Pick<Identity, 'sessionId' | 'userId' | 'accessVersion'>) => boolean
}

/** Together with the time that an answer takes, this is less than a second. */
const goodForMs = 700
/** From then on the next caller has it asked again, and need not wait for it. */
const askAfterMs = 300

/** Those who end very many sessions cause no more questions than this. */
const noticedAtMostEveryMs = 50

type Deps = {
  readonly users: Pick<Handlers<typeof UserService>, 'listEndings'>
  /** An ending is forgotten when no token can be left that it concerns. */
  readonly tokenSeconds: number
  readonly nowMs?: () => number
}

export function endedSessions({ users, tokenSeconds, nowMs = () => performance.now() }: Deps): EndedSessions {
  const sessions = new Map<string, number>()
  const versions = new Map<string, { readonly version: number; readonly until: number }>()
  let askedAt = -Infinity
  let since = ''
  let asking: Promise<void> | undefined
  let isNoticed = false

  function learn({ sessionId, userId, accessVersion }: Wire<typeof EndingSchema>, until: number): void {
    if (sessionId !== '') sessions.set(sessionId, until)
    else if (accessVersion >= (versions.get(userId)?.version ?? 0))
      versions.set(userId, { version: accessVersion, until })
  }

  function forget(now: number): void {
    for (const [id, until] of sessions) if (until < now) sessions.delete(id)
    for (const [id, { until }] of versions) if (until < now) versions.delete(id)
  }

  async function ask(): Promise<void> {
    const startedAt = nowMs()
    const until = startedAt + 2 * tokenSeconds * 1_000
    let asOf: string | undefined
    for (let afterId: string | undefined; afterId !== '';) {
      const question = { since, withinSeconds: 2 * tokenSeconds, afterId: afterId ?? '' }
      const answer = await users.listEndings(question, systemCall(''))
      for (const ending of answer.endings) learn(ending, until)
      asOf ??= answer.asOf
      afterId = answer.nextId
    }
    forget(startedAt)
    since = asOf ?? since
    askedAt = startedAt
  }

  function refresh(): Promise<void> {
    asking ??= ask().finally(() => (asking = undefined))
    return asking
  }

  /** A question that is under way may have come too early, so another one follows it. */
  async function askOnceMore(): Promise<void> {
    isNoticed = false
    await asking?.catch(() => undefined)
    // Nobody calls; whoever does has it asked anyway.
    if (nowMs() - askedAt > goodForMs) return
    await refresh().catch(() => undefined)
  }

  return {
    notice() {
      if (isNoticed) return
      isNoticed = true
      setTimeout(() => void askOnceMore(), noticedAtMostEveryMs).unref()
    },
    isCurrent() {
      const age = nowMs() - askedAt
      // A failure shows when it is needed.
      if (age > askAfterMs) void refresh().catch(() => undefined)
      return age <= goodForMs
    },
    refresh,
    isEnded: ({ sessionId, userId, accessVersion }) =>
      sessions.has(sessionId) || accessVersion < (versions.get(userId)?.version ?? 0),
  }
}
