// Forms of all pages: a form that is on its way is not sent twice, and its button says what it does; a password is
// shown on demand.

for (const form of document.querySelectorAll('form:not([data-stays])')) {
  form.addEventListener('submit', event => {
    if (!(form instanceof HTMLFormElement) || !(event instanceof SubmitEvent)) return
    if (form.dataset['sent'] !== undefined) return event.preventDefault()
    form.dataset['sent'] = ''
    const button = event.submitter
    if (!(button instanceof HTMLButtonElement)) return
    button.setAttribute('aria-busy', 'true')
    const busy = button.dataset['busy']
    if (busy === undefined) return
    button.removeAttribute('aria-label')
    button.textContent = busy
  })
}

for (const control of document.querySelectorAll<HTMLElement>('[data-show]')) {
  const input = control.querySelector('input')
  if (input === null) continue
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'reveal'
  const tell = (word: 'show' | 'hide'): void => {
    button.textContent = control.dataset[word] ?? ''
    button.setAttribute('aria-label', control.dataset[`${word}Label`] ?? '')
  }
  button.addEventListener('click', () => {
    const isHidden = input.type === 'password'
    input.type = isHidden ? 'text' : 'password'
    tell(isHidden ? 'hide' : 'show')
  })
  // What is sent is a password again, for whoever keeps it.
  input.form?.addEventListener('submit', () => {
    input.type = 'password'
  })
  tell('show')
  control.append(button)
}

// Not every browser gives the focus by itself to what is no field.
document.querySelector<HTMLElement>('[role=alert]')?.focus()

// A page that comes back from the browser's history is as it was left: its form may be sent again.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload()
})
