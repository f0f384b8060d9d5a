// Your data: everything in one file.
import { Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { AccountPage, type SectionFacts } from './account-page.tsx'

export function dataPage(facts: SectionFacts) {
  const { data } = textsIn(facts.frame.lang)
  return (
    <AccountPage {...facts} section="data" title={data.title}>
      <form class="card" method="post" action="/account/data/export" data-stays>
        <p>{data.intro}</p>
        <Submit label={data.submit} busy={data.busy} />
      </form>
    </AccountPage>
  )
}
