// Plain JavaScript: a worker thread starts without the loader that takes TypeScript.
import bcrypt from 'bcryptjs'

/**
 * Runs in a thread of its own, where taking 55 ms stops nobody.
 * @param {import('./bcrypt-passwords.ts').PasswordTask} task
 */
export function runPasswordTask(task) {
  return task.kind === 'hash'
    ? bcrypt.hashSync(task.password, task.cost)
    : bcrypt.compareSync(task.password, task.hash)
}
