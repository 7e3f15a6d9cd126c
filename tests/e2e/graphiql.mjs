// What a visitor does in GraphiQL, step by step.
import assert from 'node:assert/strict';

const TABS = '[id^="graphiql-session-tab-"]';
const RUN = 'button.graphiql-execute-button';
const REFETCH = 'button[aria-label^="Re-fetch GraphQL schema"]';
const WAIT_MS = 20_000;

export class GraphiQL {
  static async open(page, origin) {
    const graphiql = new GraphiQL(page, origin);
    await graphiql.arrive(() => page.goto(`${origin}/graphiql`));
    return graphiql;
  }

  constructor(page, origin) {
    this.page = page;
    this.endpoint = `${origin}/graphql`;
  }

  async reload() {
    await this.arrive(() => this.page.reload());
  }

  /**
   * Goes there, and waits until the editor is drawn and GraphiQL has taken in the schema: its answer came, and the
   * button that asks for it again can be pressed. (A quiet network says neither: Chromium may keep a worker's request
   * that a reload broke off counted as open for good.)
   */
  async arrive(go) {
    const schema = this.page.waitForResponse(response => this.asks(response.request(), 'IntrospectionQuery'), { timeout: WAIT_MS });
    await Promise.all([schema.then(response => response.finished()), go()]);
    await this.page.locator(RUN).waitFor({ timeout: WAIT_MS });
    await this.page.locator('.graphiql-query-editor .view-line').first().waitFor({ timeout: WAIT_MS });
    await this.page.locator(`${REFETCH}:enabled`).waitFor({ timeout: WAIT_MS });
  }

  /** Whether a request asks our endpoint to run the operation of this name. */
  asks(request, operationName) {
    return request.url() === this.endpoint && request.postDataJSON()?.operationName === operationName;
  }

  tabTitles() {
    return this.page.locator(TABS).allInnerTexts();
  }

  /** The titles of the tabs as a later visit will find them. */
  storedTitles() {
    return this.page.evaluate(() =>
      (JSON.parse(localStorage.getItem('rapporteur:graphiql:tabState'))?.tabs ?? []).map(tab => tab.title));
  }

  /** Goes to a tab and waits until GraphiQL has taken note of its text, and with it of the operation to run. */
  async selectTab(title) {
    await this.page.locator(TABS).getByText(title, { exact: true }).click();
    await this.untilEditorHolds(` ${title}`);
  }

  async closeTab(title) {
    await this.page.locator('[role=tab], li').filter({ has: this.page.locator(`${TABS}[title="${title}"]`) })
      .getByRole('button', { name: 'Close Tab' }).click();
  }

  async untilEditorHolds(text) {
    await this.page.waitForFunction(
      wanted => {
        const model = globalThis.__MONACO?.editor.getModels().find(m => m.uri.path.endsWith('operation.graphql'));
        return model?.getValue().includes(wanted) && localStorage.getItem('rapporteur:graphiql:query') === model.getValue();
      },
      text,
      { timeout: WAIT_MS },
    );
  }

  async openExample(title) {
    const show = this.page.getByRole('button', { name: 'Show Examples' });
    if (await show.isVisible()) await show.click();
    await this.page.locator('.examples button', { has: this.page.getByText(title, { exact: true }) }).click();
  }

  /** Presses the button that runs, and while something runs stops. */
  async press() {
    await this.page.locator(RUN).click();
  }

  /** Runs the operation of this name and gives the body of the server's answer. */
  async execute(operationName) {
    const answered = this.page.waitForResponse(response => this.asks(response.request(), operationName), { timeout: WAIT_MS });
    await this.press();
    const answer = await (await answered).json();
    await this.until(async () => (await this.responseText()) !== '', 'the response pane fills');
    return answer;
  }

  /** The whole text of the response pane; on the screen, the editor draws only the lines in sight. */
  responseText() {
    return this.page.evaluate(() =>
      globalThis.__MONACO.editor.getModels().find(m => m.uri.path.endsWith('response.json')).getValue());
  }

  /** Waits until the response pane draws `text`. */
  async waitForVisibleResponse(text) {
    const lines = this.page.locator('.graphiql-response .view-lines');
    await this.until(async () => (await lines.innerText()).replaceAll('\u00a0', ' ').includes(text), `the pane shows ${text}`);
  }

  async until(condition, what) {
    const end = Date.now() + WAIT_MS;
    while (!(await condition())) {
      assert.ok(Date.now() < end, `waited ${WAIT_MS / 1000} s in vain: ${what}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
