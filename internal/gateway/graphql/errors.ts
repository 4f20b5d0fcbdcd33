import { type GraphQLError, type GraphQLFormattedError } from 'graphql'
import { toRefusal } from '../../platform/outage.ts'
import { Refusal } from '../../platform/refusal.ts'
import { statusOf } from '../problem.ts'

/** What went wrong with one field. Only refusals are explained; `onBug` gets everything else. */
export function fieldError(err: GraphQLError, onBug: (err: unknown) => void): GraphQLFormattedError {
  const refusal = refusalIn(err)
  if (refusal.kind === 'internal') onBug(err.originalError ?? err)
  const { locations, path } = err.toJSON()
  return { ...told(refusal), ...(locations ? { locations } : {}), ...(path ? { path } : {}) }
}

export const refusalIn = (err: GraphQLError): Refusal => toRefusal(err.originalError ?? err)

/** Why a query is not answered at all: a problem of REST, whose errors are those of GraphQL. */
export function problemOfQuery(refusal: Refusal): Refusal {
  const { kind, code, message, details = {} } = refusal
  const { errors: given, ...rest } = details
  const error = told(new Refusal(kind, code, message, rest))
  const places = given as readonly Pick<GraphQLFormattedError, 'message' | 'locations'>[] | undefined
  const errors = places ? places.map((place) => ({ ...error, ...place })) : [error]
  return new Refusal(kind, code, message, { ...rest, errors })
}

/** The code is the same as that of REST's problem, and the status is what REST would have answered with. */
function told(refusal: Refusal): GraphQLFormattedError {
  const { kind, code, message, details } = refusal
  return {
    message: kind === 'internal' ? 'internal error' : message,
    extensions: { ...details, code, status: statusOf(refusal) },
  }
}

/** At most so many errors of a query are told. */
const shownErrors = 5

export function invalidQuery(errors: readonly GraphQLError[]): Refusal {
  const shown = errors.slice(0, shownErrors).map((err) => {
    const { message, locations } = err.toJSON()
    return { message, ...(locations ? { locations } : {}) }
  })
  return new Refusal('invalid', 'graphql.invalid', shown[0]?.message ?? 'the query is not valid', {
    errors: shown,
  })
}
