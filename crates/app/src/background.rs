//! What the server does by itself: a verification a day.

use crate::Error;
use record::{Context, Role};
use store::work::NewWork;
use store::{AuditEntry, Store};

/// Seconds that one verification may take before another server takes it over.
const VERIFY_LEASE_SECONDS: i64 = 3600;
const DAY_MICROS: i64 = 86_400_000_000;

/// Does the background work that is due; returns whether there was any.
///
/// # Errors
/// [`Error::Internal`] when the store fails; failed work is tried again later.
pub fn tick(store: &Store, context: &Context) -> Result<bool, Error> {
    let day = context.at.0.div_euclid(DAY_MICROS);
    let key = format!("verify:{day}");
    let leased = store.write(context, |transaction| {
        transaction.job_add("verify", &key, "{}", context.at)?;
        transaction.job_lease(&["verify"], VERIFY_LEASE_SECONDS)
    })?;
    let Some(job) = leased else { return Ok(false) };
    match store.verify(context) {
        Ok(result) => store.write(context, |transaction| {
            transaction.job_done(&job)?;
            let detail =
                format!(r#"{{"rows":{},"breaks":{}}}"#, result.rows_count, result.breaks_count);
            let entry = AuditEntry::new(context, "store.verify", "store").detail(detail);
            if !result.is_whole() {
                transaction.work_open(&NewWork {
                    kind: "chain-broken",
                    subject: 0,
                    patient: None,
                    role: Role::PrivacyOfficer,
                    due_at: Some(context.at),
                    reason: "What is stored is not what was written. Run `chartroom verify`, \
                             which names each break, and keep the server as it is.",
                })?;
            }
            transaction.audit(&entry)
        })?,
        Err(error) => {
            let text = error.to_string();
            store.write(context, |transaction| transaction.job_fail(&job, &text))?;
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::Instant;
    use store::Location;

    #[test]
    fn a_store_is_verified_once_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let at = |micros: i64| Context::system("background", Instant(micros));
        let location = Location::Directory(folder.path().join("data"));
        let store = Store::create(&location, &folder.path().join("keys"), &at(0)).unwrap();
        assert!(tick(&store, &at(1)).unwrap());
        assert!(!tick(&store, &at(2)).unwrap(), "once a day is enough");
        assert!(tick(&store, &at(DAY_MICROS + 1)).unwrap());
    }
}
