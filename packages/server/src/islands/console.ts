// What a script adds to the console: the search by `/`, a question before what cannot be undone, values under the
// pointer, hours of one's own, and copying. Every page works without it.

const find = document.querySelector<HTMLInputElement>('#find')

document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || find === null) return
  const { target } = event
  if (target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog'))
    return
  event.preventDefault()
  find.focus()
  find.select()
})

// Asked before the form of all pages takes note that it was sent: in the capture phase.
document.addEventListener(
  'submit',
  event => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || form.dataset['confirm'] === undefined) return
    if (form.dataset['confirmed'] !== undefined) return
    event.preventDefault()
    event.stopImmediatePropagation()
    ask(form, form.dataset['confirm'], event.submitter)
  },
  true,
)

function ask(form: HTMLFormElement, consequence: string, submitter: HTMLElement | null): void {
  const dialog = document.createElement('dialog')
  dialog.setAttribute('aria-labelledby', 'ask-what')
  const what = document.createElement('h2')
  what.id = 'ask-what'
  what.textContent = `${submitter?.textContent?.trim() ?? 'Go on'}?`
  const why = document.createElement('p')
  why.textContent = consequence
  const acts = document.createElement('div')
  acts.className = 'acts'
  const cancel = button('Cancel', 'quiet')
  const go = button(
    submitter?.textContent?.trim() ?? 'Go on',
    submitter?.className.includes('danger') ? 'danger' : '',
  )
  cancel.addEventListener('click', () => dialog.close())
  go.addEventListener('click', () => {
    form.dataset['confirmed'] = ''
    dialog.close()
    form.requestSubmit(submitter)
  })
  dialog.addEventListener('close', () => dialog.remove())
  acts.append(cancel, go)
  dialog.append(what, why, acts)
  document.body.append(dialog)
  dialog.showModal()
}

function button(words: string, className: string): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = className
  made.textContent = words
  return made
}

// The current section, where sections stand in a row that is wider than the screen.
document.querySelector('.side [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })

// Hours as the reader's clock shows them.
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'long' })
for (const one of document.querySelectorAll<HTMLElement>('[data-hour]'))
  one.textContent = hour.format(Number(one.dataset['hour']))
for (const one of document.querySelectorAll('[data-zone]')) one.textContent = `(${zone})`
for (const one of document.querySelectorAll('time')) one.title = exact.format(new Date(one.dateTime))

for (const figure of document.querySelectorAll<HTMLElement>('.chart')) {
  const slots = [...figure.querySelectorAll<SVGRectElement>('.slot')]
  const svg = slots[0]?.ownerSVGElement
  if (svg) showValues(figure, svg, slots)
}

/** Shows the values of the step under the pointer, beside it. */
function showValues(figure: HTMLElement, svg: SVGSVGElement, slots: readonly SVGRectElement[]): void {
  const tip = document.createElement('div')
  tip.className = 'tip'
  tip.hidden = true
  tip.setAttribute('aria-hidden', 'true')
  figure.append(tip)
  const [first, second] = [slots[0], slots[1]]
  const stepMs = Number(second?.dataset['from'] ?? 0) - Number(first?.dataset['from'] ?? 0)
  const words = slots.map(slot => {
    const title = slot.querySelector('title')
    const [, ...values] = title?.textContent?.split('\n') ?? []
    title?.remove()
    const from = Number(slot.dataset['from'])
    return [`${hour.format(from)} to ${hour.format(from + stepMs)}`, ...values].join('\n')
  })
  const hide = (): void => {
    tip.hidden = true
    for (const slot of slots) slot.classList.remove('on')
  }
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect()
    const i = Math.min(slots.length - 1, Math.floor(((event.clientX - box.left) / box.width) * slots.length))
    hide()
    slots[i]?.classList.add('on')
    tip.textContent = words[i] ?? ''
    tip.hidden = false
    const outer = figure.getBoundingClientRect()
    const left = event.clientX - outer.left + 16
    const fits = left + tip.offsetWidth < outer.width
    tip.style.left = `${fits ? left : Math.max(4, event.clientX - outer.left - tip.offsetWidth - 16)}px`
    tip.style.top = `${event.clientY - outer.top + 16}px`
  })
  svg.addEventListener('pointerleave', hide)
}

for (const one of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const copy = button('Copy', 'quiet small')
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(one.textContent ?? '')
    copy.textContent = 'Copied'
  })
  one.after(copy)
}
