// `npm test`: builds what is stale, runs the parts in order, prints what each took and names what was skipped.
// Usage: npm test -- [filter] [options of Vitest] [--strict]; strict, or CI in the environment, fails on a skip.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureBuilt } from './build.js'
import { endBy, runChild } from './child.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
const strict = process.argv.includes('--strict') || !['', '0', 'false'].includes(process.env.CI ?? '')
const forVitest = process.argv.slice(2).filter(argument => argument !== '--strict')
// A pattern of names makes Vitest report every other test as skipped: those are not worth naming.
const namesChosen = forVitest.some(argument => /^(-t|--testNamePattern)/.test(argument))

/** The parts in their order; each answers with its counts. */
const parts = {
  types: () => typeCheck(),
  latchkey: () => vitest('latchkey'),
  server: () => vitest('server'),
  whole: () => vitest('whole'),
  examples: () => vitest('examples'),
}

async function runNode(args, env) {
  const ended = await runChild(process.execPath, args, { cwd: root, env: { ...process.env, ...env } })
  if (ended.stoppedBy !== undefined) {
    rmSync(scratch, { recursive: true, force: true })
    await endBy(ended.stoppedBy)
  }
  return ended.code
}

async function typeCheck() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const code = await runNode([tsc, '-p', 'tsconfig.test.json', '--noEmit'])
  return { tests: 0, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }
}

async function vitest(project) {
  const reportFile = join(scratch, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=./scripts/test-report.js']
  const code = await runNode(
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      '--project',
      project,
      '--passWithNoTests',
      ...reporters,
      ...forVitest,
    ],
    { TEST_REPORT_FILE: reportFile },
  )
  const report = readReport(reportFile)
  // Ended badly without a failed test to show for it: a crash, an error outside every test, wrong options.
  const failed = code !== 0 && report.failed === 0 ? 1 : report.failed
  return {
    tests: report.passed + report.failed,
    passed: report.passed,
    failed,
    skipped: namesChosen ? [] : report.skipped,
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 0, skipped: [] }
  }
}

if (!ensureBuilt()) {
  console.log('0 passed, 1 failed')
  process.exit(1)
}

const lines = []
const total = { tests: 0, passed: 0, failed: 0, skipped: [] }
for (const [name, run] of Object.entries(parts)) {
  const startedMs = performance.now()
  const counts = await run()
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  lines.push(`${name}: ${seconds} s${counts.failed > 0 ? `, ${counts.failed} failed` : ''}`)
  console.log(lines.at(-1))
  total.tests += counts.tests
  total.passed += counts.passed
  total.failed += counts.failed
  total.skipped.push(...counts.skipped)
}
rmSync(scratch, { recursive: true, force: true })

console.log(`\n${lines.join('\n')}`)
if (total.skipped.length > 0) {
  console.log(`\nSkipped: ${total.skipped.length}`)
  for (const { file, name, reason } of total.skipped)
    console.log(`  ${file}: ${name} (${reason ?? 'no reason given'})`)
  if (strict) console.log('A skipped test fails a strict run.')
}
if (total.tests === 0) console.log('\nNo test ran.')
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''}`,
)
process.exit(total.failed > 0 || total.tests === 0 || (strict && total.skipped.length > 0) ? 1 : 0)
