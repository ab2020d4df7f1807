import { chatAdapterContract, type ChatAdapterHarness } from "../../contracts/chat-adapter-contract.js";
import { DEFAULT_WORKSPACE } from "../../fakes/slack/workspace-options.js";
import { openSlackScene } from "./slack-scene.js";

const AGENTS = { id: "agents", name: "agents-of-the-contract", members: ["U0BEN"] } as const;

async function openHarness(streaming: boolean): Promise<ChatAdapterHarness> {
  const channels = [...(DEFAULT_WORKSPACE.channels ?? []), AGENTS];
  const scene = await openSlackScene({ fake: { workspaces: [{ ...DEFAULT_WORKSPACE, channels }], streaming } });
  return {
    adapter: scene.surface.adapter,
    conversation: scene.thread(),
    unknownId: "1700000000.000100",
    shown: (conversation) => Promise.resolve(scene.shown(conversation)),
    [Symbol.asyncDispose]: () => scene[Symbol.asyncDispose](),
  };
}

chatAdapterContract("the Slack adapter", () => openHarness(true));
chatAdapterContract("the Slack adapter where Slack does not stream", () => openHarness(false));
