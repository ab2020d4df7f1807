import { useContext } from "react";
import { Button } from "react-aria-components";
import { OpenExplanationContext } from "./open-explanation.js";

/** For admins, wherever an answer or what became of it is shown. */
export function ExplainButton({ answerId }: { answerId: string | null | undefined }) {
  const open = useContext(OpenExplanationContext);
  if (open === null || answerId == null) return null;
  return (
    <Button className="link-button explain-button" onPress={() => open(answerId)}>
      How this came to be
    </Button>
  );
}
