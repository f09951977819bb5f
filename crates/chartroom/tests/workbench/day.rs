//! A department's day by keyboard alone: every function once, on one record, one queue, one audit
//! trail. Pages that another journey looks at are passed here.

use crate::coding::{PATIENTS, Wanted, code_a_stay};
use crate::server::Server;
use crate::stage::Stage;
use crate::{coding, documents, record, release};
use anyhow::{Context, Result, bail, ensure};

/// Documents and pages that a release of one kind of document holds at the most.
const PAGES_MAX: usize = 80;

/// What a day stands on: the demonstration, or charts that came by import.
pub struct Ground {
    /// The day since which encounters are looked for, where they are not of the last year or
    /// nobody has looked for them.
    pub since: Option<&'static str>,
    /// The month whose census is read, where it isn't this one.
    pub month: Option<&'static str>,
    /// The kind of document that is released, as the form offers it.
    pub kind: &'static str,
    /// The stay that is coded.
    pub stay: fn(&Stage) -> Result<Wanted>,
}

#[test]
fn a_day_on_the_demonstration() -> Result<()> {
    let mut stage = Stage::new(Server::demonstration(PATIENTS)?)?;
    let kind = "main input[name=kinds]";
    let ground = Ground { since: None, month: None, kind, stay: coding::wanted };
    walk(&mut stage, &ground)?;
    stage.end()
}

/// The whole day, from the technician's first page to the verification.
pub fn walk(stage: &mut Stage, ground: &Ground) -> Result<()> {
    stage.step("a record is read and corrected", |stage| {
        stage.sign_in("technician")?;
        stage.look("day-work")?;
        stage.passing(|stage| {
            let family = stage.family.clone();
            stage.open_chart(&family)?;
            record::read_chart(stage)?;
            record::enter(stage)?;
            record::correct(stage)
        })
    })?;
    stage.step("a document is indexed", |stage| {
        stage.go_single("g d")?;
        stage.go_single("n")?;
        stage.passing(|stage| {
            let family = stage.family.clone();
            documents::choose_patient(stage, &family)?;
            documents::index(stage)
        })
    })?;
    stage.step("two records become one, and two again", merge_and_unmerge)?;
    stage.step("a failing check is mended", mend)?;
    stage.step("a deficiency is given to its provider", |stage| give_deficiency(stage, ground))?;
    let deficiency = stage.browser.url()?;
    stage.step("the provider completes it", complete)?;
    stage.step("the technician verifies it", |stage| verify_completion(stage, &deficiency))?;
    stage.step("a stay is coded", |stage| code(stage, ground))?;
    release(stage, ground)?;
    stage.step("the census is read", |stage| census(stage, ground))?;
    stage.step("everything is as it was written", verify_store)
}

/// The part of an address after the server's own.
fn path(stage: &Stage) -> Result<String> {
    let url = stage.browser.url()?;
    let path = url.strip_prefix(&stage.server.address).context("it is the server's page")?;
    Ok(path.to_owned())
}

/// Writes into the area for a reason, by Tab.
fn area(stage: &mut Stage, name: &str, text: &str) -> Result<()> {
    stage.tab_to(&format!("main textarea[name={name}]"))?;
    stage.browser.press("Ctrl+a")?;
    stage.browser.type_text(text)
}

/// The form that was sent was taken.
fn taken(stage: &Stage) -> Result<()> {
    if stage.browser.count("#error-summary")? > 0 {
        bail!("refused: {}", stage.browser.text_of("#error-summary")?);
    }
    Ok(())
}

fn merge_and_unmerge(stage: &mut Stage) -> Result<()> {
    stage.go_single("g i")?;
    if stage.browser.count("main a[data-row]")? == 0 {
        stage.go_single("l")?;
    }
    stage.look("day-identity")?;
    stage.open_first()?;
    stage.look("day-pair")?;
    let script = "return document.querySelector('input[name=keep]').value";
    let keep = stage.browser.run(script, &[])?;
    stage.pick("answer", "same")?;
    stage.pick("keep", keep.as_str().context("a record can be kept")?)?;
    area(stage, "reason", "Same birth date, address and telephone")?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_text("Undo the merge")?;
    stage.look("day-merged")?;
    area(stage, "reason", "The telephone is the parents'")?;
    stage.go_single("u")?;
    stage.browser.wait_for_none("form[action$='/unmerge']")?;
    stage.browser.wait_for_text("Two people:")?;
    stage.look("day-unmerged")
}

fn mend(stage: &mut Stage) -> Result<()> {
    stage.go_single("g n")?;
    if stage.browser.text_of("main")?.contains("The checks have not run yet") {
        stage.go_single("l")?;
    }
    stage.look_again("r")?;
    stage.look("day-integrity")?;
    stage.go_single("2")?;
    stage.row("Birth date missing")?;
    stage.go("Enter")?;
    stage.browser.wait_for_text("Mend it")?;
    stage.look("day-finding")?;
    let finding = path(stage)?;
    stage.go_single("e")?;
    stage.fill("reason", "Read from the passport")?;
    stage.fill("birth_date", "1961-07-14")?;
    stage.go("Ctrl+Enter")?;
    taken(stage)?;
    stage.open(&finding)?;
    stage.browser.wait_for_text("Mended: the check ran again and passed.")?;
    stage.look("day-mended")
}

/// A deficiency whose provider has no account goes to one who has.
fn give_deficiency(stage: &mut Stage, ground: &Ground) -> Result<()> {
    stage.go_single("g o")?;
    look_since(stage, ground)?;
    stage.look("day-completion")?;
    stage.go_single("3")?;
    stage.look("day-completion-open")?;
    stage.open_first()?;
    stage.look("day-deficiency")?;
    stage.leave_field()?;
    stage.browser.press("p")?;
    stage.choose("account", "pat provider")?;
    stage.fill("reason", "Took the patient over")?;
    stage.leave_field()?;
    stage.go("Shift+A")?;
    stage.browser.wait_for_text("Given to another provider")?;
    Ok(())
}

/// Has the desk look for encounters of the ground's days.
fn look_since(stage: &mut Stage, ground: &Ground) -> Result<()> {
    let Some(since) = ground.since else { return Ok(()) };
    stage.fill("since", since)?;
    stage.go("Enter")
}

fn code(stage: &mut Stage, ground: &Ground) -> Result<()> {
    stage.hand_over("coder")?;
    stage.go_single("g c")?;
    look_since(stage, ground)?;
    stage.passing(|stage| code_a_stay(stage, ground.stay))
}

fn complete(stage: &mut Stage) -> Result<()> {
    let deficiency = path(stage)?;
    stage.hand_over("provider")?;
    stage.go_single("g o")?;
    stage.look("day-mine")?;
    stage.open(&deficiency)?;
    stage.look("day-complete")?;
    if stage.browser.count("main textarea[name=text]")? > 0 {
        area(stage, "text", "Went home in good condition. Follow-up in two weeks.")?;
    }
    stage.leave_field()?;
    stage.go("Ctrl+Enter")?;
    stage.browser.wait_for_url("/completion/")?;
    ensure!(path(stage)? != deficiency, "the next, or the list, is open");
    Ok(())
}

fn verify_completion(stage: &mut Stage, deficiency: &str) -> Result<()> {
    let path = deficiency.strip_prefix(&stage.server.address).unwrap_or(deficiency).to_owned();
    stage.hand_over("technician")?;
    stage.go_single("g o")?;
    stage.go_single("1")?;
    stage.open(&path)?;
    stage.look("day-verify")?;
    stage.go_single("Ctrl+Enter")?;
    stage.browser.wait_for_url("/completion")?;
    stage.open(&path)?;
    stage.browser.wait_for_text("Verified")?;
    stage.look("day-verified")
}

/// From the letter to the accounting, with a second person in between.
fn release(stage: &mut Stage, ground: &Ground) -> Result<()> {
    stage.step("a request is logged", |stage| {
        stage.hand_over("release")?;
        stage.go_single("g r")?;
        stage.look("day-release")
    })?;
    stage.step("it is validated, documents are chosen", |stage| prepare(stage, ground.kind))?;
    let request = path(stage)?;
    stage.step("they are reviewed, with a redaction", review)?;
    stage.step("a second person checks the packet", |stage| {
        stage.hand_over("privacy")?;
        stage.go_single("g r")?;
        stage.go_single("4")?;
        stage.open_first()?;
        stage.go_single("n")?;
        stage.look("day-packet-check")?;
        stage.go_single("Shift+A")?;
        stage.browser.wait_for_text("Download")?;
        stage.look("day-packet-approved")
    })?;
    stage.step("it is handed out", |stage| {
        stage.hand_over("release")?;
        stage.open(&request)?;
        stage.look("day-deliver")?;
        stage.choose("how", "in person")?;
        stage.go_single("n")?;
        stage.browser.wait_for_text("Delivered")?;
        stage.look("day-delivered")
    })?;
    stage.step("it stands in the accounting", |stage| {
        stage.go_single("a")?;
        stage.browser.wait_for_text("Jane Example")?;
        stage.look("day-accounting")
    })
}

/// A patient's request from its log to the review of documents of one kind.
pub fn prepare(stage: &mut Stage, kind: &str) -> Result<()> {
    stage.passing(|stage| {
        release::log(stage, "the individual", "in person")?;
        release::identify(stage)?;
        release::validate(stage)
    })?;
    stage.go_single("n")?;
    stage.tick(kind)?;
    stage.leave_field()?;
    stage.go("s")?;
    stage.look("day-choose")?;
    stage.go_single("Ctrl+Enter")?;
    stage.browser.wait_for_text("goes out")?;
    stage.go_single("n")
}

/// Opens the list of the review, and the first document.
pub fn open_review(stage: &mut Stage) -> Result<()> {
    stage.go_single("n")?;
    stage.browser.wait_for_url("/review")?;
    stage.look("day-review")?;
    stage.go_single("n")
}

fn review(stage: &mut Stage) -> Result<()> {
    open_review(stage)?;
    withhold(stage)?;
    stage.look("day-review-document")?;
    for _ in 0..PAGES_MAX {
        decide(stage)?;
        stage.go_single("Ctrl+Enter")?;
        if path(stage)?.ends_with("/review") {
            stage.look("day-reviewed")?;
            stage.go_single("Shift+F")?;
            if path(stage)?.contains("/review") {
                // What was withheld stands elsewhere, too: its other places are proposed now.
                stage.look("day-review-again")?;
                stage.go_single("n")?;
                continue;
            }
            stage.browser.wait_for_url("/packet")?;
            stage.go_single("m")?;
            stage.browser.wait_for_text("Nothing that was withheld")?;
            return stage.look("day-packet");
        }
    }
    bail!("the review has no end")
}

/// Withholds one place by hand: words of a note, or a box on a page.
pub fn withhold(stage: &mut Stage) -> Result<()> {
    stage.leave_field()?;
    if stage.browser.count("[data-note]")? > 0 {
        stage.tab_to("[data-note]")?;
        // Not its title, which the cover of the packet names.
        stage.browser.press(&format!("{} Right Enter", ["Down"; 9].join(" ")))?;
        stage.browser.wait_for("mark.span-confirmed")
    } else {
        stage.browser.press("b Down Down Shift+Right Enter")?;
        stage.browser.wait_for("svg .box-confirmed")
    }
}

/// Decides on whatever the finders proposed in the document that is open.
fn decide(stage: &mut Stage) -> Result<()> {
    for _ in 0..PAGES_MAX {
        let script = "return ['Shift+C', 'c', 'u'].find(key => \
            document.querySelector(`#marks [data-key='${key}']:not([disabled])`)) ?? ''";
        let key = stage.browser.run(script, &[])?;
        match key.as_str().filter(|key| !key.is_empty()) {
            Some("c") if stage.browser.count("#marks [data-key=x]")? == 0 => return Ok(()),
            Some(key) => stage.go_single(key)?,
            None => return Ok(()),
        }
    }
    bail!("the marks have no end")
}

fn census(stage: &mut Stage, ground: &Ground) -> Result<()> {
    stage.hand_over("supervisor")?;
    stage.go_single("g p")?;
    if let Some(month) = ground.month {
        stage.fill("month", month)?;
        stage.go("Enter")?;
    }
    stage.look("day-reports")?;
    stage.open_first()?;
    stage.look("day-census")?;
    stage.follow("main a[href*='/rows/']")?;
    stage.browser.wait_for_text("The number counts")?;
    stage.look("day-census-rows")
}

fn verify_store(stage: &mut Stage) -> Result<()> {
    stage.go_single("g n")?;
    stage.follow("main a[href='/integrity/verification']")?;
    stage.go_single("v")?;
    stage.look_again("r")?;
    stage.browser.wait_for_text("everything was as it was written")?;
    stage.look("day-verification")?;
    stage.open_first()?;
    stage.browser.wait_for_text("asked for by Sue Supervisor")?;
    let breaks = stage.browser.text_of("main")?;
    ensure!(breaks.contains("none"), "no break is named: {breaks}");
    stage.look("day-verification-one")
}
