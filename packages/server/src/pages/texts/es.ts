// Español.
import type { Texts } from './en.ts'

export const es: Texts = {
  frame: {
    skip: 'Ir al contenido',
    account: 'Su cuenta',
    console: 'Administración',
    signOut: 'Cerrar sesión',
    signingOut: 'Cerrando sesión…',
  },
}
