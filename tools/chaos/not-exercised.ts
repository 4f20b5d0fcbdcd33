/** The fault was impossible or had no effect, so the campaign has not tested it. */
export class NotExercised extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotExercised'
  }
}
