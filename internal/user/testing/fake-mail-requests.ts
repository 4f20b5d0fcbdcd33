import type { Accounts } from '../application/accounts.ts'
import type { MailRequests } from '../application/mail-requests.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import { isOpen, type MailRequest, type MailRequestId, type MailRequestKind } from '../domain/mail-request.ts'

export type FakeMailRequests = {
  readonly mailRequests: MailRequests
  /** What the store of accounts does in the transaction of a change. */
  readonly store: (change: AccountChange) => void
  readonly end: (userId: UserId, at: Date, kind?: MailRequestKind) => void
  readonly forgetUser: (userId: UserId) => void
}

/** Mail requests in memory. They pass the same contract suite as the real ones. */
export function fakeMailRequests(accounts: Pick<Accounts, 'find' | 'update'>): FakeMailRequests {
  const stored = new Map<MailRequestId, { readonly userId: UserId; readonly request: MailRequest }>()
  const all = () => [...stored.values()]

  function end(userId: UserId, at: Date, kind?: MailRequestKind): void {
    for (const { userId: owner, request } of all())
      if (owner === userId && !request.endedAt && (kind === undefined || request.kind === kind))
        stored.set(request.id, { userId, request: { ...request, endedAt: at } })
  }

  function store({ events }: AccountChange): void {
    for (const event of events) {
      if (event.type !== 'MailRequested') continue
      const { request, account } = event
      end(account.id, request.createdAt, request.kind)
      stored.set(request.id, { userId: account.id, request })
    }
  }

  const mailRequests: MailRequests = {
    async ask(userId, { kind, since }, decide, trace, once) {
      const counts = (owner: UserId, request: MailRequest): boolean =>
        owner === userId && request.kind === kind && request.createdAt > since
      const count = all().filter(({ userId: owner, request }) => counts(owner, request)).length
      const change = (seen: Account): AccountChange => decide(seen, count) ?? { state: seen, events: [] }
      await accounts.update(userId, change, trace, undefined, once)
    },
    async findOpen(id, at) {
      const found = stored.get(id)
      const account = found && (await accounts.find(found.userId))
      return account && isOpen(found.request, at) ? { request: found.request, account } : undefined
    },
    async spend(id, at, decide, trace, ends) {
      const found = stored.get(id)
      if (!found || !isOpen(found.request, at)) return undefined
      stored.set(id, { ...found, request: { ...found.request, endedAt: at } })
      return accounts.update(found.userId, decide, trace, ends).catch((err: unknown) => {
        stored.set(id, found)
        throw err
      })
    },
    async forget(before) {
      for (const { request } of all()) if (request.expiresAt < before) stored.delete(request.id)
    },
  }
  function forgetUser(userId: UserId): void {
    for (const { userId: owner, request } of all()) if (owner === userId) stored.delete(request.id)
  }

  return { mailRequests, store, end, forgetUser }
}
