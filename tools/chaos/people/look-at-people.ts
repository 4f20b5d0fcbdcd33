import { findInDatabase, findInStreams } from '../../../internal/e2e/testing/scan.ts'
import { closed } from '../../../internal/e2e/testing/texts-of-databases.ts'
import { query } from '../../shared/database.ts'
import { until } from '../../shared/wait.ts'
import type { Field } from '../field.ts'
import { patientClient } from '../patient.ts'
import type { ShopHttp } from '../shop-http.ts'
import type { FoundKey, FoundLife, FoundPeople, FoundSession } from './judge-people.ts'
import type { Life } from './life.ts'
import type { People } from './people.ts'

type There = Pick<Field, 'databaseUrl' | 'natsUrl'>

/** An erasure is confirmed after its pause, and one that was cut off is taken up after a lease. */
const withinMs = 300_000

/** Waits until each service has confirmed each erasure. Undefined when that took too long. */
export async function erasuresEnd({ databaseUrl }: There): Promise<number | undefined> {
  const startedAt = performance.now()
  const sql = `select count(*) as left from users.erasures where confirmed_at is null`
  const areConfirmed = async (): Promise<boolean> => {
    const [row] = await query<{ readonly left: string }>(databaseUrl, sql)
    return row?.left === '0'
  }
  const isOver = await until(areConfirmed, { withinMs, everyMs: 1_000 })
  return isOver && Math.round(performance.now() - startedAt)
}

/** Tries everything that people and programs were told of: who gets in, and who does not. */
export async function lookAtPeople(
  { databaseUrl, natsUrl }: There,
  http: ShopHttp,
  people: Pick<People, 'lives' | 'keys'>,
): Promise<FoundPeople> {
  const ask = patientClient({ http, patience: { isOver: false } })
  const statusOf = async (path: string, token: string): Promise<number> =>
    (await ask({ method: 'GET', path, token }))?.status ?? 0
  const post = async (path: string, body: object): Promise<number> =>
    (await ask({ method: 'POST', path, body }))?.status ?? 0

  async function lookAt({ mark, password, isErased, sessions }: Life): Promise<FoundLife> {
    const found: FoundSession[] = []
    for (const { access, refresh, state } of sessions) {
      const looked = state === 'ended' ? await statusOf('/users/me', access) : undefined
      found.push({ state, looked, refreshed: await post('/auth/refresh', { refreshToken: refresh }) })
    }
    return {
      mark,
      isErased,
      sessions: found,
      loggedIn: await post('/users/login', { username: mark, password }),
    }
  }

  const lives: FoundLife[] = []
  for (const life of people.lives()) lives.push(await lookAt(life))
  const keys: FoundKey[] = []
  for (const { key, isDeleted } of people.keys())
    keys.push({ isDeleted, looked: await statusOf('/orders?limit=1', key) })
  const marks = lives.flatMap(({ mark, isErased }) => (isErased ? [mark] : []))
  if (marks.length === 0) return { lives, keys, remnants: [] }
  const stored = await findInDatabase(databaseUrl, marks, (column) => column in closed)
  const told = await findInStreams(natsUrl, marks)
  return { lives, keys, remnants: [...stored, ...told.found] }
}
