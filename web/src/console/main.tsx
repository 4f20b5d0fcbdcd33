import { createTheme, MantineProvider } from '@mantine/core'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { isProblem, ShopError } from 'tillstream-sdk'
import { language } from '../shared/language.ts'
import { reloadOnChange } from '../shared/reload-on-change.ts'
import { navigate, startRouter } from '../shared/router.tsx'
import { useStore } from '../shared/store.ts'
import { startTheme, themeNow } from '../shared/theme.ts'
import { App } from './app.tsx'
import './console.css'
import { session } from './session.ts'
import { speak } from './texts/texts.ts'

/** The SDK repeats what is refused for the moment. What is away for longer is asked again as long as a page wants it. */
const isAway = (err: unknown): boolean => !(err instanceof ShopError) || err.status === 503

/** Where a second factor is required of staff, nothing else answers before there is one. */
function onError(err: unknown): void {
  if (isProblem(err, 'auth.second-factor-missing')) navigate('/account', { replaces: true })
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
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

// What one has seen is not shown to whoever comes next. The pages that asked for it are gone by then.
session.subscribe(() => {
  if (session.get() === undefined) setTimeout(() => queries.clear())
})

const look = createTheme({
  primaryColor: 'teal',
  respectReducedMotion: true,
  cursorType: 'pointer',
  // The mark of what is required is in console.css, where it is no part of the label's text.
  components: { InputWrapper: { defaultProps: { withAsterisk: false } } },
})

/** The policy of the pages lets nobody write styles into them, so Mantine's variables are in console.css. */
function Look({ children }: { readonly children: ReactNode }) {
  const colours = useStore(themeNow)
  return (
    <MantineProvider
      theme={look}
      forceColorScheme={colours}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  )
}

startTheme()
startRouter('/console')
reloadOnChange('/console')
await speak(language.get()).catch(() => undefined) // in English then
const place = document.getElementById('console')
if (place)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Look>
          <App />
        </Look>
      </QueryClientProvider>
    </StrictMode>,
  )
