/** Loops over numbers and blocks: most of them have the size of a curve or of a key, and turn as often whatever the numbers are. */
export default {
  "crypto/hash.ts": {
    digestOf: "8",
  },
  "crypto/kernels/sha256.ts": {
    compress: "TEXT_BYTES / 64 + 2",
  },
  "crypto/kernels/sha512.ts": {
    compress: ["TEXT_BYTES / 128 + 2", "5"],
  },
  "crypto/hmac.ts": {
    hmac: "128",
  },
  "crypto/hkdf.ts": {
    expand: "255",
  },
  "crypto/constant-time.ts": {
    equal: "TOKEN_BYTES",
  },
  "crypto/chacha20.ts": {
    rounds: "20",
    "ChaCha20.block": "4",
  },
  "crypto/poly1305.ts": {
    "Poly1305.update": "TEXT_BYTES / 16",
  },
  "crypto/xchacha20-poly1305.ts": {
    "Cipher.apply": ["TEXT_BYTES / 64", "8", "7"],
  },
  "crypto/integer.ts": {
    readBytes: ["RSA_WORDS", "3"],
    writeBytes: "RSA_WORDS",
    isZero: "RSA_WORDS",
    compare: "RSA_WORDS",
    add: "RSA_WORDS",
    subtract: "RSA_WORDS",
    remainder: "RSA_WORDS",
  },
  "crypto/inverse.ts": {
    // 30 divsteps a turn; (49 d + 57) / 17 are enough for d bits (Bernstein and Yang 2019, theorem 11.2).
    "State.run": ["4", "(49 * CURVE_BITS + 57) / 17 / 30 + 1"],
    // Each turn but the first takes a step at least.
    "State.divsteps": "31",
    "State.updateCoefficients": "CURVE_WORDS + 2",
    "State.updateNumbers": "CURVE_WORDS + 2",
    "State.normalize": "CURVE_WORDS + 2",
    "State.addModulus": "CURVE_WORDS + 2",
    toLimbs: ["CURVE_WORDS", "2"],
    toWords: ["CURVE_WORDS", "2"],
  },
  "crypto/modulus.ts": {
    "Modulus.constructor": "4",
    "Modulus.multiply": "RSA_WORDS",
    "Modulus.one": "32",
    "Modulus.prepare": ["32", "5", "64", "16"],
  },
  "crypto/weierstrass.ts": {
    isOnCurve: "3",
    "Group.combine": "CURVE_WORDS * 32",
  },
  "crypto/comb.ts": {
    "Comb.prepare": ["16", "CURVE_WORDS * 32", "16", "2"],
    "Comb.prepareBlock": ["8", "8", "16", "16"],
    "Comb.combine": ["CURVE_WORDS * 32 / 8", "2"],
    "Comb.take": "8",
    "Digits.constructor": "CURVE_WORDS + 2",
  },
  "crypto/edwards.ts": {
    "Edwards.fromWords": "9",
    "Edwards.toWords": ["8", "2", "3"],
    "Edwards.normalize": "16",
    "Edwards.isSmall": "3",
    "Edwards.square": "255",
    "Edwards.powerOfOnes": "255",
  },
  "crypto/straus.ts": {
    combine: "CURVE_WORDS * 32 + 1",
    makeMultiples: ["16", "16"],
    // A bit at least each turn.
    digitsOf: "CURVE_WORDS * 32 + 1",
  },
  "crypto/emsa.ts": {
    isPss: ["RSA_BITS_MAX / 64", "7"],
    unmask: ["RSA_BITS_MAX / 8 / 32", "8"],
  },
  "crypto/montgomery-f64.ts": {
    "RsaField.toDigits": "RSA_DIGITS",
    "RsaField.prepare": "5",
    "RsaField.prepareSquare": ["RSA_DIGITS", "RSA_DIGITS", "16"],
    "RsaField.power": "31",
    "RsaField.prepareMatch": "16",
    "RsaField.matches": ["15", "RSA_DIGITS"],
    "RsaField.minusDigest": ["12", "(RSA_DIGITS + 12) / 2"],
    "RsaField.isZero": "RSA_DIGITS",
    "RsaField.quotient": "RSA_DIGITS",
    "RsaField.subtract": "RSA_DIGITS",
    "RsaField.settle": "RSA_DIGITS",
    "RsaField.toBytes": "RSA_DIGITS",
    scale: "RSA_WORDS",
    increment: "RSA_DIGITS",
  },
  "crypto/kernels/rsa.ts": {
    square: ["RSA_DIGITS / 4", "RSA_DIGITS / 2", "RSA_DIGITS / 16", "RSA_DIGITS / 16"],
    multiplyAdd: ["RSA_DIGITS / 4", "RSA_DIGITS / 2", "RSA_DIGITS / 16", "RSA_DIGITS / 16"],
  },
  "crypto/roca.ts": {
    isRoca: ["10", "83", "83"],
    isPrime: "6",
    // The order of a number modulo a prime of at most 167.
    isPower: "167",
  },
  "crypto/sign-p256.ts": {
    // Each further turn has a chance of 2⁻³².
    "SigningKey.sign": "4",
  },
  "crypto/jacobian.ts": {
    "Jacobian.fromWords": "CURVE_WORDS + 2",
    "Jacobian.isZero": "CURVE_WORDS + 2",
    "Jacobian.toWords": ["CURVE_WORDS", "2"],
    "Jacobian.normalize": "16",
  },
  "crypto/batch.ts": {
    invertAll: "15",
  },
  "crypto/secret-multiple.ts": {
    "SecretGroup.constructor": "16",
    "SecretGroup.multiple": ["64", "4", "2"],
    "SecretGroup.take": ["16", "12"],
  },
  "crypto/secret-modulus.ts": {
    "SecretModulus.constructor": ["4", "256"],
    "SecretModulus.inRange": "8",
    "SecretModulus.subtract": "8",
    "SecretModulus.multiply": "8",
    "SecretModulus.invert": "256",
    "SecretModulus.settle": "8",
  },
};
