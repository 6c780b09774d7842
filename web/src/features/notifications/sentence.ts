/** What a notification says, and where it leads. Pure. */
import type { TFunction } from "i18next";
import type { AboutOut, NotificationOut } from "@/api/schema";
import { day } from "@/ui/time";
import "@/i18n/words/notifications";

const PERSON = "person";

/** One plain sentence: who did what, and what else changed with it. */
export function sentence(news: NotificationOut, t: TFunction, language: string): string {
  const { kind, ticket, after, count, text } = news;
  const told = t(`notifications.told.${kind}`, {
    who: who(news, t),
    key: ticket?.key ?? "",
    title: ticket?.title ?? "",
    status: after && t(`status.${after.status}`),
    meeting: news.meeting?.title ?? t("notifications.aMeeting"),
    count,
    text,
  });
  return [told, ...what(news.before, after, t, language)].join(" · ");
}

export function whereTo({ kind, ticket, meeting }: NotificationOut): string {
  if (ticket) return `/board/?ticket=${ticket.key ?? ticket.id}`;
  if (!meeting) return "/board/";
  return `/${kind === "minutes" ? "minutes" : "meeting"}/?id=${meeting.id}`;
}

function who({ actor, person, accepted }: NotificationOut, t: TFunction): string {
  const name = person ?? "";
  if (actor === PERSON) return t(person ? "notifications.who.person" : "notifications.who.someone", { name });
  if (!accepted) return t("notifications.who.vori");
  return t(person ? "notifications.who.acceptedBy" : "notifications.who.accepted", { name });
}

/** What of a ticket is otherwise than before, its status apart. */
function what(before: AboutOut | null, after: AboutOut | null, t: TFunction, language: string): string[] {
  if (!after) return [];
  const told = [];
  if ((before?.due ?? null) !== after.due)
    told.push(
      after.due ? t("notifications.what.due", { day: day(after.due, language) }) : t("notifications.what.noDue"),
    );
  if (before && before.title !== after.title) told.push(t("notifications.what.renamed", { title: before.title }));
  const reason = after.blocked_reason;
  if ((before?.blocked ?? false) !== after.blocked || (before?.blocked_reason ?? "") !== reason) {
    if (!after.blocked) told.push(t("notifications.what.unblocked"));
    else told.push(t(reason ? "notifications.what.blockedBy" : "notifications.what.blocked", { reason }));
  }
  if (before?.assignee && before.assignee !== after.assignee) {
    const name = after.assignee;
    told.push(name ? t("notifications.what.given", { name }) : t("notifications.what.nobodys"));
  }
  return told;
}
