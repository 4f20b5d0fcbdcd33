import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, session } from '../../shared/api.ts'
import { moment } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'

export function Sessions() {
  const texts = useTexts().account
  const queries = useQueryClient()
  const { data: sessions = [] } = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) => (await api().listOwnSessions({ signal })).data.data,
  })
  const end = useMutation({
    mutationFn: async (id: string) => api().endOwnSession({ path: { id } }),
    onSettled: async () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const endAll = useMutation({
    mutationFn: async () => api().logOutEverywhere(),
    onSuccess: () => session.set(undefined),
  })
  return (
    <section className="panel stack">
      <h2>{texts.sessions}</h2>
      <ul className="plain-list stack">
        {sessions.map(({ id, client, address, lastUsedAt, isCurrent }) => (
          <li key={id} className="row between">
            <span>
              <b>{nameOf(client)}</b>{' '}
              <small className="quiet">
                {address} · {isCurrent ? texts.thisOne : texts.lastUsed(moment(lastUsedAt))}
              </small>
            </span>
            {isCurrent ? null : (
              <Button className="button plain" isBusy={end.isPending} onClick={() => end.mutate(id)}>
                {texts.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Problem err={end.error ?? endAll.error} />
      <div>
        <Button className="button second" isBusy={endAll.isPending} onClick={() => endAll.mutate()}>
          {texts.endAll}
        </Button>
      </div>
    </section>
  )
}

/** The name of the browser and of the system, as far as a User-Agent says it. */
function nameOf(client: string): string {
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(client)?.[1]
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(client)?.[1]
  return [browser, system].filter(Boolean).join(' · ') || client.slice(0, 40) || '–'
}
