// Certificates that tests make for themselves.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'

const day = 86_400_000

/** Writes a certificate and its key into a folder; gives the settings that name them. */
export async function certificate(
  folder: string,
  { host = 'localhost', endsAt = new Date(Date.now() + 90 * day) }: { host?: string; endsAt?: Date } = {},
): Promise<{ LATCHKEY_TLS_CERT: string; LATCHKEY_TLS_KEY: string }> {
  const made = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    notBeforeDate: new Date(endsAt.getTime() - 90 * day),
    notAfterDate: endsAt,
    // 2 is a DNS name (RFC 5280 4.2.1.6).
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
  })
  const files = {
    LATCHKEY_TLS_CERT: join(folder, `${host}.pem`),
    LATCHKEY_TLS_KEY: join(folder, `${host}.key`),
  }
  writeFileSync(files.LATCHKEY_TLS_CERT, made.cert)
  writeFileSync(files.LATCHKEY_TLS_KEY, made.private, { mode: 0o600 })
  return files
}
