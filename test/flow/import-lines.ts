// A file of users as nobody would wish for, and what becomes of each of its lines, in every store.

/** Of `päßword €`, by libxcrypt. */
export const bcrypt = '$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO'
/** Of `password`, from passlib's documentation. */
export const ssha = '{SSHA}pKqkNr1tq3wtQqk+UcPyA3HnA2NsU5NJ'
/** Good rows and bad ones, with the names of their fields first. */
export const mixed = [
  'id,username,email,email_verified,password_hash,roles,created_at',
  `1,ada,ada@example.com,yes,${bcrypt},writer,2024-01-02T03:04:05Z`,
  `2,bob,bob@example.com,no,${ssha},admin,`,
  `"3,stray,,,${bcrypt},,`,
  `4,ada,other@example.com,yes,${bcrypt},,`,
  `5,carol,ada@example.com,yes,${bcrypt},,`,
  `6,x,x@example.com,yes,${bcrypt},,`,
  'hunter2hunter2,dave,dave@example.com,yes,hunter2hunter2,,',
  `8,erin,erin@nowhere,no,${bcrypt},,`,
  '9,frank,,no,,,',
  '10,grace,grace@example.com,yes,,,',
  `${bcrypt},slipped,,,${bcrypt},,`,
  `1,ada,ada@example.com,yes,${bcrypt},writer,2024-01-02T03:04:05Z`,
  `12,henry,,,${bcrypt}`,
]
/** What a report says of each: line, outcome, code, reason. */
export const judged = [
  '2 imported imported: ',
  '3 imported imported: the role admin makes administrators: map it with --roles to keep it',
  '4 refused unreadable: its quotes are not as CSV has them',
  '5 refused username_taken: its username is that of line 2',
  '6 refused address_taken: its address is that of line 2',
  '7 refused bad_username: its username has not 3 to 64 letters, digits, dots, underscores or hyphens',
  '8 refused bad_hash: the password hash is of no known format',
  '9 refused bad_address: its address is no e-mail address',
  '10 refused no_sign_in: it has no password, and no verified address to send a link to',
  '11 imported imported: it has no password: its user asks for a link to choose one',
  '12 imported imported: ',
  '13 known repeated: it is the user of line 2 again',
  '14 refused unreadable: it has 5 fields, the first line 7',
]
