// Small signs beside words, drawn in the colour of the text. They say nothing that a word does not.

const paths = {
  overview: 'M3 3h6v8H3zM11 3h6v5h-6zM11 11h6v6h-6zM3 14h6v3H3z',
  users:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 17c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 4a3 3 0 0 1 0 5.5M15 12.4c1.8.7 3 2.400 3 4.600',
  sessions: 'M3 4h14v9H3zM7 17h6M10 13v4',
  keys: 'M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10.500 10H18M15.500 10v3M13 10v2',
  clients: 'M4 3h12v5H4zM4 12h12v5H4zM7 5.500h.01M7 14.500h.01',
  audit: 'M5 2.500h10v15H5zM8 7h4M8 10h4M8 13h2',
  invitations: 'M2.500 5h15v10h-15zM3 5.500l7 5.500 7-5.500',
  settings:
    'M3 6h8M15 6h2M3 14h2M9 14h8M13 6m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M7 14m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  find: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.500 13.500 17 17',
} as const

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
