import type { TeamsEndpoints } from "./bot-connector.js";

/** The issuer that a stand-in signs as, and the token that it takes. Neither means anything to Microsoft. */
export const EMULATOR_ISSUER = "https://api.botframework.example";
export const EMULATOR_TOKEN = "token-for-bot-connector";

/** A stand-in for Bot Connector and its sign-in on this machine: keys at `/openid/configuration`, tokens still checked. */
export function emulatorEndpoints(url: string): TeamsEndpoints {
  const openIdMetadataUrl = new URL("/openid/configuration", url).href;
  return {
    loginUrl: "https://login.example/tenant",
    oAuthScope: EMULATOR_ISSUER,
    tokenIssuer: EMULATOR_ISSUER,
    oAuthUrl: new URL("/oauth", url).href,
    openIdMetadataUrl,
    emulatorOpenIdMetadataUrl: openIdMetadataUrl,
    callerId: "",
    credentials: {
      isValidAppId: () => Promise.resolve(true),
      createCredentials: () =>
        Promise.resolve({
          signRequest: (request) => {
            request.headers.set("authorization", `Bearer ${EMULATOR_TOKEN}`);
            return Promise.resolve(request);
          },
        }),
    },
  };
}
