import { createHmac, randomUUID } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";

export const TOKEN_ISSUER = "https://api.botframework.example";

/** What may be wrong with a token. */
export interface Forgery {
  readonly audience?: string;
  readonly issuer?: string;
  readonly serviceUrl?: string | null;
  /** Seconds from now; the bot allows five minutes of difference. */
  readonly expiresIn?: number;
  readonly notBeforeIn?: number;
  readonly keyId?: string;
  /** Signed by somebody else under our key's name. */
  readonly isStrangersKey?: boolean;
  /** With the key that is endorsed for another channel. */
  readonly isOtherChannelsKey?: boolean;
  /** `none`: no signature; `HS256`: signed with our public key as if it were a shared secret. */
  readonly algorithm?: "none" | "HS256";
  /** The whole header instead; null for none. */
  readonly header?: string | null;
}

interface Key {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

/** Made once for a process: it takes a while. */
let keys: Promise<[Key, Key, Key]> | undefined;

/** Signs what Bot Connector sends, and publishes the keys to check it with. */
export class OpenIdIssuer {
  readonly #ours: Key;
  readonly #otherChannels: Key;
  readonly #stranger: Key;
  /** How often the keys were asked for. */
  keyRequests = 0;

  private constructor(ours: Key, otherChannels: Key, stranger: Key) {
    this.#ours = ours;
    this.#otherChannels = otherChannels;
    this.#stranger = stranger;
  }

  static async create(): Promise<OpenIdIssuer> {
    keys ??= Promise.all([createKey(), createKey(), createKey()]);
    return new OpenIdIssuer(...(await keys));
  }

  /** The keys' document. */
  keys(): object {
    this.keyRequests += 1;
    return {
      keys: [
        { ...this.#ours.jwk, kid: this.#ours.id, use: "sig", endorsements: ["msteams"] },
        { ...this.#otherChannels.jwk, kid: this.#otherChannels.id, use: "sig", endorsements: ["webchat"] },
      ],
    };
  }

  /** The `authorization` header of a request; null for none. */
  async authorization(audience: string, serviceUrl: string, forgery: Forgery = {}): Promise<string | null> {
    if (forgery.header !== undefined) return forgery.header;
    const now = Math.floor(Date.now() / 1000);
    const url = forgery.serviceUrl === undefined ? serviceUrl : forgery.serviceUrl;
    const claims = {
      iss: forgery.issuer ?? TOKEN_ISSUER,
      aud: forgery.audience ?? audience,
      nbf: now + (forgery.notBeforeIn ?? -10),
      exp: now + (forgery.expiresIn ?? 3_600),
      ...(url === null ? {} : { serviceurl: url }),
    };
    const key = forgery.isOtherChannelsKey === true ? this.#otherChannels : this.#ours;
    const keyId = forgery.keyId ?? key.id;
    if (forgery.algorithm !== undefined) return `Bearer ${await this.#unsigned(claims, keyId, forgery.algorithm)}`;
    const signer = forgery.isStrangersKey === true ? this.#stranger : key;
    const token = new SignJWT(claims).setProtectedHeader({ alg: "RS256", typ: "JWT", kid: keyId });
    return `Bearer ${await token.sign(signer.privateKey)}`;
  }

  async #unsigned(claims: object, keyId: string, algorithm: "none" | "HS256"): Promise<string> {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: algorithm, typ: "JWT", kid: keyId })}.${part(claims)}`;
    const secret = await exportSPKI(this.#ours.publicKey);
    const signature = createHmac("sha256", secret).update(text).digest("base64url");
    return `${text}.${algorithm === "none" ? "" : signature}`;
  }
}

async function createKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  return { id: randomUUID(), privateKey, publicKey, jwk: await exportJWK(publicKey) };
}
