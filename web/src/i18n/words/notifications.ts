import { learn } from "@/i18n";

export const en = {
  notifications: {
    isUnread: "Unread",
    allRead: "Mark all as read",
    earlier: "Show earlier ones",
    none: "Nothing yet. What others and VORI do to your tickets is told here.",
    nobody: "VORI doesn't know which tickets are yours.",
    nobodyHow: "Say your name in the settings",
    open: "Open",
    kinds: {
      assigned: "A ticket becomes mine",
      moved: "A ticket of mine changes its status",
      changed: "A ticket of mine is due another day, blocked, renamed or given away",
      comment: "Comments on my tickets, and after mine",
      suggestion: "VORI waits for a yes or no",
      minutes: "Minutes of my meetings are final",
    },
    who: {
      person: "{{name}}",
      someone: "Someone",
      vori: "VORI",
      acceptedBy: "VORI, accepted by {{name}},",
      accepted: "VORI, accepted by someone,",
    },
    told: {
      assigned: "{{who}} gave {{key}} to you: {{title}}",
      moved: "{{who}} moved {{key}} to {{status}}: {{title}}",
      changed: "{{who}} changed {{key}}: {{title}}",
      comment: "{{who}} commented on {{key}}, {{title}}: {{text}}",
      suggestion_one: "VORI asks for a yes or no to {{count}} thing it heard in {{meeting}}",
      suggestion_other: "VORI asks for a yes or no to {{count}} things it heard in {{meeting}}",
      minutes: "VORI has written the minutes of {{meeting}}",
    },
    what: {
      due: "due {{day}}",
      noDue: "no due day",
      renamed: "was called “{{title}}”",
      blocked: "blocked",
      blockedBy: "blocked: {{reason}}",
      unblocked: "no longer blocked",
      given: "now {{name}} has it",
      nobodys: "nobody has it now",
    },
    aMeeting: "a meeting",
  },
};

export const ko: typeof en = {
  notifications: {
    isUnread: "안 읽음",
    allRead: "모두 읽음으로",
    earlier: "이전 알림 더 보기",
    none: "아직 없어요. 다른 사람이나 VORI가 내 티켓을 바꾸면 여기서 알려 드려요.",
    nobody: "어떤 티켓이 내 것인지 VORI가 아직 몰라요.",
    nobodyHow: "설정에서 이름 알려 주기",
    open: "열기",
    kinds: {
      assigned: "티켓이 내 것이 될 때",
      moved: "내 티켓의 상태가 바뀔 때",
      changed: "내 티켓의 기한, 제목, 담당자가 바뀌거나 막힐 때",
      comment: "내 티켓이나 내가 댓글을 단 티켓에 댓글이 달릴 때",
      suggestion: "VORI의 제안이 수락이나 거절을 기다릴 때",
      minutes: "내가 참석한 회의의 회의록이 나올 때",
    },
    who: {
      person: "{{name}} 님이",
      someone: "누군가",
      vori: "VORI가",
      acceptedBy: "{{name}} 님이 수락해서 VORI가",
      accepted: "누군가 수락해서 VORI가",
    },
    told: {
      assigned: "{{who}} {{key}} 티켓을 맡겼어요: {{title}}",
      moved: "{{who}} {{key}} 티켓을 ‘{{status}}’ 칸으로 옮겼어요: {{title}}",
      changed: "{{who}} {{key}} 티켓을 바꿨어요: {{title}}",
      comment: "{{who}} {{key}} 티켓({{title}})에 댓글을 남겼어요: {{text}}",
      suggestion_one: "VORI의 제안 {{count}}개가 수락이나 거절을 기다려요: {{meeting}}",
      suggestion_other: "VORI의 제안 {{count}}개가 수락이나 거절을 기다려요: {{meeting}}",
      minutes: "VORI가 회의록을 다 썼어요: {{meeting}}",
    },
    what: {
      due: "{{day}}까지",
      noDue: "기한 없음",
      renamed: "전 제목 ‘{{title}}’",
      blocked: "막힘",
      blockedBy: "막힘: {{reason}}",
      unblocked: "막힘이 풀림",
      given: "이제 담당자는 {{name}} 님",
      nobodys: "이제 담당자 없음",
    },
    aMeeting: "회의",
  },
};

learn({ en, ko });
