import type { UserService } from '../gen/user/v1/user_pb.ts'
import type { Handlers } from '../platform/service.ts'
import { endedSessions } from '../platform/callers/ended-sessions.ts'
import { noticeEndings } from './notice-endings.ts'
import type { Together } from './together/open-together.ts'

type Deps = {
  readonly users: Handlers<typeof UserService>
  readonly accessTokenSeconds: number
  readonly together: Together
}

/** What ends a session, a key or a right here is told to the other gateways, and theirs is heard. */
export function knowEndings({ users, accessTokenSeconds: tokenSeconds, together: { bus } }: Deps) {
  const ended = endedSessions({ users, tokenSeconds })
  bus.hear('endings', () => ended.notice())
  return { ended, users: noticeEndings(users, () => bus.tell('endings', '')) }
}
