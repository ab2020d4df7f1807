import { isLoopback } from "../config/loopback.js";

/**
 * Which `Host` headers a server answers to. On a loopback address only its own names: a page elsewhere whose name was
 * pointed at this machine (DNS rebinding) is refused. On another address every name may lead here, so none is refused.
 */
export function createHostCheck(boundHost: string, publicUrl: string | null): (host: string | undefined) => boolean {
  if (!isLoopback(boundHost)) return () => true;
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname;
  return (host) => {
    if (host === undefined || !URL.canParse(`http://${host}`)) return false;
    const url = new URL(`http://${host}`);
    if (url.username !== "" || url.pathname !== "/") return false;
    return isLoopback(url.hostname) || url.hostname === publicHost;
  };
}
