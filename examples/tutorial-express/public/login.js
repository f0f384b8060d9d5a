// Sends the form as it is (multipart), and keeps the token for this tab.
const form = document.querySelector('#login')

form.addEventListener('submit', async event => {
  event.preventDefault()
  const answer = await fetch('/user/login', {
    method: 'POST',
    headers: { accept: 'text/plain' },
    body: new FormData(form),
  })
  if (answer.ok) {
    sessionStorage.setItem('token', await answer.text())
    location.href = 'index.html'
  } else {
    const { title } = await answer.json()
    document.querySelector('#problem').textContent = title
  }
})
