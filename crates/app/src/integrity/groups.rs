//! The work of mending findings: an item each, or one for all findings of a check that came
//! together, as a first import brings them. It opens their list, and ends with the last of them.

use super::{GROUP_KIND, WORK_KIND};
use crate::Error;
use integrity::checks::{Check, by_name};
use record::Context;
use std::collections::BTreeMap;
use store::quality::QualityFinding;
use store::work::NewWork;
use store::{Store, Transaction};

/// From how many findings on a check's work is one item.
pub(super) const GROUPED_FROM: usize = 10;
/// Findings that come so soon after a group was opened are of the same import.
const SAME_IMPORT_SECONDS: i64 = 3_600;
/// Findings put into a group in one commit.
const PUT_AT_ONCE: usize = 500;

/// Opens the work of these findings, by check.
pub(super) fn open(
    transaction: &mut Transaction<'_>,
    context: &Context,
    findings: &[i64],
) -> Result<(), Error> {
    let mut by_check: BTreeMap<String, Vec<QualityFinding>> = BTreeMap::new();
    for id in findings {
        if let Some(finding) = transaction.quality_finding(*id)? {
            by_check.entry(finding.check.clone()).or_default().push(finding);
        }
    }
    for (check, findings) in by_check {
        let Some(check) = by_name(&check) else { continue };
        match group_of(transaction, context, check, &findings)? {
            Some(group) => open_group(transaction, context, check, group, &findings)?,
            None => {
                for finding in &findings {
                    open_one(transaction, context, finding)?;
                }
            }
        }
    }
    Ok(())
}

/// Opens work for every open finding that has none, at the end of a run over all charts.
pub(super) fn open_all(store: &Store, context: &Context) -> Result<(), Error> {
    let unworked = store.look(context, |view| view.quality_unworked())?;
    for findings in unworked.chunk_by(|one, next| one.check == next.check) {
        let Some(check) = findings.first().and_then(|one| by_name(&one.check)) else { continue };
        let group =
            store.write(context, |transaction| group_of(transaction, context, check, findings))?;
        for some in findings.chunks(PUT_AT_ONCE) {
            store.write(context, |transaction| match group {
                Some(group) => open_group(transaction, context, check, group, some),
                None => some.iter().try_for_each(|one| open_one(transaction, context, one)),
            })?;
        }
    }
    Ok(())
}

/// The group that these findings go to: one of the same import, else, where they are many, a new
/// one under the first of them.
fn group_of(
    transaction: &mut Transaction<'_>,
    context: &Context,
    check: &Check,
    findings: &[QualityFinding],
) -> Result<Option<i64>, Error> {
    let since = context.at.plus_seconds(-SAME_IMPORT_SECONDS);
    if let Some(group) = transaction.quality_group_since(check.name, since)? {
        return Ok(Some(group));
    }
    let many = findings.len() >= GROUPED_FROM;
    Ok(findings.first().map(|first| first.id).filter(|_| many))
}

fn open_group(
    transaction: &mut Transaction<'_>,
    context: &Context,
    check: &Check,
    group: i64,
    findings: &[QualityFinding],
) -> Result<(), Error> {
    for finding in findings.iter().filter(|finding| finding.group != Some(group)) {
        transaction.quality_group_put(finding.id, Some(group))?;
    }
    transaction.work_open(&NewWork {
        kind: GROUP_KIND,
        subject: group,
        patient: None,
        role: check.role,
        due_at: Some(context.at.plus_seconds(check.days * 86_400)),
        reason: check.title,
    })?;
    Ok(())
}

/// Opens the work of mending one finding: for the check's role, within the check's days.
pub(super) fn open_one(
    transaction: &mut Transaction<'_>,
    context: &Context,
    finding: &QualityFinding,
) -> Result<(), Error> {
    let Some(check) = by_name(&finding.check) else { return Ok(()) };
    if finding.group.is_some() {
        transaction.quality_group_put(finding.id, None)?;
    }
    transaction.work_open(&NewWork {
        kind: WORK_KIND,
        subject: finding.id,
        patient: Some(finding.patient),
        role: check.role,
        due_at: Some(context.at.plus_seconds(check.days * 86_400)),
        reason: &finding.sentence,
    })?;
    Ok(())
}

/// Closes the work of a finding that is no longer open; its group's with the last one.
pub(super) fn close(
    transaction: &mut Transaction<'_>,
    finding: &QualityFinding,
    done: bool,
) -> Result<(), Error> {
    transaction.work_close(WORK_KIND, finding.id, done)?;
    let Some(group) = finding.group else { return Ok(()) };
    let open = transaction.quality_group_open_count(group)?;
    if open == 0 {
        transaction.work_close(GROUP_KIND, group, true)?;
    }
    Ok(())
}
