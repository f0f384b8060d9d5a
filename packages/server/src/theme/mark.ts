// The mark: a key whose bow is a keyhole, as a path in a square of 32.

export const markPath =
  'M11 2a9 9 0 0 1 8.5 11.9L30 24.4V30h-5.6v-3.4H21v-3.4h-3.4l-2.2-2.2A9 9 0 1 1 11 2Zm0 4.2a3 3 0 0 0-1.6 5.5L8.4 16h5.2l-1-4.3A3 3 0 0 0 11 6.2Z'
