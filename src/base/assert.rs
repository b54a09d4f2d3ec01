//! `always!` and `never!`: invariants that panic in tests and are logged in release, because a wrong guess
//! must cost one answer, never the process.

/// Evaluates to the condition; when it is false, panics in debug builds and logs to standard error in release.
#[macro_export]
macro_rules! always {
    ($cond:expr $(,)?) => { $crate::always!($cond, "assertion failed: {}", stringify!($cond)) };
    ($cond:expr, $($fmt:tt)+) => {{
        let cond = $cond;
        if !cond {
            if cfg!(debug_assertions) { panic!($($fmt)+) } else { eprintln!("columnist: internal error: {}", format_args!($($fmt)+)) }
        }
        cond
    }};
}

/// States that this place is not reached: panics in debug builds, logs in release and returns `true`.
#[macro_export]
macro_rules! never {
    ($($fmt:tt)+) => { !$crate::always!(false, $($fmt)+) };
}

/// What a panic said.
pub fn panic_message<'a>(info: &'a std::panic::PanicHookInfo<'_>) -> &'a str {
    let payload = info.payload();
    let message = payload.downcast_ref::<&str>().copied();
    message.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
