//! Commands on a store that a server has open: the server does the work, this process shows it.
//!
//! One line of JSON says what is asked; lines of JSON come back, the last with the exit code. The
//! socket stands in the data directory and only the same user may open it: it gives no other
//! right than the files themselves.

use super::output::{Frame, Output};
use super::{backup, codes, emergency_account, export, import, imports, verify};
use crate::site::Site;
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use store::{Location, Store};

/// What can be asked of a server.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Take files in. A name may be no text.
    Import(Vec<OsString>),
    /// List the imports, or the findings of this one.
    Imports(Option<i64>),
    /// Write every current version into this folder.
    Export(PathBuf),
    /// Check everything; as JSON or for people.
    Verify(bool),
    /// Copy the store into this folder.
    Backup(PathBuf),
    /// Take in publishers' files of code sets.
    Codes(Vec<PathBuf>, codes::How),
    /// List what was loaded.
    CodesList,
    /// Withdraw a load, for this reason.
    CodesWithdraw(i64, String),
    /// Find codes in what is shipped and what was loaded.
    CodesSearch(codes::Sought),
    /// Make an account for when ordinary sign-in is down, for this reason.
    EmergencyAccount(String),
}

/// Does a request on a store: here, or by the server that has it open.
pub fn run(site: &Site, request: &Request) -> Result<ExitCode> {
    let code = match site.open() {
        Ok(store) => perform(&store, request, &Output::Terminal)?,
        Err(error) => match error.downcast_ref::<store::Error>() {
            Some(store::Error::Owned(_)) => ask(&socket_path(site)?, request)?,
            _ => return Err(error),
        },
    };
    Ok(ExitCode::from(code))
}

fn perform(store: &Store, request: &Request, output: &Output) -> Result<u8> {
    match request {
        Request::Import(names) => {
            let paths: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
            import::perform(store, &paths, output)
        }
        Request::Imports(import) => imports::perform(store, *import, output),
        Request::Export(folder) => export::perform(store, folder, output),
        Request::Verify(json) => verify::perform(store, *json, output),
        Request::Backup(folder) => backup::perform(store, folder, output),
        Request::Codes(files, how) => codes::perform(store, files, how, output),
        Request::CodesList => codes::perform_list(store, output),
        Request::CodesWithdraw(load, reason) => {
            codes::perform_withdraw(store, *load, reason, output)
        }
        Request::CodesSearch(sought) => codes::perform_search(store, sought, output),
        Request::EmergencyAccount(reason) => emergency_account::perform(store, reason, output),
    }
}

fn socket_path(site: &Site) -> Result<PathBuf> {
    match site.location() {
        Location::Directory(folder) => Ok(folder.join("chartroom.sock")),
        Location::Postgres(_) => bail!("a database has no socket of ours"),
    }
}

fn ask(path: &Path, request: &Request) -> Result<u8> {
    let stream = UnixStream::connect(path).context(
        "another Chartroom process is using this data directory, and it is no server that could \
         do the work; wait for it to end",
    )?;
    let mut writer = stream.try_clone()?;
    writeln!(writer, "{}", serde_json::to_string(request)?)?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?)
            .context("the server answers in another way; is it of another version?")?
        {
            Frame::Out(text) => println!("{text}"),
            Frame::Error(text) => eprintln!("{text}"),
            Frame::Exit(code) => return Ok(code),
        }
    }
    bail!("the server stopped before the work was done; what it had acknowledged is kept")
}

/// The socket of a server, removed when it ends.
pub struct LocalSocket(PathBuf);

impl Drop for LocalSocket {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Lets other commands ask this process, which has the data directory. On PostgreSQL there is
/// nothing to ask: every process opens the database itself.
pub fn listen(store: &Arc<Store>) -> Result<Option<LocalSocket>> {
    let Location::Directory(folder) = store.location() else { return Ok(None) };
    let path = folder.join("chartroom.sock");
    // The lock on the directory is ours: a socket that stands here is of a process that was killed.
    let _ = fs::remove_file(&path);
    let listener = match UnixListener::bind(&path) {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!(
                "chartroom: no other command can reach this server ({}: {error}); a path of a \
                 socket may have some hundred letters",
                path.display()
            );
            return Ok(None);
        }
    };
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    let store = store.clone();
    std::thread::Builder::new().name("local-socket".into()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let store = store.clone();
            std::thread::spawn(move || answer(&store, stream));
        }
    })?;
    Ok(Some(LocalSocket(path)))
}

fn answer(store: &Store, stream: UnixStream) {
    let Ok(reader) = stream.try_clone() else { return };
    let output = Output::Socket(Mutex::new(stream));
    let mut line = String::new();
    let read = BufReader::new(reader).read_line(&mut line);
    let request = read.map_err(anyhow::Error::from).and_then(|_| {
        serde_json::from_str::<Request>(&line).context("the server does not know this request")
    });
    let code =
        request.and_then(|request| perform(store, &request, &output)).unwrap_or_else(|error| {
            output.aside(&format!("chartroom: {error:#}"));
            1
        });
    output.send(&Frame::Exit(code));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_is_answered_on_the_servers_own_store() {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        let site = Site { data: data.display().to_string(), keys: None };
        let keys = site.keys().expect("keys beside it");
        let context = crate::site::context("test");
        let store = Store::create(&site.location(), &keys, &context).expect("a store");
        let store = Arc::new(store);
        let socket = listen(&store).expect("a socket").expect("a socket");
        let mode = fs::metadata(&socket.0).expect("it stands").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let file = folder.path().join("a.ndjson");
        fs::write(&file, "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n").expect("a file");
        let out = folder.path().join("out");
        let ask = |request: Request| ask(&socket.0, &request).expect("an answer");
        assert_eq!(ask(Request::Import(vec![file.into()])), 0);
        assert_eq!(ask(Request::Imports(None)), 0);
        assert_eq!(ask(Request::Imports(Some(1))), 1, "there is none of this number");
        assert_eq!(ask(Request::Export(out.clone())), 0);
        assert!(fs::read_to_string(out.join("Patient.ndjson")).expect("written").contains("\"a\""));
        assert_eq!(ask(Request::Verify(true)), 0);
        assert_eq!(ask(Request::Backup(folder.path().join("backup"))), 0);
        let list = folder.path().join("poa.txt");
        fs::write(&list, "FY 2026 POA Exempt List\nZ79.4\tInsulin\n").expect("a file");
        let cut = folder.path().join("cut.txt");
        fs::write(&cut, "FY 2026 POA Exempt List\nZ79.4\tInsulin\nthe end of\n").expect("a file");
        let how = codes::How::default();
        assert_eq!(ask(Request::Codes(vec![list.clone(), cut], how.clone())), 2);
        let held = |store: &Store| store.look(&context, |view| view.code_set_load_list());
        assert_eq!(held(&store).expect("a list").len(), 0, "all of them or none");
        assert_eq!(ask(Request::Codes(vec![list.clone()], how.clone())), 0);
        let again = Request::Codes(vec![list], how);
        assert_eq!(ask(again.clone()), 0, "held: nothing is done twice");
        assert_eq!(held(&store).expect("a list").len(), 1);
        let load = held(&store).expect("a list")[0].id;
        let withdraw = |reason: &str| ask(Request::CodesWithdraw(load, reason.to_owned()));
        assert_eq!(withdraw("short"), 2, "the reason says nothing");
        assert_eq!(withdraw("the draft of the list"), 0);
        assert_eq!(withdraw("the draft of the list"), 2, "it was withdrawn before");
        assert_eq!(ask(Request::CodesList), 0);
        assert_eq!(ask(again), 0);
        assert_eq!(held(&store).expect("a list").len(), 2, "loaded again");
        let people = || store.look(&context, |view| view.person_list()).expect("a list").len();
        assert_eq!(ask(Request::EmergencyAccount("short".into())), 1, "the reason says nothing");
        assert_eq!(people(), 0);
        let reason = "the directory service is down".to_owned();
        assert_eq!(ask(Request::EmergencyAccount(reason)), 0);
        assert_eq!(people(), 1);
        // The same request without a server's answer: the directory is owned.
        assert_eq!(run(&site, &Request::Verify(false)).expect("an answer"), ExitCode::SUCCESS);
        assert_eq!(ask(Request::Import(vec!["nowhere".into()])), 1);
    }
}
