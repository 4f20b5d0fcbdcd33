/** A text that must occur exactly once in the file, and its replacement. */
export type Patch = { readonly file: string; readonly search: string; readonly replace: string }

/** What must notice the mutant. */
export type Hunt =
  /** A run of the simulation. */
  | { readonly by: 'simulation' }
  /** A drill against real servers: a test file, and the words of the test that fails. */
  | { readonly by: 'drill'; readonly file: string; readonly test: string }

/** One rule broken on purpose. */
export type Mutant = {
  readonly name: string
  /** The rule that the mutant breaks. */
  readonly rule: string
  readonly patches: readonly Patch[]
  readonly hunt: Hunt
}
