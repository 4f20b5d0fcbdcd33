import { Page } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { ProviderMessages } from './provider-messages.tsx'
import { Refunds } from './refunds.tsx'
import { Suspense } from './suspense.tsx'

/** Money about which a person has to decide. */
export function MoneyPage() {
  const texts = useTexts()
  return (
    <Page title={texts.places.money} lead={texts.money.lead}>
      <div className="panels">
        <Suspense />
        <Refunds />
        <ProviderMessages />
      </div>
    </Page>
  )
}
