// The tree of commands: help with an example for each, and what shells complete from it.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { completion } from '../../src/cli/completion.ts'
import { createProgram } from '../../src/cli/program.ts'
import { sources } from '../../src/import/sources.ts'

function commandsBelow(command: Command, path: readonly string[] = []): { path: string; command: Command }[] {
  return command.commands.flatMap(one => {
    const own = [...path, one.name()]
    return [{ path: own.join(' '), command: one }, ...commandsBelow(one, own)]
  })
}

function helpOf(command: Command): string {
  let text = ''
  command
    .configureOutput({
      writeOut: more => {
        text += more
      },
    })
    .outputHelp()
  return text
}

const all = commandsBelow(createProgram())

describe('every command', () => {
  test('is one of those that are promised', () => {
    const promised = [
      ...[
        'serve',
        'init',
        'migrate',
        'backup',
        'restore',
        'invite',
        'doctor',
        'config',
        'completion',
        'import',
        'migrate-from',
      ],
      ...['add', 'list', 'disable', 'enable', 'passwd'].map(verb => `user ${verb}`),
      ...['add', 'list', 'disable'].map(verb => `client ${verb}`),
      ...['sign', 'verify', 'decode'].map(verb => `token ${verb}`),
      ...['list', 'rotate', 'retire', 'revoke', 'rewrap'].map(verb => `keys ${verb}`),
    ]
    expect(promised.filter(path => !all.some(one => one.path === path))).toEqual([])
  })

  test.each(all)(
    'latchkey $path has a description and an example that begins as it does',
    ({ path, command }) => {
      expect(command.description()).not.toBe('')
      const [, example = ''] = /Example:\n {2}(.*)/.exec(helpOf(command)) ?? []
      expect(example).toContain(`latchkey ${path}`)
    },
  )

  test.each(all)('latchkey $path takes no secret among its arguments', ({ command }) => {
    const named = [
      ...command.options.map(one => one.flags),
      ...command.registeredArguments.map(one => one.name()),
    ]
    const valued = named.filter(flags => /[<[]|^\w/.test(flags))
    expect(valued.filter(flags => /password|secret(?!-file)|passphrase/i.test(flags))).toEqual([])
  })

  test.each(all)('latchkey $path, called wrongly, names its own help', async ({ path }) => {
    const program = createProgram()
    let said = ''
    for (const { command } of commandsBelow(program)) {
      command.configureOutput({
        writeErr: text => {
          said += text
        },
      })
    }
    await expect(program.parseAsync([...path.split(' '), '--no-such'], { from: 'user' })).rejects.toThrow()
    expect(said).toContain(`Run latchkey ${path} --help for what there is.`)
  })

  test('that lists something gives JSON', () => {
    const listing = all.filter(({ path }) => /(^| )(list|sessions|show|config|doctor|decode)$/.test(path))
    const without = listing.filter(({ command }) => !command.options.some(one => one.long === '--json'))
    expect(listing.length).toBeGreaterThan(6)
    expect(without.map(({ path }) => path)).toEqual([])
  })
})

test('import offers every system that there is a source for', () => {
  const option = all.find(({ path }) => path === 'import')?.command.options.find(one => one.long === '--from')
  expect(option?.argChoices).toEqual(Object.keys(sources))
})

describe('completion', () => {
  const script = (shell: string): string => completion(createProgram(), shell).text

  test.each([
    ['', ['user', 'token', 'doctor', '--help']],
    ['user', ['list', 'passwd']],
    ['user list', ['--search', '--json']],
    ['user list --search x', ['--json']],
    ['keys', ['rotate']],
  ])('in bash completes after "latchkey %s"', (words, wanted) => {
    const line = ['latchkey', ...words.split(' ').filter(word => word !== ''), '']
    const quoted = line.map(word => `'${word}'`).join(' ')
    const program = `${script('bash')}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${line.length - 1}; _latchkey; printf '%s\\n' "\${COMPREPLY[@]}"`
    const offered = execFileSync('bash', ['-c', program], { encoding: 'utf8' }).trim().split('\n')
    expect(offered).toEqual(expect.arrayContaining(wanted))
  })

  test('in bash completes the beginning of a word only', () => {
    const program = `${script('bash')}\nCOMP_WORDS=(latchkey do); COMP_CWORD=1; _latchkey; echo "\${COMPREPLY[*]}"`
    expect(execFileSync('bash', ['-c', program], { encoding: 'utf8' })).toBe('doctor\n')
  })

  test.each(['zsh', 'fish'])('for %s names every command and option', shell => {
    const text = script(shell)
    const names = all.flatMap(({ command }) => [
      command.name(),
      ...command.options.map(one => one.long ?? ''),
    ])
    expect(names.filter(name => !text.includes(name.replace(/^--/, '')))).toEqual([])
  })

  test('for another shell is refused', () => {
    expect(() => completion(createProgram(), 'toString')).toThrow('bash, zsh, fish')
  })
})

test('docs/reference/cli.md names every code that doctor may give', () => {
  const folder = new URL('../../src/cli/doctor/', import.meta.url)
  const sources = readdirSync(folder).map(name => readFileSync(new URL(name, folder), 'utf8'))
  sources.push(readFileSync(new URL('../doctor.ts', folder), 'utf8'))
  const codes = sources.flatMap(text =>
    [...text.matchAll(/\b(?:error|warning|requirePrivate)\(\s*'([a-z0-9_]+)'|code: '([a-z_]+)'/g)].map(
      match => match[1] ?? match[2] ?? '',
    ),
  )
  const page = readFileSync(new URL('../../../../docs/reference/cli.md', import.meta.url), 'utf8')
  expect(codes.length).toBeGreaterThan(40)
  expect(codes.filter(code => !page.includes(`\`${code}\``))).toEqual([])
})
