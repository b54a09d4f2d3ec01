//! The fields of `interval day to second` and the like, as its type modifier holds them (`INTERVAL_MASK` of timestamp.h).

pub const MONTH: i32 = 1 << 1;
pub const YEAR: i32 = 1 << 2;
pub const DAY: i32 = 1 << 3;
pub const HOUR: i32 = 1 << 10;
pub const MINUTE: i32 = 1 << 11;
pub const SECOND: i32 = 1 << 12;

/// No fields are named.
pub const FULL_RANGE: i32 = 0x7fff;
/// No precision is named.
pub const FULL_PRECISION: i32 = 0xffff;
