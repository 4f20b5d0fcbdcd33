/** How passwords are hashed from now on. */
export type PasswordPolicy = {
  readonly algorithm: 'bcrypt' | 'argon2id'
  readonly bcryptCost: number
}

/** OWASP's first choice: 19 MiB, two passes, one thread. It takes some 20 ms. */
export const argon2Cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/**
 * The algorithm and the cost of a hash: all hashes of a kind take the same time. It is also how they begin. Undefined for
 * what no algorithm of ours has made.
 */
export const kindOf = (hash: string): string | undefined => kindPattern.exec(hash)?.[0]

const kindPattern = /^\$(?:2[aby]\$\d\d|argon2id\$v=19\$m=\d+,t=\d+,p=\d+)\$/

/** A hash of this kind that no password has. */
export function decoyOf(kind: string): string {
  const [salt, digest] = ['.'.repeat(22), '.'.repeat(31)] // the zeros of bcrypt
  return kind.startsWith('$2') ? `${kind}${salt}${digest}` : `${kind}${'A'.repeat(22)}$${'A'.repeat(43)}`
}

/** The kind of the hashes that the policy makes. Version "b" of bcrypt is what bcryptjs writes. */
export function kindBy({ algorithm, bcryptCost }: PasswordPolicy): string {
  if (algorithm === 'bcrypt') return `$2b$${String(bcryptCost).padStart(2, '0')}$`
  const { memoryCost, timeCost, parallelism } = argon2Cost
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`
}
