// Password hashes that other programs made, as they write them, each with where it is from. None is from memory.
import type { HashHints } from '../../src/import/hash-spellings.ts'

export interface HashVector {
  /** The row of formats.ts that it is kept under, before a fast one is wrapped. */
  format: string
  password: string
  hash: string
  hints?: Partial<HashHints>
  /** Who made it, or where it is published. */
  from: string
}

const passlibPbkdf2Tests = 'passlib, tests/test_handlers_pbkdf2.py'
const libxcrypt = "libxcrypt 4.4, by Python 3.11's crypt.crypt"
const coreutils = 'GNU coreutils: printf %s%s … | sha256sum and its kin'

export const vectors: readonly HashVector[] = [
  {
    format: 'argon2id',
    password: 'password',
    hash: '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    from: 'the reference program of argon2, src/test.c',
  },
  {
    format: 'argon2i',
    password: 'password',
    hash: '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    from: 'the reference program of argon2, src/test.c',
  },
  {
    format: 'argon2d',
    password: 'apple123',
    hash: '$argon2d$v=19$m=65536,t=4,p=4$PUfIWctZa611rpXSOicEAA$eUtgGpyO1+ylLPGhN8gvRXBXF+Zd97kQIZA7OgX4VIM',
    from: "a Go library's published tests",
  },
  {
    format: 'argon2id',
    password: 'password',
    hash: 'argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
    from: "the first row in Django's spelling",
  },
  {
    format: 'bcrypt',
    password: 'U*U',
    hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    from: 'crypt_blowfish, wrapper.c',
  },
  {
    format: 'bcrypt',
    password: 'päßword €',
    hash: '$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO',
    from: libxcrypt,
  },
  {
    format: 'bcrypt',
    password: 'päßword €',
    hash: '$2y$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO',
    from: libxcrypt,
  },
  {
    format: 'scrypt',
    password: 'password',
    hash: '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
    from: "passlib's documentation, passlib.hash.scrypt",
  },
  {
    format: 'firebase-scrypt',
    password: 'user1password',
    hash: '$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lwc$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ',
    from: 'github.com/firebase/scrypt, README.md: salt 42xEC+ixf3L2lw==, separator Bw==',
  },
  {
    format: 'pbkdf2-sha1',
    password: 'password',
    hash: '4b007901b765489abead49d926f721d065a429c1',
    hints: { format: 'pbkdf2-sha1', salt: 'salt', iterations: 4096 },
    from: 'RFC 6070 2',
  },
  {
    format: 'pbkdf2-sha1',
    password: 'password',
    hash: '$pbkdf2$1212$OB.dtnSEXZK8U5cgxU/GYQ$y5LKPOplRmok7CZp/aqVDVg8zGI',
    from: passlibPbkdf2Tests,
  },
  {
    format: 'pbkdf2-sha256',
    password: 'password',
    hash: '$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44',
    from: "passlib's documentation, passlib.hash.pbkdf2_digest",
  },
  {
    format: 'pbkdf2-sha256',
    password: 'lètmein',
    hash: 'pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=',
    from: 'Django, tests/auth_tests/test_hashers.py',
  },
  {
    format: 'pbkdf2-sha512',
    password: 'password',
    hash: '$pbkdf2-sha512$1212$RHY0Fr3IDMSVO/RSZyb5ow$eNLfBK.eVozomMr.1gYa17k9B7KIK25NOEshvhrSX.esqY3s.FvWZViXz4KoLlQI.BzY/YTNJOiKc5gBYFYGww',
    from: passlibPbkdf2Tests,
  },
  {
    format: 'sha256-crypt',
    password: 'Hello world!',
    hash: '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA',
    from: 'Drepper, SHA-crypt.txt',
  },
  {
    format: 'sha256-crypt',
    password: 'x'.repeat(40),
    hash: '$5$anothersalt$Kjo0rns3VyDy9dkUnSFVvHbOuJPI9J9Qyxh0.SNE4RA',
    from: libxcrypt,
  },
  {
    format: 'sha512-crypt',
    password: 'Hello world!',
    hash: '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    from: 'Drepper, SHA-crypt.txt',
  },
  {
    format: 'sha512-crypt',
    password: 'päßword €',
    hash: '$6$rounds=1234$shortsalt$Eb7u0Zg1Togd4.U/jPDAq4OdIRuibkfXN1Q4T4psFcrU4bcIg5.jpKhcYuWra40biy0wRwLIsPnDmDOqaB.D1/',
    from: libxcrypt,
  },
  {
    format: 'md5-crypt',
    password: 'this is a password longer than 16 characters',
    hash: '$1$oKnN0HHt$KtM1JhHfFNyQOq5OgbGo.1',
    from: 'published tests of an implementation in Scheme',
  },
  {
    format: 'md5-crypt',
    password: 'correct horse battery',
    hash: '$1$saltsalt$UevX3RQ4rPNbqFqf8dVFn.',
    from: libxcrypt,
  },
  {
    format: 'phpass',
    password: 'test12345',
    hash: '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0',
    from: 'phpass, test.php',
  },
  {
    format: 'phpass',
    password: 'test1',
    hash: '$H$9aaaaaSXBjgypwqm.JsMssPLiS8YQ00',
    from: 'passlib, tests/test_handlers.py',
  },
  {
    format: 'salted-md5-prefix',
    password: 'lètmein',
    hash: 'md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3',
    from: 'Django, tests/auth_tests/test_hashers.py',
  },
  {
    format: 'salted-md5-suffix',
    password: 'password',
    hash: '{SMD5}jNoSMNY0cybfuBWiaGlFw3Mfi/U=',
    from: "passlib's documentation, passlib.hash.ldap_salted_md5",
  },
  {
    format: 'salted-sha1-prefix',
    password: 'lètmein',
    hash: 'sha1$seasalt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8',
    from: 'Django, tests/auth_tests/test_hashers.py',
  },
  {
    format: 'salted-sha1-suffix',
    password: 'password',
    hash: '{SSHA}pKqkNr1tq3wtQqk+UcPyA3HnA2NsU5NJ',
    from: "passlib's documentation, passlib.hash.ldap_salted_sha1",
  },
  {
    format: 'salted-sha1-suffix',
    password: 'password',
    hash: '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    from: "passlib's documentation, passlib.hash.ldap_sha1: no salt at all",
  },
  {
    format: 'salted-sha256-prefix',
    password: 'password',
    hash: '678af6416d10eb17636996f54e788f59918c3a217bb7ec4bab8ec5a2023e4b99',
    hints: { format: 'sha256-prefix', salt: 'N4Cl' },
    from: coreutils,
  },
  {
    format: 'salted-sha256-suffix',
    password: 'password',
    hash: 'f2fad32ef648d598d6c71d30577f8a0a6ef91ff41ef63023c5925195758c8275',
    hints: { format: 'sha256-suffix', salt: 'N4Cl' },
    from: coreutils,
  },
  {
    format: 'salted-sha512-prefix',
    password: 'password',
    hash: 'dd1faf7a93534cd0f6856cf7692179ddbe46f95d502859dbf21b998e777461f51f4ca11001bc9f48cfc2d747c5c0fb818db2b44487d6e3ebfcb37ced087c84b3',
    hints: { format: 'sha512-prefix', salt: 'N4Cl' },
    from: coreutils,
  },
  {
    format: 'salted-sha512-suffix',
    password: 'password',
    hash: '5c459bd5bf74fac532b69ed171cf447424a7a44517565ac84ddae01d00e2bde70dccb2b439856cc8d497b11a140edfe2b4c41ebd5d026589f12d0b4a74978931',
    hints: { format: 'sha512-suffix', salt: 'N4Cl' },
    from: coreutils,
  },
]
