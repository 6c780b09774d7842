export * from "@/ui/microphone";
