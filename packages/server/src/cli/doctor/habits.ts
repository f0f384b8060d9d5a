// Settings that do nothing, or that were meant for the beginning only.
import { administratorRoles } from '../../auth/first-admin.ts'
import { isLoopbackHost, type SettingName, settings } from '../../config.ts'
import { type Finding, type Ground, note, warning } from './finding.ts'

export async function checkHabits(ground: Ground): Promise<readonly Finding[]> {
  const { config, notes, issuer, store } = ground
  const isPublic = !isLoopbackHost(new URL(issuer).hostname)
  const findings = notes.map(line =>
    note('setting_ignored', line, 'Remove it, or leave it: it does nothing.'),
  )
  const repeated = repeatedDefaults(ground)
  if (repeated.length > 0) {
    const what = `Set to what they are anyway: ${repeated.join(', ')}.`
    findings.push(note('setting_is_default', what, 'They may be left out.'))
  }
  if (config.limits === 'off')
    findings.push(
      warning('limits_off', 'Attempts are not limited.', 'LATCHKEY_LIMITS=off is for load tests: remove it.'),
    )
  if (isPublic && config.registration === 'open' && config.requireVerifiedEmail === 'off') {
    const what = 'Anybody may make accounts, without an address that was verified.'
    const fix = 'LATCHKEY_REGISTRATION=invite, or LATCHKEY_REQUIRE_VERIFIED_EMAIL=on, unless that is meant.'
    findings.push(note('registration_open', what, fix))
  }
  if (store !== undefined) {
    const roles = administratorRoles(config.roles)
    const found = await Promise.all(roles.map(role => store.hasUserWithRole(role)))
    if (!found.includes(true))
      findings.push(
        warning(
          'administrator_missing',
          'There is no administrator yet.',
          'latchkey invite --admin prints a link.',
        ),
      )
  }
  return findings
}

/** In a file they may stand to be read. */
function repeatedDefaults({ config, sources }: Ground): string[] {
  return Object.entries(settings)
    .filter(([name, row]) => {
      const value = config[name as SettingName]
      const isPlain = typeof value === 'string' || typeof value === 'number'
      return sources[name as SettingName] === 'environment' && isPlain && row.default !== undefined
        ? row.parse(row.default) === value
        : false
    })
    .map(([, row]) => row.env)
}
