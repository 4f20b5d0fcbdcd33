// Prints the results of a run. The last line is `N passed, N failed[, N skipped]` and nothing else.
import { inspect } from 'node:util'
import { seconds } from '../../scripts/steps.mjs'
import { closingLine } from './closing-line.mjs'

const mostOfReason = 300

export function showFile({ file, ms, passed, skipped, failures, output }) {
  const mark = failures.length > 0 ? 'FAILED' : 'ok'
  console.log(
    `  ${mark.padEnd(6)} ${String(passed + failures.length).padStart(3)} tests ${seconds(ms).padStart(7)}  ${file}`,
  )
  for (const { name, reason } of skipped) console.log(`         skipped: ${name}: ${reason}`)
  for (const { name, detail } of failures) console.log(`\n  ✗ ${name}\n${indented(describe(detail))}\n`)
  if (failures.length > 0 && output.trim() !== '') console.log(`${indented(output.trimEnd())}\n`)
}

/** Returns the exit code. */
export function showSummary(results, coverage) {
  const sum = (count) => results.reduce((total, result) => total + count(result), 0)
  const failed = sum(({ failures }) => failures.length)
  const skipped = sum((result) => result.skipped.length)
  console.log('')
  for (const { file, failures } of results) {
    for (const { name, detail } of failures) console.log(`  ✗ ${file}: ${name}${reasonIn(detail)}`)
  }
  const isCovered = coverage === undefined || showCoverage(coverage)
  console.log(`\n${closingLine({ passed: sum(({ passed }) => passed), failed, skipped })}`)
  return failed === 0 && isCovered ? 0 : 1
}

function showCoverage(coverage) {
  let isCovered = true
  for (const { name, percent, least, worst } of coverage) {
    const isEnough = percent >= least
    isCovered &&= isEnough
    console.log(
      `  line coverage of ${name}: ${percent.toFixed(1)} % (at least ${least} %)${isEnough ? '' : ': TOO LOW'}`,
    )
    if (isEnough) continue
    for (const file of worst) console.log(`      ${file.percent.toFixed(0).padStart(3)} %  ${file.name}`)
  }
  return isCovered
}

function describe(detail) {
  if (typeof detail === 'string') return detail
  return detail
    .map(({ name, diag }) => {
      const { diff, ...rest } = diag ?? {}
      const lines = [name, inspect(rest, { depth: 6, breakLength: 110 })]
      return [...lines, ...(diff ? [diff] : [])].join('\n')
    })
    .join('\n')
}

/** What failed first, for those who see nothing but the last lines. */
function reasonIn(detail) {
  const reason = typeof detail === 'string' ? detail : (detail[0]?.name ?? '')
  const line = reason.replace(/\s+/g, ' ').trim()
  return line === '' ? '' : ` (${line.length > mostOfReason ? `${line.slice(0, mostOfReason)}…` : line})`
}

function indented(text) {
  return text.replace(/^/gm, '      ')
}
