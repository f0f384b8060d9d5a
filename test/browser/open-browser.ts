// A real Chromium for tests: one that the machine has, else the one inside the npm package @sparticuz/chromium.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

/** A browser, or why there is none: `skip(opened.browser === undefined, opened.reason)`. */
export type OpenedBrowser =
  | { readonly browser: Browser; readonly reason?: undefined }
  | { readonly browser?: undefined; readonly reason: string }

/**
 * Opens a browser without a window. The sandbox needs rights that root in a container has not; what is opened are our
 * own pages. Everything else is as users have it: no switch that turns a protection of the web off.
 */
export async function openBrowser(): Promise<OpenedBrowser> {
  const reasons: string[] = []
  for (const find of [installed, packed]) {
    try {
      const { executablePath, environments } = await find()
      for (const env of environments) {
        try {
          return { browser: await launch(executablePath, env) }
        } catch (error) {
          reasons.push(firstLine(error))
        }
      }
    } catch (error) {
      reasons.push(firstLine(error))
    }
  }
  return { reason: `no browser could be opened: ${reasons.join('; ')}` }
}

interface Found {
  executablePath: string
  /** What to add to the environment, in the order to try. */
  environments: Record<string, string>[]
}

function launch(executablePath: string, env: Record<string, string>): Promise<Browser> {
  // Playwright wants every variable to be there.
  const inherited = process.env as Record<string, string>
  return chromium.launch({
    executablePath,
    env: { ...inherited, ...env },
    args: ['--no-sandbox', '--no-zygote', '--disable-background-networking', '--disable-dev-shm-usage'],
  })
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

async function installed(): Promise<Found> {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const inPath = names.flatMap(name => folders.map(folder => join(folder, name)))
  const executablePath = [...inPath, ...places].find(path => existsSync(path))
  if (executablePath === undefined) throw new Error('none is installed')
  return { executablePath, environments: [{}] }
}

/** The packed browser, unpacked once a machine: 60 MB become 200. */
async function packed(): Promise<Found> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('the packed one is for linux-x64')
  const packageFolder = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
  const { version } = createRequire(import.meta.url)(join(packageFolder, 'package.json')) as {
    version: string
  }
  const folder = join(tmpdir(), `latchkey-chromium-${version}`)
  if (!existsSync(folder)) await unpack(join(packageFolder, 'bin'), folder)
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(folder, 'fonts') }
  return {
    executablePath: join(folder, 'chromium'),
    // Libraries that a bare machine lacks come with it.
    environments: [fonts, { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }],
  }
}

/** The package unpacks into the temporary folder of its process, so it gets one of its own; then it is put in place. */
async function unpack(archives: string, folder: string): Promise<void> {
  const scratch = mkdtempSync(`${folder}-`)
  const script = `
    import Chromium, { inflate } from '@sparticuz/chromium'
    await Chromium.executablePath()
    await inflate(${JSON.stringify(join(archives, 'al2023.tar.br'))})`
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      cwd: dirname(fileURLToPath(import.meta.url)),
      env: { ...process.env, TMPDIR: scratch },
    })
    if (!existsSync(folder)) renameSync(scratch, folder)
  } catch (error) {
    // Another process was faster: its folder is as good.
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
