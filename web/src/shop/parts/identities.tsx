import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { isProblem } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { day } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './fields.tsx'
import { providersQuery } from './identity-providers.ts'
import { beginLogin } from './login-mark.ts'
import { Problem } from './notices.tsx'

/** The accounts elsewhere by which one logs in. One is linked by logging in there with the same address. */
export function Identities() {
  const texts = useTexts().account.identities
  const queries = useQueryClient()
  const { data: providers = [] } = useQuery(providersQuery)
  const { data: linked } = useQuery({
    queryKey: ['identities'],
    queryFn: async ({ signal }) => (await api().listOwnIdentities({ signal })).data.data,
  })
  const unlink = useMutation({
    mutationFn: async (id: string) => api().unlinkOwnIdentity({ path: { id } }),
    onSettled: async () => queries.invalidateQueries({ queryKey: ['identities'] }),
  })
  if (!linked || (providers.length === 0 && linked.length === 0)) return null
  const nameOf = (id: string): string => providers.find((provider) => provider.id === id)?.name ?? id
  const others = providers.filter(({ id }) => !linked.some(({ provider }) => provider === id))
  return (
    <section className="panel stack">
      <h2>{texts.title}</h2>
      <ul className="plain-list stack">
        {linked.map(({ id, provider, createdAt }) => (
          <li key={id} className="row between">
            <span>
              <b>{nameOf(provider)}</b> <small className="quiet">{texts.since(day(createdAt))}</small>
            </span>
            <Button className="button plain" isBusy={unlink.isPending} onClick={() => unlink.mutate(id)}>
              {texts.unlink(nameOf(provider))}
            </Button>
          </li>
        ))}
        {others.map(({ id, name }) => (
          <li key={id} className="row between">
            <b>{name}</b>
            <Button className="button plain" onClick={() => location.assign(beginLogin(id, '/account'))}>
              {texts.link(name)}
            </Button>
          </li>
        ))}
      </ul>
      {isProblem(unlink.error, 'user.last-login') ? (
        <p className="notice warn" role="alert">
          {texts.last}
        </p>
      ) : (
        <Problem err={unlink.error} />
      )}
    </section>
  )
}
