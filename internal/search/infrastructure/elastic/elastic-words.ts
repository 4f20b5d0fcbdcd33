import { soughtVariants } from '../../domain/misspelling.ts'
import { mostCandidates, type CandidatesFor } from '../asked-words.ts'
import type { Answer, ElasticClient } from './elastic-client.ts'
import { allOf, ofKind } from './index-layout.ts'

export const elasticCandidates =
  ({ searchAll }: Pick<ElasticClient, 'searchAll'>): CandidatesFor =>
  async (terms, reading) => {
    const like = terms.map((term) => ({
      ...{ size: mostCandidates, _source: ['word'], track_total_hits: false },
      query: allOf([ofKind('word'), { terms: { variants: soughtVariants(term) } }]),
    }))
    const begun = terms.map((term) => ({
      ...{ size: 1, _source: false, track_total_hits: false },
      query: allOf([ofKind('word'), { prefix: { word: term } }]),
    }))
    const answers = await searchAll(reading === 'written' ? [...like, ...begun] : like)
    return new Map(
      terms.flatMap((term, place) => {
        const isBegun = (answers[terms.length + place]?.hits.hits.length ?? 0) > 0
        return isBegun ? [] : [[term, wordsIn(answers[place])] as const]
      }),
    )
  }

const wordsIn = (answer: Answer | undefined): readonly string[] =>
  (answer?.hits.hits ?? []).map(({ _source }) => String(_source?.word))
