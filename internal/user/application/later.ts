import type { UserId } from '../domain/account.ts'

/**
 * Does one piece of work after another, so that many of them don't slow down what else is asked. One that waits already
 * for the same person is not added again. Nobody waits for it, and what fails is logged.
 */
export type Later = (userId: UserId, work: () => Promise<void>) => void
