import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

export type Side = "customer" | "agents";

/** Chooses the side that a narrow screen shows; a wide one shows both and hides this. */
export function SideSwitch(props: { side: Side; waiting: number; onChange: (side: Side) => void }) {
  return (
    <nav className="side-switch" aria-label="Sides of the desk">
      <ToggleButtonGroup
        className="segments"
        aria-label="Show"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[props.side]}
        onSelectionChange={(keys) => props.onChange(keys.has("agents") ? "agents" : "customer")}
      >
        <ToggleButton className="segment" id="customer">
          Customer
        </ToggleButton>
        <ToggleButton className="segment" id="agents">
          Agents
          {props.waiting > 0 ? (
            <span className="count" aria-label={`${props.waiting} waiting`}>
              {props.waiting}
            </span>
          ) : null}
        </ToggleButton>
      </ToggleButtonGroup>
    </nav>
  );
}
