import { User } from '../routes/user-schemas.ts'
import type { Part } from './part.ts'

export const accountPart = (): Part => ({
  sdl: ({ types }) => `
    ${types({ User })}
    extend type Query {
      "One's own account"
      me: User
    }`,
  queries: { me: { asks: ['getOwnUser'], resolve: (_args, ask) => ask('getOwnUser') } },
})
