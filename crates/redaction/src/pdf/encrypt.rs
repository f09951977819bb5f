//! A finished packet, locked with a password: AES-256 (PDF 2.0, ISO 32000-2, 7.6).

use super::write::WriteError;
use lopdf::encryption::crypt_filters::{Aes256CryptFilter, CryptFilter};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, StringFormat};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Locks a packet that was verified. `key` is 32 random bytes of the caller's, used once.
///
/// Fails on an empty user password, since anyone could open the file.
pub fn encrypt(
    packet: &[u8],
    user_password: &str,
    owner_password: &str,
    key: &[u8; 32],
) -> Result<Vec<u8>, WriteError> {
    if user_password.is_empty() {
        return Err(WriteError::Pdf("the password is empty".to_owned()));
    }
    let refused = |error: &dyn std::fmt::Display| WriteError::Pdf(error.to_string());
    let mut document = Document::load_mem(packet).map_err(|error| refused(&error))?;
    let id = record::ContentHash::of(packet).0[..16].to_vec();
    let id = Object::String(id, StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    let filter: Arc<dyn CryptFilter> = Arc::new(Aes256CryptFilter);
    let state = EncryptionState::try_from(EncryptionVersion::V5 {
        encrypt_metadata: true,
        crypt_filters: BTreeMap::from([(b"StdCF".to_vec(), filter)]),
        file_encryption_key: key,
        stream_filter: b"StdCF".to_vec(),
        string_filter: b"StdCF".to_vec(),
        owner_password,
        user_password,
        permissions: Permissions::all(),
    })
    .map_err(|error| refused(&error))?;
    document.encrypt(&state).map_err(|error| refused(&error))?;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|error| refused(&error))?;
    Ok(bytes)
}
