//! Numbers without batteries: small mathematical tools the other floors stand on.

pub mod stats;
