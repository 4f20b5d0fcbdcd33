import { Type } from 'typebox'
import type { UserService } from '../../gen/user/v1/user_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { IdParams } from '../schemas.ts'
import { ApiKeyList, apiKeyBody, NewApiKey, NewApiKeyBody } from './api-key-schemas.ts'

export type ApiKeyDeps = { readonly users: Handlers<typeof UserService> }

/** What back ends call with. Nobody can be given the right to make them. */
export function apiKeyRoutes({ users }: ApiKeyDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/api-keys',
      access: 'admin',
      tag: 'admin',
      id: 'listApiKeys',
      summary: 'List API keys, newest first',
      status: 200,
      response: ApiKeyList,
      async handle(_input, call) {
        const { apiKeys } = await users.listApiKeys({}, call)
        return { body: { data: apiKeys.map(apiKeyBody) } }
      },
    }),
    endpoint({
      method: 'POST',
      path: '/admin/api-keys',
      access: 'admin',
      tag: 'admin',
      id: 'createApiKey',
      summary: 'Make an API key. The answer shows it, once: `Authorization: Bearer tsk_…`',
      takesIdempotencyKey: true,
      body: NewApiKeyBody,
      status: 201,
      response: NewApiKey,
      async handle({ body }, call) {
        const { apiKey, secret, replayed } = await users.createApiKey(body, call)
        const shown = secret === '' ? {} : { key: secret }
        return { body: { ...apiKeyBody(apiKey), ...shown }, isReplay: replayed }
      },
    }),
    endpoint({
      method: 'DELETE',
      path: '/admin/api-keys/:id',
      access: 'admin',
      tag: 'admin',
      id: 'deleteApiKey',
      summary: 'Delete an API key; within a second no gateway accepts it any more',
      params: IdParams,
      status: 204,
      response: Type.Null(),
      async handle({ params }, call) {
        await users.deleteApiKey(params, call)
        return { body: null }
      },
    }),
  ]
}
