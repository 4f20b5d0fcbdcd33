import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { AddressText } from './address-text.tsx'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'

export function Addresses() {
  const texts = useTexts().account
  const queries = useQueryClient()
  const { data: saved = [] } = useQuery({
    queryKey: ['addresses'],
    queryFn: async ({ signal }) => (await api().listOwnAddresses({ signal })).data.data,
  })
  const remove = useMutation({
    mutationFn: async (id: string) => api().removeAddress({ path: { id } }),
    onSettled: async () => queries.invalidateQueries({ queryKey: ['addresses'] }),
  })
  return (
    <section className="panel stack">
      <h2>{texts.addresses}</h2>
      {saved.length === 0 ? <p className="quiet">{texts.noAddresses}</p> : null}
      {saved.map(({ id, address }) => (
        <div key={id} className="row between top">
          <AddressText address={address} />
          <Button
            className="button plain quiet"
            aria-label={texts.removeAddress(address.name)}
            isBusy={remove.isPending}
            onClick={() => remove.mutate(id)}
          >
            {texts.remove}
          </Button>
        </div>
      ))}
      <Problem err={remove.error} />
    </section>
  )
}
