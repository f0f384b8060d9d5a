// Forms of all pages: a form that is on its way is not sent twice, and its button says what it does.

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', event => {
    const button = event.submitter
    if (form.dataset['sent'] !== undefined) return event.preventDefault()
    form.dataset['sent'] = ''
    if (!(button instanceof HTMLButtonElement)) return
    button.setAttribute('aria-busy', 'true')
    const busy = button.dataset['busy']
    if (busy !== undefined) button.textContent = busy
  })
}

// A page that comes back from the browser's history is as it was left: its form may be sent again.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload()
})
