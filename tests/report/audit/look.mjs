// Opens an audit in Chromium, offline, as a person would, and prints what it saw as JSON.
// node look.mjs CHROMIUM TOOLS PAGE
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [executablePath, tools, file] = process.argv.slice(2);
const require = createRequire(`${tools}/package.json`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const address = pathToFileURL(file).href;
const seen = { said: [], asked: [], refused: [], axe: {}, wide: {} };

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });

const open = async (settings) => {
  const context = await browser.newContext({ offline: true, ...settings });
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  page.on("console", (message) => seen.said.push(message.text()));
  page.on("pageerror", (error) => seen.said.push(error.message));
  page.on("request", (request) => seen.asked.push(request.url()));
  await page.addInitScript(() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
  });
  await page.goto(address);
  return page;
};
const visible = (page) => page.evaluate(() =>
  [...document.querySelectorAll("[data-outcome]")].filter((one) => one.checkVisibility()).map((one) => one.dataset.outcome));
const heights = (page) => page.evaluate(() =>
  [...document.querySelectorAll("details:not([open]) > .body-of")].map((one) => one.getBoundingClientRect().height));

// Looks: every scheme and width, judged by axe
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    await page.click("[value=open]");
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    const name = `${colorScheme} ${width}`;
    seen.axe[name] = result.violations.map((one) => `${one.id}: ${one.nodes[0].html} (${one.nodes.length})`);
    seen.checked = result.testEngine.name;
    seen.wide[name] = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    seen.refused.push(...(await page.evaluate(() => window.refused)));
    await page.context().close();
  }
}

// Searches and filters, with the keyboard alone
const page = await open({ viewport: { width: 1280, height: 900 } });
seen.all = await visible(page);
await page.keyboard.press("Tab");
seen.first = await page.evaluate(() => document.activeElement.textContent);
await page.focus("#words");
await page.keyboard.type("LOCK-fresh");
seen.found = await page.evaluate(() =>
  [...document.querySelectorAll("[data-outcome]")].filter((one) => one.checkVisibility()).map((one) => one.textContent.toLowerCase()));
seen.count = await page.textContent("[role=status]");
await page.focus("form.filter [type=reset]");
await page.keyboard.press("Enter");
await page.waitForFunction(() => ![...document.querySelectorAll("[data-outcome]")].some((one) => one.hidden));
seen.reset = await visible(page);
await page.focus("[name=outcome][value=pass]");
await page.keyboard.press("Space");
seen.without = await visible(page);
await page.keyboard.press("Space");
const closed = await page.$("details.finding:not([open]) > summary");
await closed.focus();
await page.keyboard.press("Enter");
seen.opened = await closed.evaluate((one) => one.parentElement.open);
await page.click("[value=close]");
const [link] = await page.$$("main a[href^='#p1-']:not(nav a)");
const target = (await link.getAttribute("href")).slice(1);
await link.click();
await page.waitForFunction((id) => document.getElementById(id).open ?? true, target);
seen.followed = await page.evaluate((id) => document.getElementById(id).checkVisibility(), target);

// Prints: all that is folded is there, and what is for the screen is not
await page.click("[value=close]");
await page.emulateMedia({ media: "print" });
seen.printed = await heights(page);
seen.screen = await page.evaluate(() =>
  ["nav", "form.filter", ".skip"].filter((one) => document.querySelector(one).checkVisibility()));
seen.pdf = (await page.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString();

// Does without its script
const still = await open({ javaScriptEnabled: false });
seen.still = {
  form: await still.locator("form.filter").isVisible(),
  findings: await still.locator("details.finding").count(),
};
await browser.close();
console.log(JSON.stringify(seen));
