// The TLS certificate: readable, with its own key, in its time, for the issuer's host.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { absoluteTime, relativeTime } from '../../words/time-words.ts'
import { error, type Finding, type Ground, warning } from './finding.ts'

const soonSeconds = 21 * 86_400

export function checkCertificate({ config, issuer }: Ground): readonly Finding[] {
  const { tlsCert, tlsKey } = config
  if (tlsCert === undefined || tlsKey === undefined) return []
  const certificate = read(tlsCert, bytes => new X509Certificate(bytes))
  const key = read(tlsKey, bytes => createPrivateKey(bytes))
  const findings: Finding[] = []
  if (certificate === undefined)
    findings.push(unreadable('LATCHKEY_TLS_CERT', tlsCert, 'a PEM file with the certificate, then its chain'))
  if (key === undefined)
    findings.push(
      unreadable('LATCHKEY_TLS_KEY', tlsKey, 'a PEM file with the private key, without a passphrase'),
    )
  if (certificate === undefined) return findings
  return [
    ...findings,
    ...checkPair(certificate, key),
    ...checkTime(certificate),
    ...checkHost(certificate, issuer),
  ]
}

function read<T>(file: string, parse: (bytes: Buffer) => T): T | undefined {
  try {
    return parse(readFileSync(file))
  } catch {
    return undefined
  }
}

function unreadable(name: string, file: string, wanted: string): Finding {
  return error(
    'certificate_unreadable',
    `${name} names ${file}, which cannot be read as PEM.`,
    `Put ${wanted} there.`,
  )
}

function checkPair(certificate: X509Certificate, key: KeyObject | undefined): readonly Finding[] {
  if (key === undefined || certificate.checkPrivateKey(key)) return []
  const what = 'The private key is not the one of the certificate.'
  return [error('certificate_key_mismatch', what, 'Put both files of the same issue in place, and restart.')]
}

function checkTime(certificate: X509Certificate): readonly Finding[] {
  const now = Date.now() / 1000
  const from = certificate.validFromDate.getTime() / 1000
  const end = certificate.validToDate.getTime() / 1000
  const shown = `${absoluteTime(end)}, ${relativeTime(end, now)}`
  const renew = 'Renew it and restart; an ACME client does it by itself.'
  if (end <= now) return [error('certificate_expired', `The certificate ended ${shown}.`, renew)]
  if (from > now) {
    const what = `The certificate begins ${absoluteTime(from)}, ${relativeTime(from, now)}.`
    return [error('certificate_not_yet', what, 'Look at the clock of this machine, or wait.')]
  }
  if (end < now + soonSeconds)
    return [warning('certificate_ends_soon', `The certificate ends ${shown}.`, renew)]
  return []
}

function checkHost(certificate: X509Certificate, issuer: string): readonly Finding[] {
  const { hostname } = new URL(issuer)
  const bare = hostname.replace(/^\[|\]$/g, '')
  const isNamed = isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare)
  if (isNamed !== undefined) return []
  const names = certificate.subjectAltName ?? certificate.subject
  const what = `The certificate is not for ${bare}, the issuer's host; it is for ${names}.`
  return [
    error('certificate_host', what, `Get one for ${bare}, or set LATCHKEY_ISSUER to the name that it has.`),
  ]
}
