import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ShopError } from 'tillstream-sdk'
import { session } from '../shared/api.ts'
import { language } from '../shared/language.ts'
import { reloadOnChange } from '../shared/reload-on-change.ts'
import { startRouter } from '../shared/router.tsx'
import { startTheme } from '../shared/theme.ts'
import { App } from './app.tsx'
import './shop.css'
import { speak } from './texts/texts.ts'

/** The SDK repeats what is refused for the moment. What is away for longer is asked again as long as a page wants it. */
const isAway = (err: unknown): boolean => !(err instanceof ShopError) || err.status === 503

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (_count, err) => isAway(err),
      retryDelay: (count) => Math.min(10_000, 1_000 * 2 ** count),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

// What was somebody's own is not shown to whoever comes next. The pages that asked for it are gone by then, and ask no more.
let wasLoggedIn = session.get() !== undefined
session.subscribe(() => {
  const isLoggedIn = session.get() !== undefined
  if (isLoggedIn !== wasLoggedIn) setTimeout(() => void queries.resetQueries())
  wasLoggedIn = isLoggedIn
})

startTheme()
startRouter('/shop')
reloadOnChange('/shop')
await speak(language.get()).catch(() => undefined) // in English then
const place = document.getElementById('shop')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
