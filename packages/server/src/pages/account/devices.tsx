// Devices: where the account is signed in, and signing out there.
import { deviceName } from '../device-name.ts'
import { Submit } from '../form-parts.tsx'
import { textsIn } from '../texts.ts'
import { Time } from '../time.tsx'
import { AccountPage, type SectionFacts } from './account-page.tsx'

interface Device {
  id: string
  device: string | null
  address: string | null
  createdAt: number
  lastSeen: number
  isHere: boolean
}

export interface DevicesFacts extends SectionFacts {
  /** This device first. */
  items: readonly Device[]
}

export function devicesPage({ items, ...facts }: DevicesFacts) {
  const { lang, now } = facts.frame
  const texts = textsIn(lang)
  const { devices } = texts
  return (
    <AccountPage {...facts} section="devices" title={devices.title} intro={devices.intro} done={devices.done}>
      <ul class="card rows">
        {items.map(item => {
          const name = deviceName(item.device, texts)
          return (
            <li>
              <div>
                <h2 class="name">
                  {name} {item.isHere && <span class="pill good">{devices.here}</span>}
                </h2>
                <p class="muted small">
                  {devices.signedIn} <Time at={item.createdAt} now={now} lang={lang} />
                  {item.address !== null && ` ${devices.from} ${item.address}`}, {devices.lastUsed}{' '}
                  <Time at={item.lastSeen} now={now} lang={lang} />
                </p>
              </div>
              {!item.isHere && (
                <form class="inline" method="post" action={`/account/devices/${item.id}/end`}>
                  <Submit label={devices.signOut} busy={devices.busy} kind="quiet" about={name} />
                </form>
              )}
            </li>
          )
        })}
      </ul>
      <form class="card" method="post" action="/account/devices/end-all">
        <h2>{devices.everywhereTitle}</h2>
        <p class="muted">{devices.everywhere}</p>
        <Submit label={devices.everywhereSubmit} busy={devices.busy} kind="danger" />
      </form>
    </AccountPage>
  )
}
