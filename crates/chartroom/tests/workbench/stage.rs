//! What every journey is made of: steps with names, keys, forms filled by Tab, pages looked at.

use crate::server::Server;
use anyhow::{Context, Result, bail, ensure};
use browser::Browser;
use serde_json::json;
use std::path::PathBuf;

const AXE: &str = include_str!("../../../web/tests/vendor/axe/axe.min.js");

/// Presses of Tab after which a control counts as out of reach.
const TABS_MAX: usize = 220;

/// A page as it must be before a key is pressed: loaded, with its scripts at work.
const READY: &str = "return !window.isLeft && document.documentElement.dataset.ready === 'yes'";

/// What the browser reports though it is meant: forms that come back, a connection cut by a test.
const MEANT: &[&str] = &["status of 422", "status of 409", "ERR_INTERNET_DISCONNECTED"];

/// What stands out to the right of the page, if anything does.
const OVERFLOW: &str = "
    // A narrow window grows with what is too wide for it: the width that was asked for counts.
    const asked = arguments[0];
    if (document.documentElement.scrollWidth - asked <= 1) return [];
    const within = (one) => {
        for (let up = one.parentElement; up && up !== document.body; up = up.parentElement)
            if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX)) return true;
        return false;
    };
    return [...document.querySelectorAll('body *')]
        .filter(one => one.getBoundingClientRect().right > asked + 1 && !within(one))
        .slice(0, 4)
        .map(one => one.tagName.toLowerCase() + '.' + one.className + ' '
            + (one.innerText ?? '').slice(0, 30));";

/// Asks for this page until it has no control with a key, or for some seconds; says which.
const SETTLES: &str = "
    const [key, told] = arguments;
    const until = Date.now() + 10000;
    const ask = () => fetch(location.href).then(answer => answer.text()).then(text => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const waits = page.querySelector(`main [data-key='${key}']`) !== null;
        if (waits && Date.now() < until) setTimeout(ask, 250); else told(!waits);
    });
    ask();";

/// Spans of ten seconds that a page whose work the server does may take.
const LOOKS_AGAIN_MAX: usize = 12;

/// A server and a browser before it.
pub struct Stage {
    pub server: Server,
    pub browser: Browser,
    /// Family name of the patient whose chart the journeys open.
    pub family: String,
    /// Before the names of the pictures, where a journey is made on other charts.
    pub prefix: &'static str,
    faults: Vec<String>,
    passes: bool,
}

impl Stage {
    /// A browser before this server.
    pub fn new(server: Server) -> Result<Stage> {
        let (browser, family) = (Browser::start()?, family_name());
        Ok(Stage { server, browser, family, prefix: "", faults: Vec::new(), passes: false })
    }

    /// One step of a journey: its name stands in the failure, with the address and a picture.
    pub fn step(&mut self, name: &str, work: impl FnOnce(&mut Stage) -> Result<()>) -> Result<()> {
        let done = work(self);
        if done.is_err() {
            let file = format!("failed-{}.png", name.replace(' ', "-"));
            let _ = self.browser.screenshot_whole(&pictures().join(file));
        }
        let at = self.browser.url().unwrap_or_default();
        let focused = self.browser.focused().unwrap_or_default();
        done.with_context(|| format!("step \"{name}\", at {at}, focus on {focused}"))
    }

    /// The end of a journey: every fault that was seen on its pages.
    pub fn end(self) -> Result<()> {
        ensure!(self.faults.is_empty(), "faults of pages:\n{}", self.faults.join("\n"));
        Ok(())
    }

    /// Looks at a page: light and dark, wide and narrow. What is wrong is kept for the end, so
    /// that one run tells everything.
    pub fn look(&mut self, name: &str) -> Result<()> {
        if self.passes {
            return Ok(());
        }
        let name = &format!("{}{name}", self.prefix);
        for dark in [false, true] {
            self.browser.set_dark(dark)?;
            let theme = if dark { "dark" } else { "light" };
            for (width, height, size) in [(390, 844, "narrow"), (1440, 900, "wide")] {
                self.browser.set_size(width, height)?;
                let file = pictures().join(format!("{name}-{theme}-{size}.png"));
                self.browser.screenshot_whole(&file)?;
                if !dark {
                    self.fits(name, width)?;
                }
            }
            for violation in self.browser.axe(AXE)? {
                self.faults.push(format!("{name}, {theme}: {violation}"));
            }
        }
        self.browser.set_dark(false)?;
        self.browser.set_size(1280, 720)?;
        self.fits(name, 1280)?;
        if self.browser.text_of("body")?.contains("</") {
            self.faults.push(format!("{name}: markup stands in the text that people read"));
        }
        for complaint in self.browser.complaints()? {
            if !MEANT.iter().any(|meant| complaint.contains(meant)) {
                self.faults.push(format!("{name}: the browser complains: {complaint}"));
            }
        }
        Ok(())
    }

    /// Takes the steps of another journey without a look at its pages: that journey looks. On
    /// other charts the pages are others, and looked at.
    pub fn passing(&mut self, steps: impl FnOnce(&mut Stage) -> Result<()>) -> Result<()> {
        match self.prefix.is_empty() {
            true => self.quiet(steps),
            false => steps(self),
        }
    }

    /// Takes steps whose pages were looked at before.
    pub fn quiet(&mut self, steps: impl FnOnce(&mut Stage) -> Result<()>) -> Result<()> {
        let before = std::mem::replace(&mut self.passes, true);
        let done = steps(self);
        self.passes = before;
        done
    }

    /// Nothing of the page stands out to the right.
    fn fits(&mut self, name: &str, width: u32) -> Result<()> {
        let out: Vec<String> =
            serde_json::from_value(self.browser.run(OVERFLOW, &[json!(width)])?)?;
        if !out.is_empty() {
            self.faults.push(format!("{name}, {width} pixels wide: out of sight: {out:?}"));
        }
        Ok(())
    }

    /// Waits until the page can be worked on.
    pub fn ready(&self) -> Result<()> {
        self.browser.wait_until("the page is ready", READY, &[])
    }

    /// Presses keys that lead to another page, and waits for it.
    pub fn go(&mut self, keys: &str) -> Result<()> {
        self.browser.run("window.isLeft = true", &[])?;
        self.browser.press(keys)?;
        self.ready().with_context(|| format!("after {keys}"))
    }

    /// Presses single keys, out of any field, that lead to another page.
    pub fn go_single(&mut self, keys: &str) -> Result<()> {
        self.leave_field()?;
        self.go(keys)
    }

    /// Leaves the field with Escape: single keys rest while one types.
    pub fn leave_field(&mut self) -> Result<()> {
        if self.browser.is_focused("input, textarea, select")? {
            self.browser.press("Escape")?;
        }
        Ok(())
    }

    /// Goes to a control by Tab alone.
    pub fn tab_to(&mut self, css: &str) -> Result<()> {
        for _ in 0..TABS_MAX {
            if self.browser.is_focused(css)? {
                return Ok(());
            }
            self.browser.press("Tab")?;
        }
        bail!("{css} can't be reached by Tab")
    }

    /// Fills a field, by its name.
    pub fn fill(&mut self, name: &str, text: &str) -> Result<()> {
        self.tab_to(&format!("main [name={name}]"))?;
        self.browser.press("Ctrl+a")?;
        self.browser.type_text(text)
    }

    /// Chooses from a list, by the first letters of what people read.
    pub fn choose(&mut self, name: &str, letters: &str) -> Result<()> {
        self.tab_to(&format!("main select[name={name}]"))?;
        self.browser.type_text(letters)?;
        let script = "const at = document.activeElement; \
            return at.options[at.selectedIndex].text.toLowerCase().startsWith(arguments[0])";
        let wanted = format!("{letters} is chosen");
        self.browser.wait_until(&wanted, script, &[json!(letters.to_lowercase())])
    }

    /// Chooses one of several radio buttons.
    pub fn pick(&mut self, name: &str, value: &str) -> Result<()> {
        let wanted = format!("input[name={name}][value=\"{value}\"]");
        self.tab_to(&format!("input[name={name}]"))?;
        for _ in 0..20 {
            if self.browser.is_focused(&wanted)? {
                return self.browser.press("Space");
            }
            self.browser.press("Down")?;
        }
        bail!("{value} is none of the choices of {name}")
    }

    /// Ticks a checkbox.
    pub fn tick(&mut self, css: &str) -> Result<()> {
        self.tab_to(css)?;
        self.browser.press("Space")
    }

    /// Types into a combobox and takes the first that is offered.
    pub fn combobox(&mut self, name: &str, words: &str) -> Result<()> {
        self.fill(name, words)?;
        let list = format!("#field-{name}-list [role=option]");
        self.browser.wait_for(&list)?;
        self.browser.press("Down Enter")?;
        self.browser.wait_for_none(&list)
    }

    /// Walks down the rows to one that holds a text.
    pub fn row(&mut self, text: &str) -> Result<()> {
        self.leave_field()?;
        let script = "const at = document.activeElement; \
            return at.matches('[data-row]') \
                && (at.closest('tr, li') ?? at).innerText.includes(arguments[0])";
        for _ in 0..80 {
            self.browser.press("j")?;
            if self.browser.run(script, &[json!(text)])? == json!(true) {
                return Ok(());
            }
        }
        bail!("no row holds {text:?}")
    }

    /// Opens the first row of the page.
    pub fn open_first(&mut self) -> Result<()> {
        self.leave_field()?;
        self.browser.press("j")?;
        self.go("Enter")
    }

    /// Looks at this page again and again, by its own key, until its work is done: as long as it
    /// has that key. The browser asks and tells when to look.
    pub fn look_again(&mut self, key: &str) -> Result<()> {
        let control = format!("main [data-key='{key}']");
        for _ in 0..LOOKS_AGAIN_MAX {
            if self.browser.count(&control)? == 0 {
                return Ok(());
            }
            self.browser.run_until_called(SETTLES, &[json!(key)])?;
            self.go_single(key)?;
        }
        bail!("the page of {key} has no end")
    }

    /// Opens the page of an address, as a bookmark does.
    pub fn open(&mut self, path: &str) -> Result<()> {
        self.browser.goto(&format!("{}{path}", self.server.address))?;
        self.ready()
    }

    /// Opens the page that a link of this page leads to, by Tab and Enter.
    pub fn follow(&mut self, css: &str) -> Result<()> {
        self.leave_field()?;
        self.tab_to(css)?;
        self.go("Enter")
    }

    /// Signs out whoever is signed in, and somebody else in.
    pub fn hand_over(&mut self, login: &str) -> Result<()> {
        self.leave_field()?;
        self.sign_out()?;
        self.sign_in(login)
    }

    /// Signs somebody in.
    pub fn sign_in(&mut self, login: &str) -> Result<()> {
        self.open("/sign-in")?;
        let password = self.server.passwords.get(login).cloned();
        let password = password.with_context(|| format!("{login} has a password"))?;
        self.fill("login", login)?;
        self.fill("password", &password)?;
        self.go("Enter")?;
        self.browser.wait_for("nav.desks")
    }

    /// Signs out by the button of the top bar.
    pub fn sign_out(&mut self) -> Result<()> {
        self.tab_to("form[action='/sign-out'] button")?;
        self.go("Enter")?;
        self.browser.wait_for_url("/sign-in")
    }

    /// Finds patients and waits for the list.
    pub fn find(&mut self, words: &str) -> Result<()> {
        self.leave_field()?;
        self.browser.press("/")?;
        ensure!(self.browser.is_focused("#find-box")?, "/ goes to the search");
        self.browser.type_text(words)?;
        self.go("Enter")?;
        self.browser.wait_for_url("/find")
    }

    /// Finds patients and opens the first chart.
    pub fn open_chart(&mut self, words: &str) -> Result<()> {
        self.find(words)?;
        self.open_first()?;
        self.browser.wait_for(".banner")
    }

    /// Who the banner says this is.
    pub fn patient(&mut self) -> Result<Identity> {
        let script = "const banner = document.querySelector('.banner'); \
            const facts = [...banner.querySelectorAll('dd')]; \
            return [banner.querySelector('.patient-name').innerText.trim(), \
                facts[0].querySelector('time').dateTime, facts[2].innerText.trim()]";
        let read = self.browser.run(script, &[])?;
        let [name, born, mrn]: [String; 3] = serde_json::from_value(read)?;
        let (family, given) = name.split_once(", ").context("a name is: family, given")?;
        let given = given.split(' ').next().unwrap_or_default();
        Ok(Identity { family: family.into(), given: given.into(), born, mrn })
    }
}

/// A patient, as the banner shows one.
#[derive(Clone)]
pub struct Identity {
    pub family: String,
    pub given: String,
    pub born: String,
    pub mrn: String,
}

/// Where pictures of the pages go, to be looked at.
pub fn pictures() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    std::fs::create_dir_all(&folder).expect("the target folder can be written to");
    folder
}

/// The hospital of a demonstration, as far as it depends on the seed alone.
pub fn hospital(patients: u64) -> synthetic::Hospital {
    let today = jiff::civil::date(2026, 1, 1);
    synthetic::Hospital::generate(synthetic::Options { patients, seed: 1, today })
}

/// The family name of the hospital's first patient.
pub fn family_name() -> String {
    let hospital = hospital(1);
    let patient = hospital.resources.iter().find(|r| r["resourceType"] == "Patient");
    let name = patient.and_then(|r| r["name"][0]["family"].as_str());
    name.expect("a hospital of one has a patient with a name").to_owned()
}
