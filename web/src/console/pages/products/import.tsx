import { Button, NativeSelect } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { number, percent } from '../../../shared/formats.ts'
import { saveFile } from '../../../shared/save-file.ts'
import { useAct } from '../../parts/act.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Note, Problem } from '../../parts/notices.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { importFile, type Import, type Outcome, type Progress } from './import-file.ts'

export function ImportPage() {
  const texts = useTexts()
  const { may } = useStaff()
  return (
    <Page title={texts.places.import} lead={texts.import.lead}>
      <div className="panels">
        {may('products:write') ? <ImportPanel /> : null}
        <ExportPanel />
      </div>
    </Page>
  )
}

function ImportPanel() {
  const texts = useTexts().import
  const [file, setFile] = useState<File>()
  const [stock, setStock] = useState<Import['stock']>('opening')
  const [progress, setProgress] = useState<Progress>()
  const run = useAct({
    run: async (wanted: Import) =>
      importFile(wanted, setProgress).finally(() => {
        setProgress(undefined)
      }),
  })
  const begin = async (dryRun: boolean): Promise<void> => {
    if (file && !run.isPending) run.mutate({ csv: await file.text(), dryRun, stock })
  }
  const isTried = run.data !== undefined && run.variables.dryRun
  return (
    <Panel title={texts.title}>
      <div className="fields">
        <label className="stack tight">
          {texts.file}
          <input
            type="file"
            accept=".csv,text/csv"
            onChange={({ currentTarget }) => {
              setFile(currentTarget.files?.[0])
              run.reset()
            }}
          />
        </label>
        <NativeSelect
          label={texts.stock}
          value={stock}
          onChange={({ currentTarget }) => setStock(currentTarget.value as Import['stock'])} // of the list
          data={Object.entries(texts.stocks).map(([value, label]) => ({ value, label }))}
        />
      </div>
      <div className="actions">
        <Button variant="default" disabled={!file} loading={run.isPending} onClick={() => void begin(true)}>
          {texts.tryOut}
        </Button>
        <Button disabled={!file || !isTried} loading={run.isPending} onClick={() => void begin(false)}>
          {texts.run}
        </Button>
      </div>
      {progress ? <ShownProgress progress={progress} /> : null}
      <Problem err={run.error} />
      {run.data ? <ShownOutcome outcome={run.data} isTrial={run.variables.dryRun} /> : null}
    </Panel>
  )
}

function ShownProgress({ progress }: { readonly progress: Progress }) {
  const texts = useTexts().import
  const { created, updated, unchanged, failed } = progress
  const share = progress.progress * 100
  return (
    <div className="stack tight" role="status">
      <progress value={share} max={100} aria-label={texts.progress} />
      <p>
        {percent(Math.round(share))}:{' '}
        {texts.counts(number(created), number(updated), number(unchanged), number(failed))}
      </p>
    </div>
  )
}

function ShownOutcome({ outcome, isTrial }: { readonly outcome: Outcome; readonly isTrial: boolean }) {
  const texts = useTexts().import
  const { created, updated, unchanged, failed, errors } = outcome
  const counts = texts.counts(number(created), number(updated), number(unchanged), number(failed))
  return (
    <div className="stack" role="status">
      <Note tone={failed > 0 ? 'warn' : 'good'}>
        {isTrial ? texts.would : texts.did} {counts}
      </Note>
      {errors.length === 0 ? null : (
        <EntryTable
          caption={texts.errors}
          rows={errors}
          keyOf={({ line, column, code }) => `${line} ${column} ${code}`}
          columns={[
            { name: 'line', label: texts.line, show: ({ line }) => number(line) },
            { name: 'column', label: texts.column, show: ({ column }) => column },
            {
              name: 'message',
              label: texts.what,
              show: ({ code, message }) => (
                <>
                  {message} <code className="quiet">{code}</code>
                </>
              ),
            },
          ]}
        />
      )}
    </div>
  )
}

function ExportPanel() {
  const texts = useTexts().import
  const draw = useMutation({
    mutationFn: async () =>
      saveFile('products.csv', (await api().exportProducts({ parseAs: 'blob' })).data as never),
  })
  return (
    <Panel title={texts.exportTitle}>
      <p>{texts.exportText}</p>
      <Problem err={draw.error} />
      <div className="actions">
        <Button variant="default" loading={draw.isPending} onClick={() => draw.mutate()}>
          {texts.export}
        </Button>
      </div>
    </Panel>
  )
}
