// What a device is called in a list.

/** What it calls itself; it need not. */
export const deviceWords = (device: string | undefined): string => device ?? 'Unnamed device'
