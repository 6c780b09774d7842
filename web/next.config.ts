import type { NextConfig } from "next";

/** Plain files: the gateway serves them (`src/vori/board/site`), so no page needs a Node server. */
const config: NextConfig = { output: "export", trailingSlash: true, images: { unoptimized: true } };

export default config;
