import type { Colours, Option } from "../draw";

interface Columns {
  names: readonly string[];
  fill: "todo" | "done";
  widest: number;
  /** Null: there is none. */
  values: readonly (number | null)[];
  /** What stands above a column. */
  told: (value: number) => string;
  /** Whether anything stands there. */
  roomy: boolean;
}

/** Upright bars on a line, each with its name below. */
export const columns = (colours: Colours, { names, fill, widest, values, told, roomy }: Columns): Option => ({
  grid: { left: 8, right: 8, top: 24, bottom: 4 },
  xAxis: {
    type: "category",
    data: [...names],
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.ink, hideOverlap: true },
  },
  yAxis: { type: "value", show: false },
  series: [
    {
      type: "bar",
      barMaxWidth: widest,
      itemStyle: { color: colours[fill], borderRadius: [4, 4, 0, 0] },
      data: values.map((value) => ({
        value: value ?? 0,
        label: {
          show: roomy && value !== null,
          position: "top",
          color: colours.ink,
          formatter: () => told(value ?? 0),
        },
      })),
    },
  ],
});
