// Opens the HTML report of many SBOMs in Chromium and does with it what its readers do. Called by .ci/html.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { execFileSync, spawnSync } = require("node:child_process");
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [, , program, here, corpus] = process.argv;
const say = (text) => console.log(`  ${text}`);

// What each field of a document must survive.
const HOSTILE = "<b onclick=alert(1)>\u001b[31m</script></style><script>alert(1)</script>\"'` \u202Eevil\u2066\u200B\r\nPROHIBITED fake\u0000&lt;]]>--> javascript:alert(1)";
const LONG = `${HOSTILE}${"W".repeat(10000)}`;

// ---- Documents

const walk = (folder) => fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
  const at = path.join(folder, entry.name);
  return entry.isDirectory() ? walk(at) : [at];
});

const engine = (at, more = {}) => ({ type: "library", "bom-ref": `planted-${at}`, name: `scan-engine-${at}`, version: `8.${at}`, supplier: { name: "AO Kaspersky Lab" }, description: "anti-virus engine", ...more });

const hostile = () => ({
  bomFormat: "CycloneDX", specVersion: "1.6",
  metadata: { component: { "bom-ref": HOSTILE, type: "firmware", name: LONG, version: HOSTILE, supplier: { name: LONG } } },
  components: [
    { "bom-ref": `a${HOSTILE}`, type: "library", name: LONG },
    { "bom-ref": `b${HOSTILE}`, type: HOSTILE, name: LONG, version: LONG, purl: `pkg:generic/${LONG}`, supplier: { name: `AO Kaspersky Lab ${LONG}` }, publisher: "Kaspersky Lab",
      licenses: [{ license: { name: `Kaspersky EULA ${HOSTILE}` } }] },
    { "bom-ref": `c${HOSTILE}`, type: "library", name: `${HOSTILE} anti-virus engine SDK` },
  ],
  dependencies: [{ ref: HOSTILE, dependsOn: [`a${HOSTILE}`] }, { ref: `a${HOSTILE}`, dependsOn: [`b${HOSTILE}`, `c${HOSTILE}`] }],
});

/** A folder of `most` SBOMs made from those of the fixtures: other products and suppliers, here and there with a planted engine. */
const made = (name, most) => {
  const folder = path.join(here, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const models = walk("fixtures/clean").filter((f) => f.endsWith(".json")).map((f) => {
    try { return JSON.parse(fs.readFileSync(f, "utf8")); } catch { return null; }
  }).filter((d) => d && d.bomFormat === "CycloneDX" && Array.isArray(d.components) && JSON.stringify(d).length < 60000);
  assert(models.length > 3);
  for (let at = 0; at < most; at += 1) {
    const document = structuredClone(models[at % models.length]);
    document.metadata = { component: { "bom-ref": "product", type: "firmware", name: `product ${at % 700}`, version: `${at % 9}.${at % 4}`, ...(at % 3 ? { supplier: { name: `Supplier ${at % 83}` } } : {}) } };
    if (at % 25 === 7) {
      document.components.push({ type: "library", "bom-ref": "between", name: "mail-filter" }, engine(at, at % 50 === 7 ? {} : { description: undefined }));
      document.dependencies = [{ ref: "product", dependsOn: ["between"] }, { ref: "between", dependsOn: [`planted-${at}`] }];
    }
    const text = JSON.stringify(document, null, 1);
    fs.writeFileSync(path.join(folder, `sbom-${String(at).padStart(5, "0")}.json`), at % 97 === 5 ? text.slice(0, text.length / 2) : text);
  }
  return [folder];
};

/** 500 of the real SBOMs beside the checkout, and planted ones among them. */
const real = () => {
  const known = walk(corpus).filter((f) => /\.(json|xml|spdx|yaml|yml)$/.test(f) && fs.statSync(f).size < 3e6 && path.basename(f) !== "catalogue.tsv");
  const step = known.length / 490;
  const folder = path.join(here, "planted");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (let at = 0; at < 10; at += 1) {
    const document = JSON.parse(fs.readFileSync("fixtures/real/mail-gateway.cdx.json", "utf8"));
    document.metadata.component.name = `gateway ${at}`;
    document.components.push(engine(at, at % 2 ? { description: undefined } : {}));
    fs.writeFileSync(path.join(folder, `gateway-${at}.cdx.json`), JSON.stringify(document, null, 2));
  }
  return [folder, ...Array.from({ length: 490 }, (_, at) => known[Math.floor(at * step)])];
};

const scan = (name, paths, more = ["--no-config"]) => {
  const run = (form) => {
    const done = spawnSync(program, ["scan", "--as-of", "2026-11-22", ...more, "--format", form, ...paths], { maxBuffer: 2 ** 30 });
    assert([0, 1, 3].includes(done.status), `${name}: exit status ${done.status}: ${done.stderr}`);
    return done.stdout;
  };
  const file = path.resolve(here, `${name}.html`);
  fs.writeFileSync(file, run("html"));
  return { name, file, report: JSON.parse(run("json").toString()), size: fs.statSync(file).size };
};

/** One thing waived, one known and one new, decisions of which there is something to tell, and hostile text in each. */
const decided = () => {
  const folder = path.join(here, "decided");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const sbom = (...numbers) => JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.6", metadata: { component: { name: "gateway", version: "1" } }, components: numbers.map((at) => engine(at)) });
  const [before, now] = ["before.json", "now.json"].map((name) => path.join(folder, name));
  fs.writeFileSync(before, sbom(1, 2, 4));
  fs.writeFileSync(now, sbom(1, 2, 3));
  const baseline = path.join(folder, "baseline.report");
  fs.writeFileSync(baseline, spawnSync(program, ["scan", "--as-of", "2026-11-21", "--no-config", "--format", "json", before]).stdout);
  const waiver = (component, expires) => `[[waiver]]\ncomponent = ${JSON.stringify(component)}\nrule = "kaspersky"\nreason = ${JSON.stringify(`${HOSTILE} ${LONG}`)}\napprover = ${JSON.stringify(HOSTILE)}\nexpires = ${expires}\n`;
  const config = path.join(folder, "unlabel.toml");
  fs.writeFileSync(config, waiver("scan-engine-1", "2999-01-01") + waiver(LONG, "2020-01-01"));
  return scan("decisions", [now], ["--config", config, "--baseline", baseline]);
};

const decisions = async (of) => {
  const page = await open(of);
  for (const [decision, meant] of [["", 3], ["counts", 1], ["waived", 1], ["known", 2], ["new", 1], ["risen", 0]]) {
    await choose(page, "decision", decision);
    assert.equal(await shown(page, ".finding"), meant, decision);
    assert.equal(await shown(page, "#inputs tbody tr"), 1, "a decision is about findings");
  }
  assert.equal(await shown(page, "#decisions .card"), 2);
  await page.done();
};

// ---- The browser

let browser;

/** A page that fails on every console message, error, blocked thing and request. */
const open = async (report, { width = 1280, height = 900, scheme = "light", scripts = true, bypass = false } = {}) => {
  const page = await browser.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => { if (request.url().split("#")[0] !== `file://${report.file}`) wrong.push(`request: ${request.url().slice(0, 200)}`); });
  page.on("dialog", (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.setViewport({ width, height, isMobile: width < 500, hasTouch: width < 500 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setJavaScriptEnabled(scripts);
  if (bypass) await page.setBypassCSP(true);
  if (scripts) {
    await page.evaluateOnNewDocument(() => {
      window.blocked = [];
      document.addEventListener("securitypolicyviolation", (event) => window.blocked.push(`${event.violatedDirective} ${event.sample}`));
    });
  }
  await page.goto(`file://${report.file}`);
  page.done = async () => {
    if (scripts && !bypass) assert.deepEqual(await page.evaluate(() => window.blocked), []);
    assert.deepEqual(wrong, [], report.name);
    await page.close();
  };
  return page;
};

/** How many of something are shown. */
const shown = (page, what) => page.$$eval(what, (all) => all.filter((e) => !e.closest("[hidden]")).length);
const status = (page) => page.$eval("#shown", (e) => e.textContent);
const choose = async (page, name, value) => {
  await page.$eval(`#filter [name=${name}]`, (e, v) => { e.value = v; e.dispatchEvent(new Event("input", { bubbles: true })); }, value);
  await new Promise((done) => setTimeout(done, 250));
};

const filters = async (of) => {
  const page = await open(of);
  const { findings, inputs } = of.report;
  const all = await shown(page, ".finding");
  assert.equal(all, findings.length);
  for (const level of ["prohibited", "likely-prohibited", "review", "advisory"]) {
    await choose(page, "level", level);
    const meant = findings.filter((f) => f.level === level).length;
    assert.equal(await shown(page, ".finding"), meant, level);
    assert.match(await status(page), new RegExp(`Filtered\\..* ${meant} of ${all} findings`));
    assert.equal(await shown(page, "#findings .none"), meant ? 0 : 1);
  }
  await choose(page, "level", "unread");
  const unread = inputs.filter((i) => i.status === "unread").length;
  assert.equal(await shown(page, "#inputs tbody tr"), unread);
  assert.equal(await shown(page, "#untold tbody tr"), unread);
  assert.equal(await shown(page, ".finding"), 0);
  // The panels at the top stay, whatever is filtered.
  assert.equal(await shown(page, ".panel"), 3);
  await choose(page, "level", "");

  const some = findings[Math.floor(findings.length / 2)];
  await choose(page, "text", some.id.toUpperCase());
  assert.equal(await shown(page, ".finding"), findings.filter((f) => f.id === some.id).length);
  await choose(page, "text", `${some.id} no-such-word`);
  assert.equal(await shown(page, ".finding"), 0);
  await choose(page, "text", "");

  const regime = some.assessments[0].regime;
  await choose(page, "regime", regime);
  assert.equal(await shown(page, ".finding"), findings.filter((f) => f.assessments.some((a) => a.regime === regime)).length);
  await choose(page, "regime", "");

  const suppliers = await page.$$eval("[name=supplier] option", (all) => all.map((o) => [o.value, o.textContent]));
  // Case and blanks tell no suppliers apart.
  const folded = (name) => name.trim().split(/\s+/).join(" ").toLowerCase();
  const name = (input) => folded(input.product?.supplier ?? "");
  for (const [value, text] of suppliers.slice(1, 6)) {
    if (/[\\…]/.test(text)) continue;
    await choose(page, "supplier", value);
    const wanted = text === "not stated" ? "" : folded(text);
    assert.equal(await shown(page, "#inputs tbody tr"), inputs.filter((i) => name(i) === wanted).length, text);
    assert.equal(await shown(page, ".finding"), findings.filter((f) => name(inputs[f.input]) === wanted).length, text);
  }
  // A link to what is filtered away brings it back.
  await choose(page, "level", "unread");
  await page.evaluate(() => { location.hash = "#f1"; });
  await new Promise((done) => setTimeout(done, 400));
  assert.equal(await shown(page, "#f1"), 1);
  assert.equal(await shown(page, ".finding"), all);
  await page.click("#filter [type=reset]");
  await new Promise((done) => setTimeout(done, 250));
  assert.match(await status(page), /^Everything is shown/);

  await page.click("#open");
  assert.equal(await page.$$eval("main details:not([open])", (d) => d.length), 0);
  await page.click("#close");
  assert.equal(await page.$$eval("main details[open]", (d) => d.length), 0);
  await page.done();
};

const sorts = async (of) => {
  const page = await open(of);
  const column = (at) => page.$$eval("#products tbody tr", (rows, n) => rows.map((row) => row.cells[n].dataset.k ?? row.cells[n].textContent.trim()), at);
  const heads = await page.$$("#products thead th");
  const press = async (at) => { await (await heads[at].$("button")).click(); return heads[at].evaluate((h) => h.getAttribute("aria-sort")); };
  // Levels come sorted: what needs somebody first stands first.
  const levels = (await column(2)).map(Number);
  assert.deepEqual(levels, [...levels].sort((a, b) => a - b));
  assert.equal(await press(3), "ascending");
  assert.equal(await press(3), "descending");
  const findings = (await column(3)).map(Number);
  assert.deepEqual(findings, [...findings].sort((a, b) => b - a));
  assert.match(await status(page), /Sorted by Findings, descending/);
  assert.equal(await press(1), "ascending");
  assert.equal(await page.$$eval("#products [aria-sort]", (all) => all.length), 1);
  const inputs = await page.$$("#inputs thead th");
  await (await inputs[3].$("button")).click();
  const counts = await page.$$eval("#inputs tbody tr", (rows) => rows.map((row) => Number(row.cells[3].dataset.k)));
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b));
  await page.done();
};

/** Everything that can be done is done with the keyboard, and one always sees where one is. */
const keyboard = async (of) => {
  const page = await open(of);
  const at = () => page.evaluate(() => {
    const covers = (e, box) => {
      const tools = document.querySelector("#tools"), over = tools.getBoundingClientRect();
      return getComputedStyle(tools).position === "sticky" && !tools.contains(e) && e.tagName !== "MAIN" && box.top < over.bottom && box.bottom > over.top;
    };
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return { tag: e.tagName, id: e.id, name: e.getAttribute("name"), text: e.textContent.trim().slice(0, 40), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      inside: box.bottom > 0 && box.top < innerHeight && box.width > 0, covered: covers(e, box) };
  });
  await page.keyboard.press("Tab");
  assert.match((await at()).text, /^Skip to the report/);
  assert((await at()).inside);
  await page.keyboard.press("Enter");
  assert.equal((await at()).tag, "MAIN");
  await page.goto(`file://${of.file}`);
  const seen = new Set();
  let sorted = false, typed = false;
  for (let steps = 0; steps < 160; steps += 1) {
    await page.keyboard.press("Tab");
    const here = await at();
    if (here.tag === "BODY") continue;
    assert(here.outline, `no focus is seen on ${JSON.stringify(here)}`);
    assert(!here.covered, `the tools cover ${JSON.stringify(here)}`);
    await new Promise((done) => setTimeout(done, 12));
    seen.add(here.tag);
    if (here.name === "text" && !typed) {
      await page.keyboard.type("no-such-word");
      await new Promise((done) => setTimeout(done, 250));
      assert.equal(await shown(page, ".finding"), 0);
      for (let n = 0; n < 12; n += 1) await page.keyboard.press("Backspace");
      await new Promise((done) => setTimeout(done, 250));
      typed = true;
    }
    if (here.tag === "BUTTON" && here.text === "Level" && !sorted) {
      await page.keyboard.press("Space");
      assert.equal(await page.evaluate(() => document.activeElement.closest("th").getAttribute("aria-sort")), "ascending");
      sorted = true;
    }
  }
  await page.focus("#f1 summary");
  const before = await page.$eval("#f1 details", (d) => d.open);
  await page.keyboard.press("Enter");
  assert.equal(await page.$eval("#f1 details", (d) => d.open), !before);
  assert(typed && sorted && seen.has("A") && seen.has("SELECT"), [...seen].join());
  await page.done();
};

const withoutScripts = async (of) => {
  const page = await open(of, { scripts: false });
  const text = execFileSync("node", ["-e", "process.stdout.write(require('fs').readFileSync(process.argv[1], 'utf8').replace(/<script>[\\s\\S]*<\\/script>/, ''))", of.file], { maxBuffer: 2 ** 30 }).toString();
  for (const finding of of.report.findings) assert(text.includes(finding.id));
  assert.equal(await page.$eval("#tools", (e) => getComputedStyle(e).display), "none");
  assert.equal(await page.$$eval("thead button", (all) => all.length), 0);
  await page.focus("#f1 summary");
  const before = await page.$eval("#f1 details", (d) => d.open);
  await page.keyboard.press("Enter");
  assert.equal(await page.$eval("#f1 details", (d) => d.open), !before);
  await page.focus("nav.parts a[href='#inputs']");
  await page.keyboard.press("Enter");
  let top = Infinity;
  for (let tries = 0; tries < 50 && Math.abs(top) > 200; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
    top = await page.$eval("#inputs", (e) => e.getBoundingClientRect().top);
  }
  assert(Math.abs(top) <= 200, `a link leads ${top} px beside its aim`);
  await page.done();
};

const squeezed = (text) => text.replace(/\s+/g, "");

const prints = async (of, format, scripts) => {
  const page = await open(of, { scripts });
  const file = path.join(here, `${of.name}-${format}.pdf`);
  const began = Date.now();
  await page.pdf({ path: file, format, preferCSSPageSize: false, timeout: 300000 });
  const took = Date.now() - began;
  await page.done();
  const text = squeezed(execFileSync("pdftotext", ["-raw", file, "-"], { maxBuffer: 2 ** 30 }).toString());
  const { findings, inputs, set_aside: aside } = of.report;
  for (const finding of findings) {
    assert(text.includes(finding.id), `${file} lacks ${finding.id}`);
    for (const evidence of finding.evidence) assert(text.includes(`${evidence.line}:${evidence.column}`), `${file} lacks a place of ${finding.id}`);
    for (const question of finding.assessments.flatMap((a) => a.questions)) assert(text.includes(squeezed(question)), `${file} lacks ${question}`);
  }
  for (const finding of aside) assert(text.includes(finding.id));
  for (const input of inputs) if (input.sha256) assert(text.includes(input.sha256), `${file} lacks ${input.path}`);
  assert(text.includes("https://"), "addresses are printed");
  // No word stands outside the paper.
  const boxes = execFileSync("pdftotext", ["-bbox", file, "-"], { maxBuffer: 2 ** 30 }).toString();
  let width = 0, height = 0, words = 0, pages = 0;
  for (const line of boxes.split("\n")) {
    const paper = /<page width="([\d.]+)" height="([\d.]+)"/.exec(line);
    if (paper) { [width, height] = [Number(paper[1]), Number(paper[2])]; pages += 1; }
    const word = /<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)<\/word>/.exec(line);
    if (!word) continue;
    words += 1;
    const [left, top, right, bottom] = word.slice(1, 5).map(Number);
    assert(left > 20 && right < width - 20 && top > 0 && bottom < height, `${file}, page ${pages}: ${word[5].slice(0, 60)} stands outside the paper (${word.slice(1, 5)} of ${width} x ${height})`);
  }
  assert(words > 500);
  say(`${of.name} on ${format}${scripts ? "" : " without scripts"}: ${pages} pages in ${took} ms, ${fs.statSync(file).size} bytes, every finding in it`);
};

const accessible = async (of, scheme, width) => {
  const page = await open(of, { scheme, width, bypass: true });
  await page.click("#open");
  // What is laid out only when it comes into sight would move while it is measured.
  await page.addStyleTag({ content: "* { content-visibility: visible !important }" });
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  const told = found.violations.map((v) => `${v.impact} ${v.id}: ${v.help} (${v.nodes.length}; ${v.nodes[0].target})`);
  const grave = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  say(`${of.name}, ${scheme}, ${width} wide: axe ${found.testEngine.version} finds ${told.length ? told.join("; ") : "nothing"}`);
  assert.deepEqual(grave.map((v) => v.id), []);
  await page.done();
};

const fits = async (of) => {
  for (const width of [320, 390, 768, 1280, 1920]) {
    const page = await open(of, { width });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert(over <= 0, `${of.name} is ${over} px too wide at ${width}`);
    await page.done();
  }
};

const pictures = async (of) => {
  const folder = path.join(here, "pictures");
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, width, scheme] of [["desktop", 1280, "light"], ["dark", 1280, "dark"], ["phone", 390, "light"], ["phone-dark", 390, "dark"]]) {
    const page = await open(of, { width, scheme, height: 1500 });
    for (const part of ["top", "untold", "f1", "clauses", "inputs", "about"]) {
      await page.evaluate((id) => (id === "top" ? scrollTo(0, 0) : document.getElementById(id).scrollIntoView()), part);
      await new Promise((done) => setTimeout(done, 150));
      await page.screenshot({ path: path.join(folder, `${of.name}-${name}-${part}.png`) });
    }
    await page.done();
  }
  const paper = path.join(here, `${of.name}-A4.pdf`);
  if (fs.existsSync(paper)) execFileSync("pdftoppm", ["-r", "70", "-png", "-l", "8", paper, path.join(folder, `${of.name}-paper`)]);
};

/** What an action costs the page in milliseconds of its own time, up to the picture; other programs on the machine do not count. */
const quick = async (of) => {
  const page = await open(of);
  const session = await page.createCDPSession();
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
  const cost = async (action, ...given) => {
    const before = await spent();
    await page.evaluate(action, ...given);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    return Math.round((await spent()) - before);
  };
  const filter = (name, value) => {
    const form = document.querySelector("#filter");
    form.reset();
    if (name) form.elements[name].value = value;
    form.dispatchEvent(new Event("submit", { cancelable: true }));
  };
  const sort = (column) => document.querySelectorAll("#inputs thead button")[column].click();
  const times = {};
  times["first text"] = await cost(filter, "text", "supplier 12");
  times.text = await cost(filter, "text", "product 61");
  times.level = await cost(filter, "level", "prohibited");
  times.cleared = await cost(filter, "", "");
  times["sort by name"] = await cost(sort, 0);
  times["sort by number"] = await cost(sort, 3);
  const elements = await page.evaluate(() => document.getElementsByTagName("*").length);
  say(`${of.name}: ${of.report.inputs.length} inputs, ${of.report.findings.length} findings: ${of.size} bytes, ${elements} elements; in ms: `
    + Object.entries(times).map(([what, ms]) => `${what} ${ms}`).join(", "));
  assert(Math.max(...Object.values(times)) < 1500, `${of.name} is slow`);
  await page.done();
};

(async () => {
  browser = await puppeteer.launch({ executablePath: process.env.BROWSER_PATH, args: ["--no-sandbox", "--disable-gpu"], protocolTimeout: 600000 });
  try {
    const bad = path.join(here, "hostile");
    fs.rmSync(bad, { recursive: true, force: true });
    fs.mkdirSync(bad, { recursive: true });
    fs.writeFileSync(path.join(bad, "hostile \u202E<img src=x onerror=alert(1)>.json"), JSON.stringify(hostile()));
    const fixtures = scan("fixtures", [bad, "fixtures/real", "fixtures/bad", "fixtures/clean", "fixtures/evidence/mentions", "fixtures/evidence/spdx3"]);
    assert(fixtures.report.findings.length > 20 && fixtures.report.set_aside.length > 0);
    const evil = scan("hostile", [bad]);
    assert.equal(evil.report.findings.length, 1);
    const many = scan("many", made("sboms", 2000));
    assert(many.report.inputs.length >= 2000 && many.report.findings.length >= 70, `${many.report.inputs.length} ${many.report.findings.length}`);
    const all = [fixtures, evil, many];
    if (corpus && walk(corpus).length > 600) {
      all.push(scan("real", real()));
      assert(all.at(-1).report.inputs.length >= 500 && all.at(-1).report.findings.length >= 20, `${all.at(-1).report.inputs.length} ${all.at(-1).report.findings.length}`);
    }
    for (const of of all) {
      await quick(of);
      await filters(of);
      await sorts(of);
      say(`${of.name}: filtered and sorted`);
      if (of === many) continue;
      await fits(of);
      await keyboard(of);
      await withoutScripts(of);
      say(`${of.name}: walked by keyboard, read without scripts, no wider than the window`);
    }
    const settled = decided();
    await decisions(settled);
    await fits(settled);
    for (const of of [evil, fixtures, settled]) {
      for (const scheme of ["light", "dark"]) for (const width of [1280, 390]) await accessible(of, scheme, width);
    }
    all.push(settled);
    for (const of of all.filter((o) => o !== many)) await prints(of, "A4", true);
    await prints(fixtures, "letter", false);
    for (const of of all) await pictures(of);
  } finally {
    await browser.close();
  }
})().catch((error) => { console.error(error); process.exit(1); });
