// This file is plain JavaScript, because a worker thread starts without the loader for TypeScript.
import bcrypt from 'bcryptjs'

/**
 * Runs in a thread of its own, where slow hashing does not block the event loop.
 * @param {import('./bcrypt-passwords.ts').PasswordTask} task
 */
export function runPasswordTask(task) {
  return task.kind === 'hash'
    ? bcrypt.hashSync(task.password, task.cost)
    : bcrypt.compareSync(task.password, task.hash)
}
