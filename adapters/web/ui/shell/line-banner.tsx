import { useLine } from "../state/resource.js";

/** Says when the page is cut off, so that silence is not taken for an answer. */
export function LineBanner() {
  const line = useLine();
  return (
    <div className="line-banner" role="status">
      {line === "offline" ? "The connection is lost. Trying again… Nothing you sent is gone." : null}
    </div>
  );
}
