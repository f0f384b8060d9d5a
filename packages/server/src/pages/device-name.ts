// What a device is called, from what its browser says of itself.
import type { Texts } from './texts.ts'

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

/** "Firefox on Linux" for a browser; what a program calls itself, for any other. */
export function deviceName(device: string | null, { devices }: Texts): string {
  if (device === null || device === '') return devices.unknown
  if (!device.startsWith('Mozilla/')) return device
  const first = (table: typeof browsers) => table.find(([pattern]) => pattern.test(device))?.[1]
  const [browser, system] = [first(browsers), first(systems)]
  if (browser !== undefined && system !== undefined) return devices.on(browser, system)
  return browser ?? system ?? devices.unknown
}
