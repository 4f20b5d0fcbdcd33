import { execute, getVariableValues, type ExecutionResult, type GraphQLFormattedError } from 'graphql'
import { Refusal } from '../../platform/refusal.ts'
import { graphqlLimits } from '../limits.ts'
import type { SharedAnswers } from '../shared-answers.ts'
import type { Asker, Asking, Operations } from './asking.ts'
import { fieldError, invalidQuery, refusalIn } from './errors.ts'
import { shownValue, type OpenSchema } from './open-schema.ts'
import type { Prepared } from './prepare.ts'
import type { Unit } from './split.ts'

type Variables = Readonly<Record<string, unknown>>

export type AnswerDeps = OpenSchema &
  Operations & {
    readonly answers: SharedAnswers
    readonly onBug: (err: unknown) => void
  }

/** Answers a query as JSON. A field that is refused is null, and its error says why. */
export function answerQuery(deps: AnswerDeps) {
  return async ({ operation, units, costOf }: Prepared, given: Variables, asker: Asker): Promise<string> => {
    const variables = variablesOf(deps, operation.variableDefinitions ?? [], given)
    const cost = costOf(variables)
    if (cost > graphqlLimits.cost) throw tooCostly(cost)
    const own = deps.openAsking(asker)
    const answered = await Promise.all(units.map((unit) => answerUnit(deps, unit, variables, asker, own)))
    refuseOutage(answered)
    const data = answered.flatMap(({ text }) => (text === '' ? [] : [text])).join()
    const errors = answered.flatMap(({ errors }) => errors)
    return errors.length === 0
      ? `{"data":{${data}}}`
      : `{"data":{${data}},"errors":${JSON.stringify(errors)}}`
  }
}

function variablesOf(
  { schema }: OpenSchema,
  definitions: Parameters<typeof getVariableValues>[1],
  given: Variables,
): Variables {
  if (definitions.length === 0) return {}
  const { coerced, errors } = getVariableValues(schema, definitions, given, { maxErrors: 5 })
  if (errors) throw invalidQuery(errors)
  return coerced
}

const tooCostly = (cost: number): Refusal =>
  new Refusal(
    'invalid',
    'graphql.too-costly',
    `this could be an answer of ${cost} values, and at most ${graphqlLimits.cost} are allowed; ask for shorter pages or fewer fields`,
    { cost, limit: graphqlLimits.cost },
  )

/** The members of `data`, as JSON. */
type Answered = {
  readonly text: string
  readonly errors: readonly GraphQLFormattedError[]
  /** Why nothing at all could be shown, when that passes by itself. */
  readonly outage?: Refusal
}

/** What was refused in part is nobody else's answer. */
class NotShared extends Error {
  readonly answered: Answered
  constructor(answered: Answered) {
    super('refused')
    this.answered = answered
  }
}

async function answerUnit(
  deps: AnswerDeps,
  unit: Unit,
  variables: Variables,
  asker: Asker,
  own: Asking,
): Promise<Answered> {
  const { shared } = unit
  if (!shared) return run(deps, unit, variables, own)
  const key = `${shared.text} ${JSON.stringify(shared.variables.map((name) => variables[name] ?? null))}`
  try {
    const kept = deps.answers.find(key)
    if (kept) return { text: kept.text, errors: [] }
    const read = await deps.answers.get(key, async () => {
      const asking = deps.openAsking({ ...asker, caller: nobodyIn(asker) })
      const answered = await run(deps, unit, variables, asking)
      if (answered.errors.length > 0) throw new NotShared(answered)
      return { text: answered.text, headers: {}, shows: asking.shown }
    })
    return { text: read.text, errors: [] }
  } catch (err) {
    if (err instanceof NotShared) return err.answered
    throw err
  }
}

/** An answer for everybody must not depend on who asked first. */
function nobodyIn({ caller: { call } }: Asker): Asker['caller'] {
  return { call: { ...call, actor: undefined }, identity: undefined, refused: undefined }
}

async function run(
  deps: AnswerDeps,
  { document }: Unit,
  variables: Variables,
  asking: Asking,
): Promise<Answered> {
  const { data, errors = [] }: ExecutionResult = await execute({
    ...{ schema: deps.schema, document, variableValues: variables, contextValue: asking },
    fieldResolver: shownValue,
  })
  const text = JSON.stringify(data ?? {}).slice(1, -1)
  const refusals = errors.map(refusalIn)
  const outage =
    Object.values(data ?? {}).every((value) => value === null) &&
    refusals.find(({ kind }) => kind === 'unavailable')
  return {
    ...{ text, errors: errors.map((err) => fieldError(err, deps.onBug)) },
    ...(outage ? { outage } : {}),
  }
}

/** When nothing could be shown and it is worth trying again, the whole request is refused as one of REST is. */
function refuseOutage(answered: readonly Answered[]): void {
  const outages = answered.flatMap(({ outage }) => (outage ? [outage] : []))
  if (outages[0] && outages.length === answered.length) throw outages[0]
}
