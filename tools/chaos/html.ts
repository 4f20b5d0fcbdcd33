import type { Course, Result } from './result.ts'
import { tablesOf } from './tables.ts'
import type { Report, Section } from '../shared/html-report.ts'
import type { CoursePlot } from '../shared/plots.ts'

/** The tables of a campaign, and the course of each of its runs. */
export const chaosReport = (about: string, results: readonly Result[]): Report => ({
  ...{ title: 'Tillstream: chaos', about },
  sections: [
    { title: 'All runs', plots: [], text: tablesOf(results) },
    ...results.map(({ seed, isOk, problems, course }): Section => ({
      title: `Seed ${seed}: ${isOk ? 'ok' : 'failed'}`,
      plots: plotsOf(course),
      text: problems.join('\n'),
    })),
  ],
})

function plotsOf({ seconds, answered, pending, faults }: Course): readonly CoursePlot[] {
  const rest = { kind: 'course', seconds, spans: faults } as const
  return [
    {
      ...{ ...rest, title: 'Answers to clients; shaded: a fault', unit: 'per s' },
      series: [
        { name: 'done', points: answered.map(({ second, done }) => [second, done]) },
        { name: 'refused', points: answered.map(({ second, refused }) => [second, refused]) },
      ],
    },
    {
      ...{ ...rest, title: 'Requests without an answer, or with that of an outage', unit: 'per s' },
      series: [{ name: 'failed', points: answered.map(({ second, failed }) => [second, failed]) }],
    },
    {
      ...{ ...rest, title: 'Age of the oldest order that is not decided', unit: 's' },
      series: [{ name: 'age', points: pending }],
    },
  ]
}
