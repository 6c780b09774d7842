/** Where a ticket is made by hand: the board, as it is filtered if one is there already. */
export function newTicket(): string {
  const query = new URLSearchParams(location.pathname.startsWith("/board") ? location.search : "");
  query.delete("ticket");
  query.set("new", "1");
  return `/board/?${query}`;
}
