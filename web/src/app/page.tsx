import { Meetings } from "@/features/meetings/meetings";

export default function Page() {
  return <Meetings />;
}
