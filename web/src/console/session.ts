import type { Tokens } from 'tillstream-sdk'
import { sessionApi } from '../shared/session-api.ts'
import { keptStore } from '../shared/store.ts'

/** Who works here. Whoever is logged in to the shop in the same browser may be somebody else. */
export const session = keptStore<Tokens | undefined>('console.session', undefined)

export const api = sessionApi(session)
