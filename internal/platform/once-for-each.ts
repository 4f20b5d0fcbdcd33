/** The same function, which does its work once for each object that it is given, as long as that is in use. */
export function onceForEach<Input extends object, Result>(
  work: (input: Input) => Result,
): (input: Input) => Result {
  const done = new WeakMap<Input, { readonly result: Result }>()
  return (input) => {
    const known = done.get(input)
    if (known) return known.result
    const result = work(input)
    done.set(input, { result })
    return result
  }
}
