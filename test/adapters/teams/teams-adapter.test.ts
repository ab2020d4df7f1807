import { encodeAddress } from "../../../adapters/teams/address.js";
import { chatAdapterContract, type ChatAdapterHarness } from "../../contracts/chat-adapter-contract.js";
import { cora } from "../../fakes/teams/people.js";
import { HOME_TENANT, openTeams } from "./teams-harness.js";

async function openChat(): Promise<ChatAdapterHarness> {
  const teams = await openTeams({ surface: { agentsChannel: "agents" } });
  const { fake, surface } = teams;
  fake.addConversation("agents", "channel");
  const chat = teams.ref(fake.chatWith(cora));
  const { serviceUrl, botId } = fake;
  for (const [key, type] of [
    [chat.key, "personal"],
    ["agents", "channel"],
  ] as const) {
    const address = encodeAddress({ serviceUrl, botId, conversationId: key, tenantId: HOME_TENANT, type });
    await teams.addressBook.remember(teams.ref(key), address);
  }
  return {
    adapter: surface.adapter,
    conversation: chat,
    unknownId: "404",
    shown: ({ key }) => Promise.resolve(fake.texts(key)),
    [Symbol.asyncDispose]: () => teams[Symbol.asyncDispose](),
  };
}

chatAdapterContract("the Teams adapter", openChat, { canReconcile: false });
