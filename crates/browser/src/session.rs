//! One browser with a profile of its own: going to pages, reading them, waiting.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{CHROMIUM_VARIABLE, WEBDRIVER_VARIABLE, wire};

/// How the browser is started: without a window, without a word to any other machine.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--lang=en-US",
];

/// How long waiting goes on before it fails.
const WAIT_SECONDS_MAX: u64 = 15;

/// How often a page is looked at while waiting.
const GLANCE: Duration = Duration::from_millis(15);

/// A running browser. Dropping it closes it.
pub struct Browser {
    address: String,
    session: String,
    pub(crate) keystrokes: u64,
}

impl Browser {
    /// Starts a browser with an empty profile.
    ///
    /// # Errors
    /// A sentence that names the command to use when no driver is given; the driver's own words
    /// when the browser doesn't start.
    pub fn start() -> Result<Self> {
        let Ok(url) = std::env::var(WEBDRIVER_VARIABLE) else {
            bail!(
                "{WEBDRIVER_VARIABLE} is not set, so there is no browser to test with: \
                 run `cargo xtask test`, or `cargo xtask services -- COMMAND`"
            );
        };
        let address = url
            .strip_prefix("http://")
            .with_context(|| format!("{WEBDRIVER_VARIABLE} is not an http:// address: {url}"))?
            .trim_end_matches('/')
            .to_owned();
        let mut options = json!({ "args": FLAGS });
        if let Ok(program) = std::env::var(CHROMIUM_VARIABLE) {
            options["binary"] = json!(program);
        }
        let capabilities = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        }}});
        let value = wire::request(&address, "POST", "/session", Some(&capabilities))?;
        let session = value["sessionId"].as_str().context("the driver gave no session")?;
        let browser = Self { session: session.to_owned(), address, keystrokes: 0 };
        browser.set_size(1280, 720)?;
        Ok(browser)
    }

    /// A command of the session, by its path after the session's own.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let path = format!("/session/{}/{path}", self.session);
        wire::request(&self.address, "POST", &path, Some(body))
    }

    /// A command of the browser's own development protocol.
    pub(crate) fn development(&self, command: &str, parameters: &Value) -> Result<Value> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Opens a page and waits until it is loaded.
    pub fn goto(&self, url: &str) -> Result<()> {
        self.post("url", &json!({ "url": url })).with_context(|| format!("can't open {url}"))?;
        Ok(())
    }

    /// Runs the body of a function in the page, with `arguments`, and returns what it returns.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// As [`Self::run`], until the script calls its last argument with the result.
    pub fn run_until_called(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        self.post("execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// The page's address.
    pub fn url(&self) -> Result<String> {
        self.text("return location.href", &[])
    }

    /// The page's title.
    pub fn title(&self) -> Result<String> {
        self.text("return document.title", &[])
    }

    /// The text of the first element that the selector finds, as a reader sees it.
    pub fn text_of(&self, css: &str) -> Result<String> {
        let script = "const found = document.querySelector(arguments[0]); \
                      return found ? found.innerText.trim() : null";
        let value = self.run(script, &[json!(css)])?;
        match value.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => bail!("nothing is at {css} on {}", self.url()?),
        }
    }

    /// The texts of every element that the selector finds, in the order of the page.
    pub fn texts_of(&self, css: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
                      .map(found => found.innerText.trim())";
        Ok(serde_json::from_value(self.run(script, &[json!(css)])?)?)
    }

    /// How many elements the selector finds.
    pub fn count(&self, css: &str) -> Result<usize> {
        let value =
            self.run("return document.querySelectorAll(arguments[0]).length", &[json!(css)])?;
        Ok(serde_json::from_value(value)?)
    }

    /// What has the focus: its tag, id or name, and text; for tests that use only the keyboard.
    pub fn focused(&self) -> Result<String> {
        let script = "const at = document.activeElement; if (!at) return ''; \
                      const name = at.id ? '#' + at.id : at.name ? '[' + at.name + ']' : ''; \
                      const text = (at.getAttribute('aria-label') || at.innerText || '').trim(); \
                      return (at.tagName.toLowerCase() + name + ' ' + text.slice(0, 60)).trim()";
        self.text(script, &[])
    }

    /// Whether what has the focus is what the selector finds.
    pub fn is_focused(&self, css: &str) -> Result<bool> {
        let script = "return !!document.activeElement?.matches(arguments[0])";
        Ok(self.run(script, &[json!(css)])? == json!(true))
    }

    /// Waits until the selector finds a visible element.
    ///
    /// # Errors
    /// After 15 seconds, with the page's address and text.
    pub fn wait_for(&self, css: &str) -> Result<()> {
        let script = "const found = document.querySelector(arguments[0]); \
                      return !!found && found.getClientRects().length > 0";
        self.wait_until(&format!("{css} is seen"), script, &[json!(css)])
    }

    /// Waits until the selector finds nothing visible.
    pub fn wait_for_none(&self, css: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
                      .every(found => found.getClientRects().length === 0)";
        self.wait_until(&format!("{css} is gone"), script, &[json!(css)])
    }

    /// Waits until the text can be read on the page.
    pub fn wait_for_text(&self, text: &str) -> Result<()> {
        let script = "return document.body?.innerText.includes(arguments[0]) ?? false";
        self.wait_until(&format!("{text:?} is read"), script, &[json!(text)])
    }

    /// Waits until the page's address contains a text.
    pub fn wait_for_url(&self, part: &str) -> Result<()> {
        let script = "return location.href.includes(arguments[0])";
        self.wait_until(&format!("the address holds {part}"), script, &[json!(part)])
    }

    /// Waits until a script returns true. `wanted` says in the error what was waited for.
    pub fn wait_until(&self, wanted: &str, script: &str, arguments: &[Value]) -> Result<()> {
        let began = Instant::now();
        loop {
            // While a page is being left its script can't be run: that is waited out too.
            let met = self.run(script, arguments);
            if matches!(&met, Ok(value) if *value == json!(true)) {
                return Ok(());
            }
            if began.elapsed() > Duration::from_secs(WAIT_SECONDS_MAX) {
                met?;
                let text = self.text("return document.body?.innerText ?? ''", &[])?;
                bail!("waited in vain until {wanted}, on {}:\n{text}", self.url()?);
            }
            sleep(GLANCE);
        }
    }

    /// Chooses a file for an `<input type=file>`: no key can reach the system's own dialogue.
    pub fn choose_file(&self, css: &str, file: &Path) -> Result<()> {
        let found = self.post("element", &json!({ "using": "css selector", "value": css }))?;
        let element = found
            .as_object()
            .and_then(|object| object.values().next())
            .and_then(Value::as_str)
            .with_context(|| format!("nothing is at {css}"))?;
        let file = file.canonicalize().with_context(|| file.display().to_string())?;
        self.post(&format!("element/{element}/value"), &json!({ "text": file }))?;
        Ok(())
    }

    /// What the browser complained of since the last call: script errors, refused requests.
    pub fn complaints(&self) -> Result<Vec<String>> {
        let entries = self.post("se/log", &json!({ "type": "browser" }))?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        Ok(entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
            .collect())
    }

    fn text(&self, script: &str, arguments: &[Value]) -> Result<String> {
        Ok(self.run(script, arguments)?.as_str().unwrap_or_default().to_owned())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let path = format!("/session/{}", self.session);
        // The driver closes what is left when it ends.
        let _ = wire::request(&self.address, "DELETE", &path, None);
    }
}
