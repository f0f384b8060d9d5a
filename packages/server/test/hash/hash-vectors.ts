// Password hashes that other programs made, as they write them, each with where it is from. None is from memory.
import type { HashHints } from '../../src/import/hash-spellings.ts'

export interface HashVector {
  /** The row of formats.ts that it is kept under, before a fast one is wrapped. */
  format: string
  password: string
  hash: string
  hints?: Partial<HashHints>
  /** It is argon2id of more than we ask for: nothing replaces it. */
  isEnough?: true
  /** Who made it, or where it is published. */
  from: string
}

const passlibPbkdf2Tests = 'passlib, tests/test_handlers_pbkdf2.py'
const libxcrypt = "libxcrypt 4.4, by Python 3.11's crypt.crypt"
const coreutils = 'GNU coreutils: printf %s%s … | sha256sum and its kin'
const hashlib = "Python 3.11's hashlib"
const argon2Cffi = 'argon2-cffi 25.1, low_level.hash_secret'
const django = 'Django 5.2, django.contrib.auth.hashers'
const werkzeug = 'Werkzeug 3.1, werkzeug.security'
const passlib = 'passlib 1.7.4'
const openssl = 'OpenSSL 3.0, openssl passwd'
const betterAuth = 'better-auth 1.7.25, hashPassword of better-auth/crypto'
const polyglot = 'päßword €'

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
    password: polyglot,
    hash: '$argon2d$v=19$m=1024,t=2,p=2$c2l4dGVlbiBieXRlIHNhbA$fIlxbL2ZwxsOFpGRItHy/HxCh8D89wP/E9DewNmns7g',
    from: argon2Cffi,
  },
  {
    format: 'argon2i',
    password: polyglot,
    hash: '$argon2i$v=19$m=1024,t=2,p=2$c2l4dGVlbiBieXRlIHNhbA$bevBJinDxuJQLN8/MRXGVYN4w9/Wa3MM/f5DAZsdL8I',
    from: argon2Cffi,
  },
  {
    format: 'argon2id',
    password: polyglot,
    hash: '$argon2id$v=19$m=1024,t=2,p=2$c2l4dGVlbiBieXRlIHNhbA$hF1FypwGYr/NBE6pZ3j+kFc3ISt4usf/ianUOiFQN80',
    from: argon2Cffi,
  },
  {
    format: 'argon2id',
    password: polyglot,
    hash: 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHRzYWx0c2FsdA$pDYV7Koi4FoNlBHFJN7QYDA82M6TtHY0m2Df2sczKgI',
    isEnough: true,
    from: `${django}, Argon2PasswordHasher`,
  },
  {
    format: 'bcrypt',
    password: 'U*U',
    hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    from: 'crypt_blowfish, wrapper.c',
  },
  {
    format: 'bcrypt',
    password: polyglot,
    hash: '$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO',
    from: libxcrypt,
  },
  {
    format: 'bcrypt',
    password: polyglot,
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
    password: polyglot,
    hash: '$6$rounds=1234$shortsalt$Eb7u0Zg1Togd4.U/jPDAq4OdIRuibkfXN1Q4T4psFcrU4bcIg5.jpKhcYuWra40biy0wRwLIsPnDmDOqaB.D1/',
    from: libxcrypt,
  },
  {
    format: 'md5-crypt',
    password: polyglot,
    hash: '$1$saltsalt$cA6mINOkVtJXCk.Kc09tT/',
    from: `${openssl} -1, and the same from ${passlib}`,
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
  {
    format: 'bcrypt',
    password: polyglot,
    hash: 'bcrypt$$2b$05$abcdefghijklmnopqrstuuVBWEMweH0Mkqz6QXlOK0dsR6esre8bO',
    from: `${django}, BCryptPasswordHasher`,
  },
  {
    format: 'scrypt',
    password: polyglot,
    hash: 'scrypt$16384$seasalt$8$5$OVLQc+ervgh/uCcj9PvH3zU/kd5Z0V6uCM95Hf3SjSYFX9zFShgp3UieeQOSOpO3zxjEiOiXFEP8OC3lc1uedw==',
    from: `${django}, ScryptPasswordHasher`,
  },
  {
    format: 'scrypt',
    password: polyglot,
    hash: 'scrypt:32768:8:1$seasalt$b32c5f54fbbd7ecc096ad1a791404f144af742a86396da891cad2aabc53005bd9b024c119164935d539dcb1e98e67a01a23901eaab9bfe0e416d6bdbefbf9fb8',
    from: werkzeug,
  },
  {
    format: 'scrypt',
    password: polyglot,
    hash: 'b7f98ea2edb9810fd1ad537d52d6c1de:93940e50cff1ef91d64502c7e56744762c4c1cb9ca557dff3a0ee539d8903d5b5b08b297a632110c41f260a75b4f4e7eee3a486a12ee4993a735c83f99c4bbd3',
    hints: { format: 'better-auth' },
    from: betterAuth,
  },
  {
    format: 'scrypt',
    password: polyglot,
    hash: 'seasalt:de5f58751643f19c7b542c82f3c996e8125bc9515619d69914009e2bdb2a376a96f6f85b79500211a9a30cc42bc5dbc2cbb8e117070a2a77c8139ccf8d26ba99',
    hints: { format: 'node-scrypt' },
    from: `${hashlib}: scrypt with n=16384, r=8, p=1, as Node has by default`,
  },
  {
    format: 'firebase-scrypt',
    password: 'mytestpassword',
    hash: '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==',
    from: 'github.com/supabase/auth, internal/crypto/password_test.go',
  },
  {
    format: 'pbkdf2-sha1',
    password: polyglot,
    hash: 'pbkdf2_sha1$30000$seasalt$nIZg7Juw3m1QS2/kQ5jTuQZLRN8=',
    from: `${django}, PBKDF2SHA1PasswordHasher`,
  },
  {
    format: 'pbkdf2-sha256',
    password: polyglot,
    hash: 'pbkdf2:sha256:20000$seasalt$8943219fafe0ae62783abace3230fa93e6e5d78752ce60cc7baab94d61e71308',
    from: werkzeug,
  },
  {
    format: 'pbkdf2-sha256',
    password: polyglot,
    hash: '$pbkdf2-sha256$25000$c2FsdHNhbHRzYWx0c2FsdA$ZieGz5Uom/Zn.Qda/UoQtkzVWOFO56FkeYqikSKcHoU',
    from: `${passlib}, pbkdf2_sha256`,
  },
  {
    format: 'pbkdf2-sha512',
    password: polyglot,
    hash: 'pbkdf2:sha512:20000$seasalt$09cade4c3c909d6b0a3894ce1fdb0b19acdf0f5ae0581a896607a589ab92b6a225116e97c2e1c292ccdfb7b81fe2910040e5e9994319c49bc209e73f43c5eb62',
    from: werkzeug,
  },
  {
    format: 'sha256-crypt',
    password: polyglot,
    hash: '$5$saltsalt$IzBb/Zi7qIdEn.bSrJKSPJvdF0fif8hp2CyzIV4p6G/',
    from: `${openssl} -5`,
  },
  {
    format: 'sha512-crypt',
    password: polyglot,
    hash: '$6$saltsalt$MVDJX/4CAPhy80FaUdF/4tRX4OzQy/gHksIkQyn4XbsgXL3Yb5Ly.8DMyNF2wHTU99Zi/Kx3SxvbbBSiFpXvo/',
    from: `${openssl} -6`,
  },
  {
    format: 'phpass',
    password: polyglot,
    hash: '$P$6abcdefgh9AIZ451gcbKC3ceo0AIL5/',
    from: `${passlib}, phpass`,
  },
  {
    format: 'salted-md5-prefix',
    password: polyglot,
    hash: '2580d457a283fb90d79c547ec6ae7eb2',
    hints: { format: 'md5-prefix', salt: 'N4Cl' },
    from: hashlib,
  },
  {
    format: 'salted-md5-suffix',
    password: polyglot,
    hash: '8a404edbe3759a6bacd297de682ab4f3',
    hints: { format: 'md5-suffix', salt: '4e34436c', saltEncoding: 'hex' },
    from: hashlib,
  },
  {
    format: 'salted-sha1-prefix',
    password: polyglot,
    hash: '0abef4d73487879b25d15ebab96a68210a9547c8',
    hints: { format: 'sha1-prefix', salt: 'TjRDbA==', saltEncoding: 'base64' },
    from: hashlib,
  },
  {
    format: 'salted-sha1-suffix',
    password: polyglot,
    hash: '849db6437313b0826dd9f8fef3cba5afa9482879',
    hints: { format: 'sha1-suffix', salt: 'N4Cl' },
    from: hashlib,
  },
  {
    format: 'salted-sha256-suffix',
    password: polyglot,
    hash: '{SSHA256}r0aVgEGnVASE8DrlTou75MYE571GB3Z8AboL6lyaHAFzYWx0c2FsdA==',
    from: `${passlib}, ldap_salted_sha256`,
  },
  {
    format: 'salted-sha512-suffix',
    password: polyglot,
    hash: '{SSHA512}5PNbE3PkhT8t55rvCuSeg7BhskoO0gJEUPviBm2vyIpvcnDF3zvHny1SjurjjLrh/3nKcnECLhQ49cVnAl19V3NhbHRzYWx0',
    from: `${passlib}, ldap_salted_sha512`,
  },
  {
    format: 'sha512-crypt',
    password: polyglot,
    hash: '{CRYPT}$6$saltsalt$MVDJX/4CAPhy80FaUdF/4tRX4OzQy/gHksIkQyn4XbsgXL3Yb5Ly.8DMyNF2wHTU99Zi/Kx3SxvbbBSiFpXvo/',
    from: `${passlib}, ldap_sha512_crypt`,
  },
]
