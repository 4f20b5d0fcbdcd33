/** The replay could not begin or could not be finished. The message tells the user why. */
export class ReplayFailure extends Error {}
