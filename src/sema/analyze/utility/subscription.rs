//! CREATE and ALTER SUBSCRIPTION (`parse_subscription_options`).

use crate::sema::code;
use crate::sql::hir::{CommandOption, OptionValue, SubscriptionChange, SubscriptionClauses};

use super::super::binder::Binder;
use super::{find, flag, readable, text};

/// What libpq takes in a connection string.
const CONNECTION: &str = "service servicefile user password passfile connect_timeout dbname host hostaddr port \
    client_encoding options application_name fallback_application_name keepalives keepalives_idle keepalives_interval \
    keepalives_count tcp_user_timeout sslmode sslnegotiation sslcompression sslcert sslkey sslcertmode sslpassword \
    sslrootcert sslcrl sslcrldir sslsni requirepeer require_auth min_protocol_version max_protocol_version \
    ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib gssdelegation replication \
    target_session_attrs load_balance_hosts channel_binding scram_client_key scram_server_key oauth_issuer \
    oauth_client_id oauth_client_secret oauth_scope sslkeylogfile authtype tty";

impl Binder<'_> {
    /// The options, the connection string and the publications (`check_duplicates_in_publist`).
    pub fn subscription(&mut self, clauses: &SubscriptionClauses) {
        if !readable(&clauses.options) || self.subscription_options(clauses).is_err() {
            return;
        }
        if let Some((text, at)) = &clauses.connection
            && let Some(what) = connection(text)
        {
            let message = format!("invalid connection string syntax: {what}\n");
            self.report(code::SYNTAX_ERROR, *at, message);
            return;
        }
        let listed = &clauses.publications;
        let twice = listed.iter().enumerate().find(|(idx, it)| {
            !it.ident.is_dynamic() && listed.iter().take(*idx).any(|other| other.ident == it.ident)
        });
        if let Some((_, name)) = twice {
            let message = format!("publication name \"{}\" used more than once", name.ident);
            self.report(code::DUPLICATE_OBJECT, name.range, message);
        }
    }

    fn subscription_options(&mut self, clauses: &SubscriptionClauses) -> Result<(), ()> {
        let options = clauses.options.as_slice();
        for (idx, option) in options.iter().enumerate() {
            if !is_supported(clauses.what, option.name.ident.as_str()) {
                let message = format!("unrecognized subscription parameter: \"{}\"", option.name.ident);
                return self.wrong_option(code::SYNTAX_ERROR, option, message);
            }
            if self.option_twice(options, idx) {
                return Err(());
            }
            self.subscription_option(option)?;
        }
        if clauses.what != SubscriptionChange::Create {
            return Ok(());
        }
        let given = |name: &str| find(options, name);
        let is = |name: &str| given(name).map(|it| flag(it.value.as_ref()) == Some(true));
        let connects = is("connect") != Some(false);
        if !connects {
            for name in ["enabled", "create_slot", "copy_data"] {
                if is(name) == Some(true)
                    && let Some(option) = given(name)
                {
                    let message = format!("connect = false and {name} = true are mutually exclusive options");
                    return self.wrong_option(code::SYNTAX_ERROR, option, message);
                }
            }
        }
        let nameless =
            given("slot_name").filter(|it| it.value.as_ref().and_then(text).as_deref() == Some("none"));
        let Some(slot) = nameless else { return Ok(()) };
        for name in ["enabled", "create_slot"] {
            let message = match is(name) {
                Some(true) => format!("slot_name = NONE and {name} = true are mutually exclusive options"),
                None if connects => {
                    format!("subscription with slot_name = NONE must also set {name} = false")
                }
                _ => continue,
            };
            return self.wrong_option(code::SYNTAX_ERROR, slot, message);
        }
        Ok(())
    }

    fn subscription_option(&mut self, option: &CommandOption) -> Result<(), ()> {
        let value = option.value.as_ref().and_then(text);
        let shown = value.as_deref().unwrap_or("");
        match option.name.ident.as_str() {
            "slot_name" => {
                let message = if shown == "none" || value.is_none() {
                    return Ok(());
                } else if shown.is_empty() {
                    "replication slot name \"\" is too short".to_owned()
                } else if shown.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
                    return Ok(());
                } else {
                    format!("replication slot name \"{shown}\" contains invalid character")
                };
                self.wrong_option(code::INVALID_NAME, option, message)
            }
            "streaming" => {
                let known = matches!(&option.value, Some(OptionValue::Text(it)) if it.eq_ignore_ascii_case("parallel"));
                if known || flag(option.value.as_ref()).is_some() {
                    return Ok(());
                }
                let message = "streaming requires a Boolean value or \"parallel\"".to_owned();
                self.wrong_option(code::SYNTAX_ERROR, option, message)
            }
            "origin" => {
                let known = ["none", "any"].iter().any(|it| shown.eq_ignore_ascii_case(it));
                if known || value.is_none() {
                    return Ok(());
                }
                let message = format!("unrecognized origin value: \"{shown}\"");
                self.wrong_option(code::INVALID_PARAMETER_VALUE, option, message)
            }
            "synchronous_commit" => {
                let known = [
                    "local",
                    "remote_write",
                    "remote_apply",
                    "on",
                    "off",
                    "true",
                    "false",
                    "yes",
                    "no",
                    "1",
                    "0",
                ];
                if value.is_none() || known.iter().any(|it| shown.eq_ignore_ascii_case(it)) {
                    return Ok(());
                }
                let message = format!("invalid value for parameter \"synchronous_commit\": \"{shown}\"");
                self.wrong_option(code::INVALID_PARAMETER_VALUE, option, message)
            }
            "lsn" => Ok(()),
            _ => self.option_flag(option).map(|_| ()),
        }
    }
}

/// The options that `CreateSubscription` and `AlterSubscription` ask for.
fn is_supported(what: SubscriptionChange, name: &str) -> bool {
    let both = "slot_name synchronous_commit binary streaming two_phase disable_on_error password_required \
        run_as_owner failover origin";
    let among = |list: &str| list.split_ascii_whitespace().any(|it| it == name);
    match what {
        SubscriptionChange::Create => among(both) || among("connect enabled create_slot copy_data"),
        SubscriptionChange::Options => among(both),
        SubscriptionChange::SetPublication | SubscriptionChange::AddPublication => among("copy_data refresh"),
        SubscriptionChange::DropPublication => name == "refresh",
        SubscriptionChange::Refresh => name == "copy_data",
        SubscriptionChange::Skip => name == "lsn",
        SubscriptionChange::Connection => false,
    }
}

/// What libpq says of a connection string (`conninfo_parse`); URIs are left alone.
fn connection(text: &str) -> Option<String> {
    if text.starts_with("postgresql://") || text.starts_with("postgres://") {
        return None;
    }
    let plain = |it: char| !matches!(it, '\'' | '\\') && it != crate::sql::ident::DYNAMIC_MARK;
    if !text.chars().all(plain) {
        return None;
    }
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|it: char| it == '=' || it.is_ascii_whitespace()).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            return Some(format!("missing \"=\" after \"{name}\" in connection info string"));
        };
        if !CONNECTION.split_ascii_whitespace().any(|it| it == name) {
            return Some(format!("invalid connection option \"{name}\""));
        }
        let value = value.trim_start();
        let end = value.find(|it: char| it.is_ascii_whitespace()).unwrap_or(value.len());
        rest = value.split_at(end).1.trim_start();
    }
    None
}
