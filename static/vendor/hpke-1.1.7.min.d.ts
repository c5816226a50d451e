export interface Options { info?: Uint8Array; aad?: Uint8Array }
export class CipherSuite {
  constructor(kem: unknown, kdf: unknown, aead: unknown);
  Seal(publicKey: CryptoKey, plaintext: Uint8Array, options?: Options): Promise<{ encapsulatedSecret: Uint8Array; ciphertext: Uint8Array }>;
  Open(privateKey: CryptoKey, enc: Uint8Array, ciphertext: Uint8Array, options?: Options): Promise<Uint8Array>;
  DeserializePublicKey(key: Uint8Array): Promise<CryptoKey>;
  DeserializePrivateKey(key: Uint8Array, extractable?: boolean): Promise<CryptoKey>;
}
export const KEM_DHKEM_P256_HKDF_SHA256: unknown;
export const KDF_HKDF_SHA256: unknown;
export const AEAD_AES_128_GCM: unknown;
