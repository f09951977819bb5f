//! Facilities, nursing units with their beds, and clients of the API.

use crate::Error;
use crate::access::{Right, require};
use crate::people::field;
use record::{ContentHash, Context, LabelMask, Role};
use store::person::Client;
use store::work::{Facility, NursingUnit};
use store::{AuditEntry, Store};

/// Facilities and units.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn facilities(
    store: &Store,
    context: &Context,
) -> Result<(Vec<Facility>, Vec<NursingUnit>), Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        let both = (view.facility_list()?, view.nursing_unit_list()?);
        Ok((both, AuditEntry::new(context, "facility.list", "facilities")))
    })
}

/// Adds a facility.
///
/// # Errors
/// [`Error::Invalid`] names the fields.
pub fn facility_create(
    store: &Store,
    context: &Context,
    name: &str,
    time_zone: &str,
    mrn_system: &str,
) -> Result<i64, Error> {
    require(store, context, Right::Administer)?;
    let mut errors = Vec::new();
    if name.trim().is_empty() {
        errors.push(field("name", "Give the facility's name."));
    }
    if jiff::tz::TimeZone::get(time_zone.trim()).is_err() {
        errors.push(field("time_zone", "Give a zone of the IANA list, as America/New_York."));
    }
    if !mrn_system.contains(':') || mrn_system.contains(char::is_whitespace) {
        let reason = "Give the namespace of its record numbers, as urn:oid:2.16.840.1.113883.3.42.";
        errors.push(field("mrn_system", reason));
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    store.write(context, |transaction| {
        let (name, zone) = (name.trim(), time_zone.trim());
        let id = transaction.facility_create(name, zone, mrn_system.trim())?;
        let entry = AuditEntry::new(context, "facility.create", format!("facility/{id}"));
        transaction.audit(&entry)?;
        Ok(id)
    })
}

/// What is asked for a nursing unit.
#[derive(Clone, Debug, Default)]
pub struct UnitForm {
    /// Facility.
    pub facility: i64,
    /// Name.
    pub name: String,
    /// Beds.
    pub beds: Option<i64>,
    /// Bassinets.
    pub bassinets: Option<i64>,
    /// First day, `YYYY-MM-DD`.
    pub from_date: String,
}

/// Beds of one unit at most.
const BEDS_MAX: i64 = 10_000;

/// Adds a nursing unit with its beds from a day on. Where a unit of this name is open, that count
/// of beds ends the day before: occupancy is counted day by day.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::NotFound`] for an unknown facility.
pub fn unit_put(store: &Store, context: &Context, form: &UnitForm) -> Result<i64, Error> {
    require(store, context, Right::Administer)?;
    let from = form.from_date.trim().parse::<jiff::civil::Date>();
    let counts = [("beds", form.beds), ("bassinets", form.bassinets)];
    let mut errors = Vec::new();
    if form.name.trim().is_empty() {
        errors.push(field("name", "Give the unit's name."));
    }
    for (name, count) in counts {
        if !count.is_some_and(|count| (0..=BEDS_MAX).contains(&count)) {
            errors.push(field(name, "Give a count from 0 to 10,000."));
        }
    }
    let (Ok(from), Some(beds), Some(bassinets), true) =
        (&from, form.beds, form.bassinets, errors.is_empty())
    else {
        if from.is_err() {
            errors.push(field("from_date", "Give the first day as 2026-01-01."));
        }
        return Err(Error::Invalid(errors));
    };
    store.write(context, |transaction| {
        let facilities = transaction.facility_list()?;
        facilities.iter().find(|f| f.id == form.facility).ok_or(Error::NotFound)?;
        let eve = from.yesterday().map_err(|_| Error::NotFound)?.to_string();
        for unit in transaction.nursing_unit_list()? {
            let same = unit.facility == form.facility && unit.name == form.name.trim();
            if !same || unit.until_date.is_some() {
                continue;
            }
            if unit.from_date > eve {
                let reason = format!("Beds of this unit are counted from {}.", unit.from_date);
                return Err(Error::Invalid(vec![field("from_date", &reason)]));
            }
            transaction.nursing_unit_close(unit.id, &eve)?;
        }
        let (name, day) = (form.name.trim(), from.to_string());
        let id = transaction.nursing_unit_create(form.facility, name, beds, bassinets, &day)?;
        transaction.audit(&AuditEntry::new(context, "unit.put", format!("unit/{id}")))?;
        Ok(id)
    })
}

/// Closes a nursing unit with this last day.
///
/// # Errors
/// [`Error::Invalid`] when the day is none, or before its first.
pub fn unit_close(store: &Store, context: &Context, unit: i64, until: &str) -> Result<(), Error> {
    require(store, context, Right::Administer)?;
    let day = until.trim().parse::<jiff::civil::Date>().map_err(|_| {
        Error::Invalid(vec![field("until_date", "Give the last day as 2026-12-31.")])
    })?;
    store.write(context, |transaction| {
        let units = transaction.nursing_unit_list()?;
        let found = units.iter().find(|known| known.id == unit).ok_or(Error::NotFound)?;
        let until = day.to_string();
        if until < found.from_date {
            let reason = format!("The unit began on {}.", found.from_date);
            return Err(Error::Invalid(vec![field("until_date", &reason)]));
        }
        transaction.nursing_unit_close(unit, &until)?;
        Ok(transaction.audit(&AuditEntry::new(context, "unit.close", format!("unit/{unit}")))?)
    })
}

/// Clients of the API.
///
/// # Errors
/// [`Error::Forbidden`] without the right.
pub fn clients(store: &Store, context: &Context) -> Result<Vec<Client>, Error> {
    require(store, context, Right::Administer)?;
    store.read(context, |view| {
        Ok((view.client_list()?, AuditEntry::new(context, "client.list", "clients")))
    })
}

/// What is asked for a client.
#[derive(Clone, Debug, Default)]
pub struct ClientForm {
    /// Name.
    pub name: String,
    /// The role under which it acts.
    pub role: Option<Role>,
    /// Scopes, separated by spaces: `system/*.read system/Patient.write`.
    pub scopes: String,
    /// Sensitive classes that it may see.
    pub cleared: LabelMask,
}

/// Registers a client; returns its token, which is shown once and kept nowhere.
///
/// # Errors
/// [`Error::Invalid`] names the fields; [`Error::Conflict`] a name taken.
pub fn client_create(store: &Store, context: &Context, form: &ClientForm) -> Result<String, Error> {
    require(store, context, Right::Administer)?;
    let mut errors = Vec::new();
    if form.name.trim().is_empty() {
        errors.push(field("name", "Give the name of the program."));
    }
    if form.role.is_none() {
        errors.push(field("role", "Choose the role under which it acts."));
    }
    let scopes: Vec<&str> = form.scopes.split_whitespace().collect();
    if scopes.is_empty() || !scopes.iter().all(|scope| scope_ok(scope)) {
        let reason = "Give scopes as system/*.read or system/Patient.write, with spaces between.";
        errors.push(field("scopes", reason));
    }
    let Some(role) = form.role.filter(|_| errors.is_empty()) else {
        return Err(Error::Invalid(errors));
    };
    let token = record::hash::hex(&store::keys::random::<32>()?);
    let hash = ContentHash::of(token.as_bytes());
    store.write(context, |transaction| {
        let (name, scopes) = (form.name.trim(), scopes.join(" "));
        let id = transaction.client_create(name, hash, role, &scopes, form.cleared)?;
        transaction.audit(&AuditEntry::new(context, "client.create", format!("client/{id}")))?;
        Ok::<(), Error>(())
    })?;
    Ok(token)
}

/// Whether this is a scope: `system/TYPE.read`, `.write` or `.*`; or that of metrics.
fn scope_ok(scope: &str) -> bool {
    if scope == crate::metrics::SCOPE {
        return true;
    }
    let Some((kind, verb)) = scope.strip_prefix("system/").and_then(|s| s.split_once('.')) else {
        return false;
    };
    let known = kind == "*" || exchange::fhir::is_resource_type(kind);
    known && matches!(verb, "read" | "write" | "*")
}

/// Ends a client: its token is refused from now on.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it has ended.
pub fn client_end(store: &Store, context: &Context, client: i64) -> Result<(), Error> {
    require(store, context, Right::Administer)?;
    store.write(context, |transaction| {
        let clients = transaction.client_list()?;
        let open = clients.iter().any(|known| known.id == client && known.ended_at.is_none());
        if !open {
            return Err(Error::NotFound);
        }
        transaction.client_end(client)?;
        let entry = AuditEntry::new(context, "client.end", format!("client/{client}"));
        Ok(transaction.audit(&entry)?)
    })
}

#[cfg(test)]
mod tests {
    use super::scope_ok;

    #[test]
    fn scopes_name_a_type_and_a_verb() {
        for (scope, ok) in [
            ("system/*.read", true),
            ("system/Patient.write", true),
            ("system/*.*", true),
            ("system/Pateint.read", false),
            ("user/Patient.read", false),
            ("system/Patient", false),
            ("system/Patient.delete", false),
        ] {
            assert_eq!(scope_ok(scope), ok, "{scope}");
        }
    }
}
