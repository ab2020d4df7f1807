import type { Person } from "./teams-state.js";

export const cora: Person = {
  id: "29:cora",
  name: "Cora Customer",
  aadObjectId: "aaaaaaaa-0000-4000-8000-000000000001",
};
export const ana: Person = { id: "29:ana", name: "Ana Agent", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000002" };
export const adam: Person = { id: "29:adam", name: "Adam Admin", aadObjectId: "aaaaaaaa-0000-4000-8000-000000000003" };
/** A guest in the tenant. The list of members calls guests users, too. */
export const gus: Person = {
  id: "29:gus",
  name: "Gus Guest",
  aadObjectId: "aaaaaaaa-0000-4000-8000-000000000004",
  listed: { userPrincipalName: "gus.guest_partner.example#EXT#@acme.onmicrosoft.example" },
};
