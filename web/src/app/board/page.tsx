import { Suspense } from "react";
import { Board } from "@/features/board/board";

export default function Page() {
  return (
    <Suspense>
      <Board />
    </Suspense>
  );
}
