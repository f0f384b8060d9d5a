// A context with what React Native has and nothing more: its own fetch (the package that it takes it from) on top of
// its network, its engine's built-ins, and the two polyfills that docs/client.md asks for. No document, no Web Locks,
// no BroadcastChannel, no storage, no Node.
import { randomFillSync } from 'node:crypto'
import { type Context, createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import type * as ClientModule from 'latchkey/client'

/** What V8 has of the language and Hermes 0.12 has not, as its command line tool tells. */
const absent = [
  ...['Intl', 'Atomics', 'Iterator', 'FinalizationRegistry', 'WeakRef', 'SharedArrayBuffer', 'WebAssembly'],
  ...['AggregateError', 'SuppressedError', 'DisposableStack', 'AsyncDisposableStack', 'Float16Array'],
  ...['Object.groupBy', 'Map.groupBy', 'Array.fromAsync', 'Error.isError', 'RegExp.escape'],
  ...['Promise.allSettled', 'Promise.any', 'Promise.withResolvers', 'Promise.try'],
  ...['at', 'toReversed', 'toSorted', 'toSpliced', 'with'].map(name => `Array.prototype.${name}`),
  ...['at', 'isWellFormed', 'toWellFormed'].map(name => `String.prototype.${name}`),
]

export interface NativeApp {
  createClient: (typeof ClientModule)['createClient']
  LatchkeyError: (typeof ClientModule)['LatchkeyError']
  /** What a name is inside. */
  typeOf(name: string): string
  /** How many timers of the application are set. */
  timers(): number
}

export interface NativeOptions {
  /** Names of polyfills that the application forgot. */
  without?: readonly string[]
  /** How far the phone's clocks are ahead of this machine's. */
  aheadMs?: () => number
}

let bundled: Promise<string> | undefined

/** As Metro chooses files: by `react-native` before anything else. */
function bundle(): Promise<string> {
  bundled ??= build({
    stdin: {
      contents: "import 'whatwg-fetch'\nexport { createClient, LatchkeyError } from 'latchkey/client'",
      resolveDir: import.meta.dirname,
      loader: 'js',
    },
    bundle: true,
    format: 'iife',
    globalName: 'app',
    platform: 'neutral',
    mainFields: ['react-native', 'browser', 'main'],
    conditions: ['react-native', 'latchkey-dev'],
    target: 'es2022',
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '')
  return bundled
}

/** Starts an application: each has a memory of its own, as after its process was ended. */
export async function openNativeApp({
  without = [],
  aheadMs = () => 0,
}: NativeOptions = {}): Promise<NativeApp> {
  const timers = new Set<unknown>()
  const given: Record<string, unknown> = {
    setTimeout: (act: () => void, ms: number) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        act()
      }, ms)
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer: NodeJS.Timeout) => {
      timers.delete(timer)
      clearTimeout(timer)
    },
    queueMicrotask,
    console,
    performance: { now: () => performance.now() + aheadMs() },
    navigator: { product: 'ReactNative' },
    XMLHttpRequest: NativeRequest,
    AbortController,
    AbortSignal,
    // react-native-url-polyfill
    URL,
    URLSearchParams,
    // react-native-get-random-values
    crypto: { getRandomValues: randomFillSync },
  }
  for (const name of without) delete given[name]
  const context: Context = createContext(given)
  runInContext('globalThis.window = globalThis.self = globalThis.global = globalThis', context)
  runInContext(absent.map(name => `delete globalThis.${name}`).join('\n'), context)
  given['phoneNow'] = () => Date.now() + aheadMs()
  runInContext('{ const now = phoneNow; Date.now = () => now(); delete globalThis.phoneNow }', context)
  runInContext(`${await bundle()}\nglobalThis.app = app`, context)
  const { createClient, LatchkeyError } = given['app'] as typeof ClientModule
  return {
    createClient,
    LatchkeyError,
    typeOf: name => runInContext(`typeof ${name}`, context) as string,
    timers: () => timers.size,
  }
}

/** The part of XMLHttpRequest that fetch uses. The network below it follows redirects, whatever was asked for. */
class NativeRequest {
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  readyState = 0
  status = 0
  statusText = ''
  responseURL = ''
  responseText = ''
  withCredentials = false
  #asked = { method: '', url: '' }
  #received = new Headers()
  readonly #sent = new Headers()
  readonly #abort = new AbortController()

  open(method: string, url: string): void {
    this.#asked = { method, url }
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent.append(name, value)
  }

  getAllResponseHeaders(): string {
    return [...this.#received].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  }

  abort(): void {
    this.#abort.abort()
  }

  send(body: string | null): void {
    const { method, url } = this.#asked
    const { signal } = this.#abort
    fetch(url, { method, headers: this.#sent, body, signal }).then(
      async answer => {
        this.responseText = await answer.text()
        this.status = answer.status
        this.statusText = answer.statusText
        this.responseURL = answer.url
        this.#received = answer.headers
        this.readyState = 4
        this.onload?.()
      },
      () => (signal.aborted ? this.onabort?.() : this.onerror?.()),
    )
  }
}
