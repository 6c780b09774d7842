/** Draws a bar chart, in the page's colours; loaded only where there is one to draw. */
import { BarChart, type BarSeriesOption } from "echarts/charts";
import { GridComponent, type GridComponentOption } from "echarts/components";
import { type ComposeOption, init, use as register } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

register([BarChart, GridComponent, SVGRenderer]);

const NAMES = ["card", "ink", "quiet", "line", "todo", "progress", "done"] as const;
export type Colours = Record<(typeof NAMES)[number], string>;
/** `width` is what there is to draw on, in px. */
export type Build = (colours: Colours, width: number) => Option;
export type Option = ComposeOption<BarSeriesOption | GridComponentOption>;

function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

/** Keeps the chart as wide as its place and in the theme's colours, until the function that it returns is called. */
export function draw(
  place: HTMLElement,
  build: Build,
  onPick: (place: { series: number; index: number }) => void,
): () => void {
  const chart = init(place, null, { renderer: "svg" });
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const show = () =>
    chart.setOption(
      {
        animation: !still.matches,
        animationDuration: 200,
        textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 },
        ...build(colours(), place.clientWidth),
      },
      true,
    );
  show();
  chart.on("click", (at) => onPick({ series: at.seriesIndex ?? 0, index: at.dataIndex }));
  const themes = new MutationObserver(show);
  themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const sizes = new ResizeObserver(() => {
    if (chart.getWidth() === place.clientWidth) return;
    chart.resize();
    show();
  });
  sizes.observe(place);
  return () => {
    themes.disconnect();
    sizes.disconnect();
    chart.dispose();
  };
}
