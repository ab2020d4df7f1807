import { useContext, useSyncExternalStore } from "react";
import type { Line } from "../state/live.js";
import { LiveContext } from "../state/resource.js";

/** Says when the page is cut off, so that silence is not taken for an answer. */
export function LineBanner() {
  const live = useContext(LiveContext);
  const line = useSyncExternalStore(
    (listener) => live?.subscribeLine(listener) ?? (() => undefined),
    (): Line => live?.line() ?? "connecting",
  );
  return (
    <div className="line-banner" role="status">
      {line === "offline" ? "The connection is lost. Trying again… Nothing you sent is gone." : null}
    </div>
  );
}
