// This file is plain JavaScript, because a worker thread starts without the loader for TypeScript.
import bcrypt from 'bcryptjs'

/**
 * Runs in a thread of its own, where slow hashing does not block the event loop.
 * @param {import('./piscina-passwords.ts').PasswordTask} task
 */
export async function runPasswordTask(task) {
  switch (task.kind) {
    case 'hash with bcrypt':
      return bcrypt.hashSync(task.password, task.cost)
    case 'hash with argon2id':
      return (await argon2()).hashSync(task.password, { algorithm: argon2id, ...task.cost })
    case 'compare':
      return task.hash.startsWith('$argon2')
        ? (await argon2()).verifySync(task.hash, task.password)
        : bcrypt.compareSync(task.password, task.hash)
  }
}

/** The package's enum is a constant of TypeScript, which does not exist here. */
const argon2id = 2

/** Native code, which is loaded only where it is used. */
const argon2 = () => import('@node-rs/argon2')
