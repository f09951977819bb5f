//! Forms that change something: the fields, once the token against forged requests holds.

use super::{Clerk, Failure, Site};
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;

/// The fields of a posted form, in a clerk whose token the form carries.
pub struct Posted {
    /// The clerk.
    pub clerk: Clerk,
    fields: Vec<(String, String)>,
}

impl Posted {
    /// The trimmed text of a field; empty where it is not given.
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// The field as it was typed, for passwords and notes.
    pub fn exact(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The text of a field, if it is not empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a field that may be chosen more than once.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.fields.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    /// The number in a field.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// All fields but the token, to show a form again as it was filled.
    pub fn fields(&self) -> HashMap<String, String> {
        self.fields.iter().filter(|(name, _)| name != "csrf").cloned().collect()
    }
}

impl FromRequest<Site> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Posted, Response> {
        let (mut parts, body) = request.into_parts();
        let clerk = Clerk::from_request_parts(&mut parts, site).await?;
        let header = parts.headers.get("x-csrf").and_then(|v| v.to_str().ok().map(str::to_owned));
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, site)
            .await
            .map_err(IntoResponse::into_response)?;
        let posted = Posted { clerk, fields };
        let token = header.as_deref().unwrap_or(posted.text("csrf"));
        if !posted.clerk.token_holds(token) {
            let error = app::Error::Refused(
                "This form is from an older sign-in. Go back, load the page again, and send it \
                 once more; what you typed is kept as a draft."
                    .into(),
            );
            return Err(Failure::new(error, &posted.clerk.shell).into_response());
        }
        Ok(posted)
    }
}
