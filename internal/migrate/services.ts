/** Each service owns one PostgreSQL schema, and its migrations are in prisma/<service>/migrations. */
export const schemaOf = {
  user: 'users',
  inventory: 'inventory',
  order: 'orders',
  producer: 'producer',
  consumer: 'consumer',
} as const

export type Service = keyof typeof schemaOf

export const services = Object.keys(schemaOf) as readonly Service[] // the keys of a constant object are known
