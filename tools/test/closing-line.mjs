// The last line of a run: `N passed, N failed[, N skipped]`.

export function closingLine({ passed, failed, skipped }) {
  return [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])].join(', ')
}

/** Returns undefined for every other line. */
export function readClosingLine(line) {
  const found = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line)
  if (!found) return undefined
  const [passed, failed, skipped] = found.slice(1).map((count) => Number(count ?? 0))
  return { passed, failed, skipped }
}

/** A part that fails without a failed test, or without any count, counts as one failure. */
export function sumOf(parts) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { isOk, isSkipped = false, counts } of parts) {
    sum.passed += counts?.passed ?? 0
    sum.skipped += (counts?.skipped ?? 0) + (isSkipped ? 1 : 0)
    sum.failed += counts?.failed || (isOk || isSkipped ? 0 : 1)
  }
  return sum
}
