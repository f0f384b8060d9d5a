// The scripts of a page: everything around them becomes blanks, so that every line and column stays where it is.

const scripts = /(?<open><script\b(?<attributes>[^>]*)>)(?<code>[\s\S]*?)<\/script>/gi

/** The code of a page's own scripts, and the ending that a file of that code would have. */
export function scriptOf(page: string): { code: string; ending: string } {
  let code = ''
  let at = 0
  let isTypeScript = false
  for (const { groups, index } of page.matchAll(scripts)) {
    const { open = '', attributes = '', code: script = '' } = groups ?? {}
    // Data, templates and what is loaded from elsewhere are no scripts of the page.
    if (/\btype\s*=\s*["']?(?!module|text\/javascript|text\/babel)[\w/]/i.test(attributes)) continue
    isTypeScript ||= /\blang\s*=\s*["']?tsx?/i.test(attributes)
    const start = index + open.length
    code += blank(page.slice(at, start)) + script
    at = start + script.length
  }
  return { code: code + blank(page.slice(at)), ending: isTypeScript ? '.ts' : '.js' }
}

function blank(text: string): string {
  return text.replaceAll(/[^\n\r]/g, ' ')
}
