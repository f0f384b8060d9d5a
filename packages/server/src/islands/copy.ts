// A button under a text that is shown once: it puts the text on the clipboard, and says that it did.

for (const source of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = source.dataset['copy'] ?? ''
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent.trim())
    button.textContent = source.dataset['copied'] ?? ''
  })
  // Only pages of https and of this machine have a clipboard.
  if (isSecureContext) source.after(button)
}
