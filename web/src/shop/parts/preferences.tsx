import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeNotificationPreferencesData } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { Select } from './fields.tsx'
import { Problem } from './notices.tsx'

type Wanted = NonNullable<ChangeNotificationPreferencesData['body']>

const key = ['preferences'] as const

/** In which language one is told, and of what. What belongs to an order or an account is always told. */
export function Preferences() {
  const texts = useTexts().account.preferences
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await api().getNotificationPreferences({ signal })).data,
  })
  const change = useMutation({
    mutationFn: async (body: Wanted) => (await api().changeNotificationPreferences({ body })).data,
    onSuccess: (changed) => queries.setQueryData(key, changed),
  })
  // What is chosen is shown at once: the change itself says so only a moment later.
  const [chosen, setChosen] = useState<Wanted>()
  if (!data) return null
  const choose = (wanted: Wanted): void => {
    setChosen(wanted)
    change.mutate(wanted, { onSettled: () => setChosen(undefined) })
  }
  const pressed = chosen?.preferences?.[0]
  return (
    <section className="panel stack">
      <h2>{texts.title}</h2>
      <Select
        label={texts.language}
        value={(chosen?.language === undefined ? data.language : chosen.language) ?? ''}
        onChange={({ target: { value } }) =>
          choose({ language: value === 'en' || value === 'de' ? value : null })
        }
      >
        <option value="">{texts.ofTheShop}</option>
        <option value="en">English</option>
        <option value="de">Deutsch</option>
      </Select>
      <fieldset className="stack">
        <legend>{texts.optional}</legend>
        {data.preferences
          .filter(({ fixed }) => !fixed)
          .map(({ kind, channel, enabled }) => (
            <label key={`${kind} ${channel}`} className="row">
              <input
                type="checkbox"
                checked={pressed?.kind === kind && pressed.channel === channel ? pressed.enabled : enabled}
                onChange={({ target: { checked } }) =>
                  choose({ preferences: [{ kind, channel, enabled: checked }] })
                }
              />
              <span>
                {texts.kinds[kind] ?? kind}, {texts.channels[channel]}
              </span>
            </label>
          ))}
      </fieldset>
      <Problem err={change.error} />
    </section>
  )
}
