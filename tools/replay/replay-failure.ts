/** Nothing can be replayed, or not to the end; the message says why, for the person at the terminal. */
export class ReplayFailure extends Error {}
