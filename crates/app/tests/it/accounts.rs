//! Every state and every action of an account, and every end of a session.

use crate::app::{NOON, TestStore};
use crate::matrices::{Done, administrator, matrix, system};
use ::app::Error;
use ::app::people::{self, AccountAction, AccountForm};
use ::app::sign_in::{self, SignIn, SignedIn};
use expect_test::expect;
use record::{Context, Instant, LabelMask, Role};

/// An account with its password, at a moment.
struct Account {
    test: TestStore,
    person: i64,
    login: String,
    password: String,
    at: Instant,
}

fn account() -> Account {
    let test = TestStore::new();
    let form = |login: &str, role: Role| AccountForm {
        login: login.into(),
        name: login.into(),
        roles: vec![role],
        cleared: LabelMask::NONE,
    };
    let (store, boss) = (&test.store, administrator());
    people::account_create(store, &boss, &form("root", Role::Administrator)).unwrap();
    let made = people::account_create(store, &boss, &form("ada", Role::Coder)).unwrap();
    let (person, password) = (made.person, made.one_time_password);
    Account { test, person, login: "ada".into(), password, at: NOON }
}

impl Account {
    fn act(&self, action: &AccountAction) -> Done {
        let context = Context { at: self.at, ..administrator() };
        people::act(&self.test.store, &context, self.person, action)
    }

    fn sign_in_with(&self, password: &str) -> Result<String, Error> {
        let asked = SignIn { login: &self.login, password };
        match sign_in::sign_in(&self.test.store, self.at, &asked)? {
            SignedIn::Session { token, .. } => Ok(token),
            other => panic!("no second factor is set up: {other:?}"),
        }
    }

    fn state(&self) -> String {
        let person = self.test.store.look(&system(), |view| view.person(self.person)).unwrap();
        let person = person.unwrap();
        let is_locked = person.locked_until.is_some_and(|until| until > self.at);
        match (person.active, person.usable(self.at), is_locked) {
            (false, ..) => "suspended",
            (true, false, _) => "over",
            (true, true, true) => "locked",
            (true, true, false) => "active",
        }
        .to_owned()
    }

    fn suspended() -> Account {
        let account = account();
        account.act(&AccountAction::Suspend).unwrap();
        account
    }

    fn locked() -> Account {
        let account = account();
        for _ in 0..sign_in::FAILURES_MAX {
            assert!(account.sign_in_with("not the password").is_err());
        }
        account
    }

    /// An emergency account after its twelve hours.
    fn over() -> Account {
        let account = account();
        let reason = "The directory is down";
        let store = &account.test.store;
        let (login, made) = people::emergency_account(store, &administrator(), reason).unwrap();
        let at = NOON.plus_seconds(people::EMERGENCY_SECONDS);
        let (person, password) = (made.person, made.one_time_password);
        Account { person, login, password, at, ..account }
    }
}

/// Judged: only an active account signs in; unlocking ends a lock and nothing else.
#[test]
fn an_account() {
    expect![[r#"
        active + sign in = active
        active + suspend = suspended
        active + activate = active
        active + unlock = active
        locked + sign in = refused: The login or the password is wrong, or sign-in is refused for now. Check both, and that Caps Lock is off. After five wrong passwords sign-in is refused for 15 minutes; an administrator can end that.
        locked + suspend = suspended
        locked + activate = locked
        locked + unlock = active
        suspended + sign in = refused: This account is suspended, or has ended. Ask an administrator.
        suspended + suspend = suspended
        suspended + activate = active
        suspended + unlock = suspended
        over + sign in = refused: This account is suspended, or has ended. Ask an administrator.
        over + suspend = suspended
        over + activate = over
        over + unlock = over
    "#]].assert_eq(&matrix(
        &[
            ("active", account),
            ("locked", Account::locked),
            ("suspended", Account::suspended),
            ("over", Account::over),
        ],
        &[
            ("sign in", |account| account.sign_in_with(&account.password).map(|_| ())),
            ("suspend", |account| account.act(&AccountAction::Suspend)),
            ("activate", |account| account.act(&AccountAction::Activate)),
            ("unlock", |account| account.act(&AccountAction::Unlock)),
        ],
        Account::state,
    ));
}

#[test]
fn a_session_ends_for_each_reason_and_stays_ended() {
    type Before = fn(&Account, &str);
    let nothing: Before = |_, _| ();
    let table: [(&str, Before, i64, bool); 6] = [
        ("used in time", nothing, sign_in::IDLE_SECONDS_MAX, true),
        ("idle", nothing, sign_in::IDLE_SECONDS_MAX + 1, false),
        ("its person suspended", |a, _| a.act(&AccountAction::Suspend).unwrap(), 1, false),
        ("ended by an administrator", |a, _| a.act(&AccountAction::EndSessions).unwrap(), 1, false),
        (
            "signed out",
            |account, token| {
                let open = sign_in::session(&account.test.store, NOON, token).unwrap().unwrap();
                sign_in::sign_out(&account.test.store, &open).unwrap();
            },
            1,
            false,
        ),
        (
            "used to the end of its day",
            |account, token| {
                let step = sign_in::IDLE_SECONDS_MAX;
                for seconds in (0..=sign_in::SESSION_SECONDS_MAX).step_by(step as usize) {
                    let at = NOON.plus_seconds(seconds);
                    assert!(sign_in::session(&account.test.store, at, token).unwrap().is_some());
                }
            },
            sign_in::SESSION_SECONDS_MAX + 1,
            false,
        ),
    ];
    for (what, before, seconds, is_open) in table {
        let account = account();
        let token = account.sign_in_with(&account.password).unwrap();
        before(&account, &token);
        let used = |seconds: i64| {
            let at = NOON.plus_seconds(seconds);
            sign_in::session(&account.test.store, at, &token).unwrap().is_some()
        };
        assert_eq!(used(seconds), is_open, "{what}");
        assert_eq!(used(seconds), is_open, "{what}: it does not come back");
    }
}
