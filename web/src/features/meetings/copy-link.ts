import { useTranslation } from "react-i18next";
import { say } from "@/ui/toast";
import { linkOf } from "./queries";
import "@/i18n/words/meetings";

/** Puts a meeting's link where it can be pasted from. */
export function useCopyLink(): (meetingId: string) => void {
  const { t } = useTranslation();
  return (meetingId) => {
    const address = linkOf(meetingId);
    navigator.clipboard.writeText(address).then(
      () => say(t("meetings.copied")),
      () => say(t("meetings.notCopied", { address })),
    );
  };
}
