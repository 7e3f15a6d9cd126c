// Debian's Chromium with every host but 127.0.0.1 cut off, and a record of what a page did that it should not have.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Starts Chromium headless with a fresh profile. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(`there is no ${executablePath}: run tests/e2e/install-chromium.sh, or set CHROMIUM to its path`);
  }
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/**
 * A page in a profile of its own. `faults` fills up while it lives: requests to hosts other than `origin`'s, requests
 * that fail or are answered with 400 and above, console errors and uncaught exceptions. What a reload breaks off is no
 * fault: the page left was still loading it. `frames` holds the messages of its WebSockets: `{ sent, data }`.
 */
export async function openPage(browser, origin) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  const faults = [];
  const frames = [];
  const { host } = new URL(origin);
  const foreign = url => /^(https?|wss?):/.test(url) && new URL(url).host !== host;
  const loading = new Set();
  context.on('request', request => {
    loading.add(request);
    if (foreign(request.url())) faults.push(`foreign request ${request.url()}`);
  });
  context.on('requestfinished', request => loading.delete(request));
  context.on('requestfailed', request => {
    if (loading.delete(request)) faults.push(`failed ${request.url()}: ${request.failure()?.errorText}`);
  });
  page.on('framenavigated', frame => {
    if (frame !== page.mainFrame()) return;
    loading.clear();
    faults.splice(0, faults.length, ...faults.filter(fault => !fault.endsWith('net::ERR_ABORTED')));
  });
  context.on('response', response => response.status() >= 400 && faults.push(`${response.status()} ${response.url()}`));
  context.on('console', message => message.type() === 'error' && faults.push(`console: ${message.text()}`));
  context.on('weberror', error => faults.push(`uncaught: ${error.error().stack ?? error.error()}`));
  page.on('websocket', socket => {
    if (foreign(socket.url())) faults.push(`foreign socket ${socket.url()}`);
    socket.on('framesent', ({ payload }) => frames.push({ sent: true, data: String(payload) }));
    socket.on('framereceived', ({ payload }) => frames.push({ sent: false, data: String(payload) }));
    socket.on('socketerror', error => faults.push(`socket: ${error}`));
  });
  return { page, faults, frames };
}
