// Counts the tests in TAP. A test is a block without blocks inside, or an assertion outside of all blocks.

/** Counts what a tap-parser finds. */
export function tally(parser) {
  const counts = { passed: 0, skipped: [], failures: [] }
  const fail = (name, detail) => counts.failures.push({ name, detail })
  follow(parser, [], { counts, fail })
  parser.on('bailout', (reason) => fail('the file', `bailed out: ${reason}`))
  parser.on('complete', (results) => {
    const { plan, count } = results
    // The parser reports this for a file that prints nothing at all.
    const isSilent = !plan.skipReason || plan.skipReason === 'no tests found'
    if (plan.skipAll && !isSilent) counts.skipped.push({ name: 'the file', reason: plan.skipReason })
    else if (count === 0 && counts.failures.length === 0) fail('the file', 'reported no test')
    if (results.ok || counts.failures.length > 0) return
    const reasons = results.failures.map((failure) => failure.tapError ?? failure.name)
    fail('the file', reasons.join(', ') || 'is not valid TAP')
  })
  return {
    ...counts,
    fail,
    result: () => ({ passed: counts.passed, skipped: counts.skipped, failures: counts.failures }),
  }
}

/** The result line of a block comes right after the block. */
function follow(parser, at, { counts, fail }) {
  const block = { blocks: 0, failures: 0, details: [] }
  let closed
  parser.on('child', (child) => {
    closed = follow(child, [...at, child.name], { counts, fail })
  })
  parser.on('assert', (point) => {
    const name = [...at, point.name].join(' › ')
    const inner = closed
    closed = undefined
    if (point.skip || point.todo) return void counts.skipped.push({ name, reason: reasonOf(point) })
    if (inner) block.blocks += 1
    if (!point.ok) block.failures += 1
    if (!inner && at.length > 0) {
      if (!point.ok) block.details.push({ name: point.name, diag: point.diag })
      return
    }
    const isLeaf = !inner || inner.blocks === 0
    if (point.ok) counts.passed += isLeaf ? 1 : 0
    else if (isLeaf || inner.details.length > 0 || inner.failures === 0) {
      fail(name, inner && inner.details.length > 0 ? inner.details : [{ name: point.name, diag: point.diag }])
    }
  })
  return block
}

function reasonOf({ skip, todo }) {
  const text = [skip, todo].find((value) => typeof value === 'string' && value !== '')
  return text ?? (skip ? 'no reason given' : 'to do')
}
