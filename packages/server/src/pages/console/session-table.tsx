// Sessions as rows: what, where, since when, last seen; each leads to its own page.
import type { SessionRecord } from '../../store/records.ts'
import { deviceWords } from './device-words.ts'
import { When } from './when.tsx'

interface SessionTableProps {
  sessions: readonly SessionRecord[]
  nowMs: number
}

export function SessionTable({ sessions, nowMs }: SessionTableProps) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Last seen</th>
            <th scope="col" class="wide">
              Signed in
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map(session => (
            <tr>
              <th scope="row">
                <a class="row" href={`/admin/sessions/${session.id}`}>
                  {deviceWords(session.device)}
                </a>
                <span class="sub">{session.address}</span>
              </th>
              <td class="when">
                <When atMs={session.lastSeen * 1000} nowMs={nowMs} />
              </td>
              <td class="when wide">
                <When atMs={session.createdAt * 1000} nowMs={nowMs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
