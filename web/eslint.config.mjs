import { readdirSync } from "node:fs";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const below = (patterns, message) => ({
  "no-restricted-imports": ["error", { patterns: [{ group: patterns, message }] }],
});
const features = readdirSync("src/features", { withFileTypes: true }).filter((entry) => entry.isDirectory());

export default tseslint.config(
  { ignores: [".next", "out", "next-env.d.ts", "src/api/schema.ts", "*.config.mjs", "public"] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  hooks.configs.flat["recommended-latest"],
  {
    rules: {
      "max-lines": ["error", { max: 250 }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["src/ui/**", "src/api/**", "src/i18n/**"],
    rules: below(["@/features/*", "@/app/*"], "Nothing below a feature may know it."),
  },
  ...features.map(({ name }) => ({
    files: [`src/features/${name}/**`],
    rules: below(
      ["@/app/*", ...features.filter((other) => other.name !== name).map((other) => `@/features/${other.name}/*`)],
      "A feature knows what is below it, and no other feature.",
    ),
  })),
);
