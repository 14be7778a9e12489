/** Wycheproof's files of signatures that the guest verifies. */

/** File, algorithm, and how many cases it holds: a file that loses cases must not pass unseen. */
export const FILES: [name: string, algorithm: string, cases: number][] = [
  ["rsa_signature_2048_sha256", "RS256", 259],
  ["rsa_signature_3072_sha256", "RS256", 259],
  ["rsa_signature_4096_sha256", "RS256", 258],
  ["rsa_signature_2048_sha384", "RS384", 258],
  ["rsa_signature_2048_sha512", "RS512", 259],
  ["rsa_signature_4096_sha512", "RS512", 259],
  ["rsa_pss_2048_sha256_mgf1_32", "PS256", 108],
  ["rsa_pss_3072_sha256_mgf1_32", "PS256", 108],
  ["rsa_pss_4096_sha384_mgf1_48", "PS384", 141],
  ["rsa_pss_4096_sha512_mgf1_64", "PS512", 179],
  ["ecdsa_secp256r1_sha256_p1363", "ES256", 262],
  ["ecdsa_secp384r1_sha384_p1363", "ES384", 280],
  ["ecdsa_secp521r1_sha512_p1363", "ES512", 318],
  ["ed25519", "EdDSA", 151],
  ["ed25519", "Ed25519", 151],
];
