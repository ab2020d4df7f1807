import { stemWord } from "../../../src/text/stem.js";

/**
 * Words that customers and manuals use for the same thing. General support vocabulary: what a product calls its own parts
 * belongs into its documents.
 */
const SAME_MATTER = `
  buy purchase order get
  cost price fee charge pay expensive cheap
  refund money reimburse
  cancel terminate end quit unsubscribe
  delete remove erase wipe
  reset restore default
  restart reboot
  login signin access
  wifi wireless wlan
  internet online web
  change modify edit adjust alter
  update upgrade
  replace exchange swap
  broken defective faulty damaged defect
  phone mobile smartphone cell cellphone
  enable activate
  disable deactivate
  ship deliver delivery shipping dispatch send
  parcel package shipment
  led light lamp indicator blink flash
  slow slowly speed fast
  hot warm heat overheat temperature
  error fault problem trouble issue fail failure
  contact reach call support
  big large size
  invoice bill receipt
  connect attach join plug
  maximum limit most many
  minimum least
  company business firm organization organisation
  user member person people colleague
  admin administrator
  password passphrase passcode
  block prevent restrict
  allow permit
  show display view
  find locate
  mute silence quiet
  notify notification alert
  trial test
  device computer laptop machine
  picture image photo avatar
  email mail
  address location
  start begin
  stop finish
  guarantee warranty
  long duration time
  old previous earlier former
  install setup
  print printer
  child kid
  name rename
  version release
  back return
  country abroad international
  language translate translation
  hide invisible
  private secret
  save store keep
  export download
  import upload
  lose lost forget forgotten
  wrong incorrect invalid
`;

const GROUPS: ReadonlyMap<string, ReadonlySet<number>> = index(SAME_MATTER);

/** Whether two English stems may stand for the same thing. */
export function meanTheSame(left: string, right: string): boolean {
  const groups = GROUPS.get(left);
  if (groups === undefined) return false;
  const others = GROUPS.get(right);
  return others !== undefined && [...groups].some((group) => others.has(group));
}

function index(list: string): ReadonlyMap<string, ReadonlySet<number>> {
  const groups = new Map<string, Set<number>>();
  for (const [number, line] of list.trim().split("\n").entries()) {
    for (const word of line.trim().split(" ")) {
      const stem = stemWord(word, "english");
      groups.set(stem, (groups.get(stem) ?? new Set()).add(number));
    }
  }
  return groups;
}
