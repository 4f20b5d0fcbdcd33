import { keysInMemory } from '../../platform/idempotency-keys.ts'
import type { Accounts } from '../application/accounts.ts'
import type { Erasures } from '../application/erasures.ts'
import type { Identities, LoginCodes } from '../application/identities.ts'
import type { MailRequests } from '../application/mail-requests.ts'
import { taken } from '../application/taken.ts'
import type { Account, AccountChange, UserId } from '../domain/account.ts'
import type { OutboxEvent } from '../../platform/outbox.ts'
import { encodeSessionEvent } from '../infrastructure/session-events.ts'
import { encodeAccountEvent } from '../infrastructure/user-json.ts'
import { kindOf } from '../infrastructure/password-kind.ts'
import type { AccountsFixture } from './accounts-contract.ts'
import { fakeErasures } from './fake-erasures.ts'
import { fakeIdentities, fakeLoginCodes } from './fake-identities.ts'
import { fakeMailRequests } from './fake-mail-requests.ts'
import { fakeSessions, type FakeSessions } from './fake-sessions.ts'

type FakeStore = AccountsFixture & {
  readonly sessions: FakeSessions
  readonly mailRequests: MailRequests
  readonly identities: Identities
  readonly loginCodes: LoginCodes
  readonly erasures: Erasures
}

/** A store of accounts in memory. It passes the same contract suite as the real one. */
export function fakeAccounts(): FakeStore {
  const stored = new Map<UserId, Account>()
  const published: string[] = []
  const toldSessions = new Map<UserId, number>()
  const sessions = fakeSessions({
    isBlocked(userId) {
      const owner = stored.get(userId)
      return owner?.blockedAt !== undefined || owner?.erasedAt !== undefined
    },
    publish(userId, told, trace) {
      const version = (toldSessions.get(userId) ?? 0) + 1
      toldSessions.set(userId, version)
      published.push(lineOf(encodeSessionEvent(userId, version, told, trace)))
    },
  })
  const keys = keysInMemory()
  const publish = (change: AccountChange, trace: Parameters<Accounts['add']>[1]): void => {
    mail.store(change)
    elsewhere.store(change)
    for (const event of change.events) published.push(lineOf(encodeAccountEvent(event, trace)))
  }
  const accounts: Accounts = {
    find: async (id) => stored.get(id),
    findByLogin: async (login) =>
      [...stored.values()].find((account) =>
        'email' in login ? account.email === login.email : account.username === login.username,
      ),
    async findByRequest(once) {
      const id = keys.find(once)
      return id === undefined ? undefined : stored.get(id as UserId)
    },
    async add(change, trace, once) {
      for (const account of stored.values()) {
        if (account.email === change.state.email) throw taken('email')
        if (account.username === change.state.username) throw taken('username')
      }
      keys.claim(once, change.state.id)
      stored.set(change.state.id, change.state)
      publish(change, trace)
      return change.state
    },
    hashKinds: async () =>
      [...new Set([...stored.values()].map(({ passwordHash = '' }) => kindOf(passwordHash)))].filter(
        (kind) => kind !== undefined,
      ),
    async page({ query, role, limit, after }) {
      const matching = [...stored.values()]
        .filter((account) => !account.erasedAt && (role === undefined || account.role === role))
        .filter(({ email, username }) => [email, username].some((text) => text.startsWith(query ?? '')))
        .filter(({ id }) => after === undefined || id < after)
        .sort((one, other) => (one.id < other.id ? 1 : -1))
      const accounts = matching.slice(0, limit)
      return { accounts, next: matching.length > limit ? accounts.at(-1)?.id : undefined }
    },
    async update(id, decide, trace, ends, once) {
      const account = stored.get(id)
      if (!account || account.erasedAt) return undefined
      const change = decide(account)
      keys.claim(once, id)
      stored.set(id, change.state)
      const { accessVersion } = change.state
      if (accessVersion > account.accessVersion) sessions.tell({ userId: id, accessVersion })
      if (ends) {
        await sessions.endAll(id, ends, trace)
        mail.end(id, ends.at, 'password-reset')
      }
      if (change.state.email !== account.email) mail.end(id, change.state.updatedAt)
      publish(change, trace)
      return change.state
    },
  }
  const mail = fakeMailRequests(accounts)
  const elsewhere = fakeIdentities(accounts)
  const loginCodes = fakeLoginCodes()
  const erasures = fakeErasures({
    ...{ stored, update: accounts.update, publish },
    forgetUser(userId, at, trace) {
      sessions.forgetUser(userId, at, trace)
      for (const store of [mail, elsewhere, loginCodes]) store.forgetUser(userId)
      keys.forget(userId)
    },
  })
  return {
    ...{ accounts, sessions, mailRequests: mail.mailRequests, published: async () => published },
    ...{ identities: elsewhere.identities, loginCodes, erasures },
  }
}

function lineOf({ subject, aggregateId, aggregateVersion, data }: OutboxEvent): string {
  const { reason, by, changed } = data as { reason?: string; by?: string; changed?: readonly string[] }
  const said = [reason, by, changed && JSON.stringify(changed)].filter((each) => each !== undefined)
  return [subject, aggregateId, aggregateVersion, ...said].join(' ')
}
