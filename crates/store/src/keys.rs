//! The keys folder, kept outside of the data: the key that wraps unit keys, the key that signs
//! blocks, and the checkpoint of the chain.

use crate::Error;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The keys of one store.
pub struct Keys {
    folder: PathBuf,
    wrapping: UnitKey,
    signing: Ed25519KeyPair,
}

/// The block up to which the chain was last seen whole, kept beside the keys.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Checkpoint {
    /// Number of the block.
    pub block: i64,
    /// Its hash, in hexadecimal digits.
    pub block_hash: String,
}

impl Keys {
    /// Makes a keys folder for a new store.
    ///
    /// # Errors
    /// [`Error::Keys`] when the folder already holds keys: they may be of another store.
    pub fn create(folder: &Path) -> Result<Keys, Error> {
        let failed = |e: std::io::Error| {
            Error::Keys(format!("can't make the keys folder {}: {e}", folder.display()))
        };
        fs::create_dir_all(folder).map_err(failed)?;
        restrict(folder).map_err(failed)?;
        if folder.join("wrapping.key").exists() {
            return Err(Error::Keys(format!(
                "{} already holds keys of another store; name another folder with --keys",
                folder.display()
            )));
        }
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
            .map_err(|_| Error::Keys("the system gave no randomness".into()))?;
        write_new(&folder.join("wrapping.key"), &random::<32>()?).map_err(failed)?;
        write_new(&folder.join("signing.key"), pair.as_ref()).map_err(failed)?;
        Keys::open(folder)
    }

    /// Opens the keys folder of a store.
    ///
    /// # Errors
    /// [`Error::Keys`] when a key is missing or unreadable.
    pub fn open(folder: &Path) -> Result<Keys, Error> {
        let read = |name: &str| {
            fs::read(folder.join(name)).map_err(|e| {
                Error::Keys(format!(
                    "can't read {name} in the keys folder {}: {e}. The store can't be opened \
                     without its keys; give their folder with --keys",
                    folder.display()
                ))
            })
        };
        let damaged = |name: &str| Error::Keys(format!("{name} is damaged"));
        let wrapping = read("wrapping.key")?;
        let signing = Ed25519KeyPair::from_pkcs8(&read("signing.key")?)
            .map_err(|_| damaged("signing.key"))?;
        let wrapping = UnitKey::new(&wrapping).ok_or_else(|| damaged("wrapping.key"))?;
        Ok(Keys { folder: folder.to_owned(), wrapping, signing })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Signs the hash of a block.
    pub fn sign(&self, block_hash: &[u8]) -> Vec<u8> {
        self.signing.sign(block_hash).as_ref().to_vec()
    }

    /// Whether the signature over this hash is ours.
    pub fn signature_holds(&self, block_hash: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ring::signature::ED25519, self.signing.public_key().as_ref())
            .verify(block_hash, signature)
            .is_ok()
    }

    /// A new key for a destruction unit, and the form in which it may be stored.
    pub fn new_unit_key(&self, unit: i64) -> Result<(UnitKey, Vec<u8>), Error> {
        let bytes = random::<32>()?;
        let key = UnitKey::new(&bytes).expect("thirty-two bytes are a key");
        Ok((key, self.wrapping.encrypt(&bytes, &unit_context(unit))?))
    }

    /// Unwraps the stored key of a unit.
    pub fn unwrap_unit_key(&self, unit: i64, wrapped: &[u8]) -> Result<UnitKey, Error> {
        let bytes = self.wrapping.decrypt(wrapped, &unit_context(unit)).map_err(|_| {
            Error::Corrupt(format!("the key of unit {unit} can't be unwrapped with these keys"))
        })?;
        UnitKey::new(&bytes).ok_or_else(|| Error::Corrupt(format!("key of unit {unit} is cut")))
    }

    /// Encrypts a small secret of the site, such as a second factor.
    pub fn seal_secret(&self, secret: &[u8], purpose: &str) -> Result<Vec<u8>, Error> {
        self.wrapping.encrypt(secret, purpose.as_bytes())
    }

    /// Opens what [`Keys::seal_secret`] made.
    pub fn open_secret(&self, sealed: &[u8], purpose: &str) -> Result<Vec<u8>, Error> {
        self.wrapping.decrypt(sealed, purpose.as_bytes())
    }

    /// The kept checkpoint, if there is one yet.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>, Error> {
        match fs::read(self.folder.join("checkpoint.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| Error::Keys("checkpoint.json in the keys folder is damaged".into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a new checkpoint, by a whole new file.
    pub fn keep_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), Error> {
        let text = serde_json::to_vec(checkpoint).expect("a checkpoint is plain data");
        let name = self.folder.join("checkpoint.json.new");
        let mut file = fs::File::create(&name)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&name, self.folder.join("checkpoint.json"))?;
        Ok(())
    }
}

impl Keys {
    /// Notes that a unit is destroyed, synced, before anything of it is gone.
    pub(crate) fn note_destroyed(&self, unit: i64) -> Result<(), Error> {
        if self.destroyed_units()?.contains(&unit) {
            return Ok(());
        }
        let path = self.folder.join(DESTROYED);
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        writeln!(file, "{unit}")?;
        file.sync_all()?;
        fs::File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Units destroyed in any copy of this store: putting an older one back destroys them again.
    pub fn destroyed_units(&self) -> Result<Vec<i64>, Error> {
        match fs::read_to_string(self.folder.join(DESTROYED)) {
            Ok(text) => Ok(text.lines().filter_map(|line| line.parse().ok()).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The log of destroyed units, a number a line.
const DESTROYED: &str = "destroyed.log";

fn unit_context(unit: i64) -> Vec<u8> {
    format!("unit:{unit}").into_bytes()
}

/// A symmetric key: of a destruction unit, or the one that wraps those.
pub struct UnitKey(LessSafeKey);

impl UnitKey {
    fn new(bytes: &[u8]) -> Option<UnitKey> {
        UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new).map(UnitKey)
    }

    /// AES-256-GCM under a random nonce, bound to where it is stored. Nonce, then ciphertext.
    pub fn encrypt(&self, plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = random::<NONCE_LEN>()?;
        let mut out = Vec::with_capacity(NONCE_LEN + plain.len() + 16);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut out[NONCE_LEN..],
            )
            .map_err(|_| Error::Database("a body is too large to encrypt".into()))?;
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    /// Opens what [`UnitKey::encrypt`] made in the same place.
    pub fn decrypt(&self, sealed: &[u8], context: &[u8]) -> Result<Vec<u8>, Error> {
        let damaged = || Error::Corrupt("an encrypted body does not open".into());
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut body = body.to_vec();
        let length = self
            .0
            .open_in_place(nonce, Aad::from(context), &mut body)
            .map_err(|_| damaged())?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

/// So many random bytes of the system.
pub fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::Database("the system gave no randomness".into()))?;
    Ok(bytes)
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder for records, which only the account of the program may enter: rows of the
/// database and exports are readable. An empty folder that stands is restricted too; one that is
/// not empty is left as it is.
pub fn folder_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    match fs::read_dir(folder)?.next() {
        None => restrict(folder),
        Some(_) => Ok(()),
    }
}

#[cfg(unix)]
fn restrict(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_closed_to_others_and_a_full_one_is_left() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (new, full) = (folder.path().join("a/new"), folder.path().join("full"));
        folder_private(&new).unwrap();
        assert_eq!(mode(&new), 0o700);
        fs::create_dir(&full).unwrap();
        fs::set_permissions(&full, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(full.join("file"), "x").unwrap();
        folder_private(&full).unwrap();
        assert_eq!(mode(&full), 0o755);
    }

    #[test]
    fn a_body_opens_only_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(folder.path()).unwrap();
        let (key, wrapped) = keys.new_unit_key(4).unwrap();
        let sealed = key.encrypt(b"note", b"here").unwrap();
        assert_eq!(key.decrypt(&sealed, b"here").unwrap(), b"note");
        assert!(key.decrypt(&sealed, b"there").is_err());
        let same = keys.unwrap_unit_key(4, &wrapped).unwrap();
        assert_eq!(same.decrypt(&sealed, b"here").unwrap(), b"note");
        assert!(keys.unwrap_unit_key(5, &wrapped).is_err());
    }
}
