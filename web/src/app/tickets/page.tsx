import { Tickets } from "@/features/tickets/tickets";

export default function Page() {
  return <Tickets />;
}
